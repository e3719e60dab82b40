import { createServer } from 'node:http';
import { createChannel, createSession } from 'better-sse';
import { envelopeOf, EVENT_NAME, listening, LOGIN, readBody } from './desk.mjs';

/** `node better-sse.mjs PORT`: ids are a counter in memory, and so is what it replays. */
const port = Number(process.argv[2]);
const channel = createChannel();
const kept = [];

createServer(async (request, response) => {
  const json = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/api/login' || pathname === '/api/refresh') return json(200, LOGIN);
  if (pathname === '/subscribers') return json(200, channel.sessionCount);
  if (pathname === '/publish') {
    const id = String(kept.length + 1);
    const event = envelopeOf(await readBody(request), id);
    kept.push(event);
    channel.broadcast(event, EVENT_NAME, { eventId: id });
    return json(200, id);
  }
  if (pathname !== '/api/events') return json(404, {});
  const session = await createSession(request, response, { keepAlive: 500, retry: 100 });
  for (const event of kept)
    if (Number(event.id) > Number(session.lastId)) session.push(event, EVENT_NAME, event.id);
  channel.register(session);
}).listen(port, '127.0.0.1', () => listening(port));
