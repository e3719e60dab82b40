// `KEY=… LOG=changes.ndjson PORT=8080 node server.mjs`: Node 20 or later, no packages.
// LOG holds the changes of one user, one JSON object a line, oldest first; line N is event N. In your server this is a table.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { KEY, LOG, PORT = '8080' } = process.env;
const USER = 'u42';
// Another word here, once, if the log is ever lost and counts from 1 again.
const EPOCH = 'e1';
const HEARTBEAT_MS = 15_000;

const idOf = (number) => `${EPOCH}-${String(number).padStart(11, '0')}`;
const head = (log) => (log.length === 0 ? null : idOf(log.length));

function readLog() {
  const text = existsSync(LOG) ? readFileSync(LOG, 'utf8') : '';
  // What stands behind the last line break is still being written.
  return text.split('\n').slice(0, -1).map(JSON.parse);
}

function envelope(change, number) {
  const { contractId: id, title, version, from, to, by, time } = change;
  return {
    specversion: '1.0',
    id: idOf(number),
    source: `/streams/${USER}`,
    type: 'app.contracts.status.changed.v1',
    subject: `contract/${id}`,
    time,
    data: {
      contract: { id, title, version },
      change: { from, to, actor: { id: by, name: by } },
      severity: 'info',
      actionRequired: false,
    },
  };
}

function stream(request, response) {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache',
    'X-Accel-Buffering': 'no',
  });
  const [epoch, sequence] = (request.headers['last-event-id'] ?? '').split('-');
  let sent = epoch === EPOCH ? Number(sequence) : 0;
  let beatAt = 0;

  function send() {
    const log = readLog();
    for (; sent < log.length; sent += 1) {
      const data = JSON.stringify(envelope(log[sent], sent + 1));
      response.write(`id: ${idOf(sent + 1)}\nevent: ${USER}_ContractStatusChanged\ndata: ${data}\n\n`);
    }
    if (Date.now() < beatAt) return;
    beatAt = Date.now() + HEARTBEAT_MS;
    const beat = { head: head(log), at: new Date().toISOString(), heartbeatMs: HEARTBEAT_MS };
    response.write(`: alive\n\nevent: ${USER}_StreamHead\ndata: ${JSON.stringify(beat)}\n\n`);
  }

  send();
  const timer = setInterval(send, 200);
  response.on('close', () => clearInterval(timer));
}

function contracts() {
  const log = readLog();
  const latest = new Map(log.map((change, n) => [change.contractId, envelope(change, n + 1)]));
  const list = [...latest.values()].map((event) => ({
    contract: event.data.contract,
    status: event.data.change.to,
    since: event.time,
    severity: event.data.severity,
    actionRequired: event.data.actionRequired,
    lastEventId: event.id,
    lastEvent: event,
  }));
  return { asOf: head(log), at: new Date().toISOString(), total: list.length, contracts: list, next: null };
}

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const json = (status, body, type = 'application/json') =>
    response.writeHead(status, { 'Content-Type': type }).end(JSON.stringify(body));
  const problem = (status) => json(status, { status }, 'application/problem+json');
  if (request.headers['x-api-key'] !== KEY) return problem(401);
  if (request.method === 'GET' && pathname === '/api/events') return stream(request, response);
  if (request.method === 'GET' && pathname === '/api/contracts') return json(200, contracts());
  return problem(404);
}).listen(Number(PORT), '127.0.0.1');
