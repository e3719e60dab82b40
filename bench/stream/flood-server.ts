import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../harness/child.ts';
import { makeLap, type Shape } from './wire.ts';

/**
 * Sends events as fast as the reader takes them, from buffers made beforehand, so that it is never what is measured.
 * `GET /?bytes=200&mode=batched` floods until the reader has gone; with `&laps=2` it ends after two laps.
 */

const HEAD = [
  'HTTP/1.1 200 OK',
  'Content-Type: text/event-stream',
  'Cache-Control: no-store',
  'Transfer-Encoding: chunked',
  'Connection: close',
  '\r\n',
].join('\r\n');
const LAST_CHUNK = '0\r\n\r\n';

const laps = new Map<string, readonly Buffer[]>();

function lapOf(shape: Shape): readonly Buffer[] {
  const key = `${shape.eventBytes} ${shape.mode}`;
  const lap = laps.get(key) ?? makeLap(shape);
  laps.set(key, lap);
  return lap;
}

function flood(socket: Socket, url: URL): void {
  const eventBytes = Number(url.searchParams.get('bytes'));
  const lap = lapOf({ eventBytes, mode: url.searchParams.get('mode') === 'each' ? 'each' : 'batched' });
  let rest = lap.length * Number(url.searchParams.get('laps') ?? Infinity);
  let next = 0;
  function write(): void {
    while (rest > 0) {
      rest--;
      const taken = socket.write(lap[next] as Buffer);
      next = (next + 1) % lap.length;
      if (!taken) return;
    }
    socket.end(LAST_CHUNK);
  }
  socket.on('drain', write);
  socket.write(HEAD);
  write();
}

const server = createServer((socket) => {
  let head = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    if (head.includes('\r\n\r\n')) return;
    head += bytes.toString('latin1');
    if (head.includes('\r\n\r\n')) flood(socket, new URL(head.split(' ', 2)[1] ?? '/', 'http://127.0.0.1'));
  });
});

const listening = new Promise<number>((resolve, reject) => {
  server.on('error', reject);
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
});

answerParent(() => listening);
