import sse from '@fastify/sse';
import fastify from 'fastify';
import { EVENT_NAME, listening, LOGIN } from './desk.mjs';

/** `node fastify-sse.mjs PORT`: ids are a counter in memory; a Last-Event-ID it does not know gets everything it has, as its guide does. */
const port = Number(process.argv[2]);
const app = fastify();
const kept = [];
const open = new Set();
await app.register(sse, { heartbeatInterval: 500 });

app.post('/api/login', () => LOGIN);
app.post('/api/refresh', () => LOGIN);
app.get('/subscribers', () => open.size);
app.post('/publish', (request) => {
  const id = String(kept.length + 1);
  const message = { id, event: EVENT_NAME, data: { ...request.body, id } };
  kept.push(message);
  for (const reply of open) void reply.sse.send(message);
  return JSON.stringify(id);
});
app.get('/api/events', { sse: { kind: 'only' } }, async (_request, reply) => {
  reply.sse.keepAlive();
  reply.sse.sendHeaders();
  await reply.sse.replay(async (lastEventId) => {
    const at = kept.findIndex(({ id }) => id === lastEventId);
    for (const message of kept.slice(at + 1)) await reply.sse.send(message);
  });
  if (reply.sse.lastEventId === null) for (const message of kept) await reply.sse.send(message);
  open.add(reply);
  reply.sse.onClose(() => open.delete(reply));
});
await app.listen({ port, host: '127.0.0.1' });
listening(port);
