import { expect, it } from 'vitest';
import { createSseParser } from '../../electron/stream/sse-parser.ts';
import { dataOf, eventId, eventsPerLap, makeEvent, makeLap, type Shape } from './wire.ts';

/** The bodies of HTTP/1.1 chunks. */
function unchunk(bytes: Buffer): Buffer[] {
  const bodies: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    bodies.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return bodies;
}

const shapes: readonly Shape[] = [
  { eventBytes: 200, mode: 'batched' },
  { eventBytes: 200, mode: 'each' },
  { eventBytes: 2000, mode: 'batched' },
];

it.each(shapes)('a lap of $eventBytes bytes, $mode, is whole events of exactly that size', (shape) => {
  const bodies = unchunk(Buffer.concat(makeLap(shape)));
  const total = eventsPerLap(shape);
  expect(bodies.length === total).toBe(shape.mode === 'each');
  const body = Buffer.concat(bodies);
  expect(body.length).toBe(total * shape.eventBytes);
  const items = createSseParser({ maxEventBytes: 1 << 20 }).feed(body);
  expect(items).toHaveLength(total);
  expect(items[4]).toMatchObject({ id: eventId(5), data: dataOf(5, shape.eventBytes) });
  expect(() => JSON.parse(dataOf(5, shape.eventBytes))).not.toThrow();
});

it('refuses an event too small for its fields', () => {
  expect(() => makeEvent(1, 60)).toThrow(RangeError);
});
