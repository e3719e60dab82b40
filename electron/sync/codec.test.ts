import { expect, test } from 'vitest';
import { createCodec } from './codec.ts';

const codec = createCodec('u42');
const envelope = {
  specversion: '1.0',
  id: 'e7-00000000001',
  source: '/streams/u42',
  type: 'app.contracts.status.changed.v1',
  data: { id: 'inner' },
};
const name = 'u42_ContractStatusChanged';

test('an envelope on a line is the event SSE would have brought', () => {
  const line = JSON.stringify(envelope);
  expect(codec.ndjsonLine(line)).toEqual({ kind: 'event', id: envelope.id, name, data: line });
});

test.each([' a', 'a ', 'a\t', '\ta', 'a\u0000b', 'a\nb', 'x'.repeat(2049)])(
  'an id that no header can carry back is no place to resume from: %j',
  (id) => {
    const line = JSON.stringify({ ...envelope, id });
    expect(codec.ndjsonLine(line)).toEqual({ kind: 'event', id: null, name, data: line });
    const at = '2026-01-01T00:00:00Z';
    const answer = codec.pollAnswer(`{"events":[${line}],"head":null,"at":"${at}"}`);
    expect(answer.items[0]).toMatchObject({ id: null, name, data: line });
  },
);

test('a wrapped control event keeps its name and has no id', () => {
  const line = JSON.stringify({ event: 'u42_StreamHead', data: { head: null, at: '2026-01-01T00:00:00Z' } });
  expect(codec.ndjsonLine(line)).toEqual({
    kind: 'event',
    id: null,
    name: 'u42_StreamHead',
    data: '{"head":null,"at":"2026-01-01T00:00:00Z"}',
  });
  expect(codec.ndjsonLine('{"event":"x"}')).toMatchObject({ name: 'message' });
});

test('another user’s envelope keeps its owner’s name', () => {
  const line = JSON.stringify({ ...envelope, source: '/streams/u7' });
  expect(codec.ndjsonLine(line)).toMatchObject({ name: 'u7_ContractStatusChanged' });
  const foreign = JSON.stringify({ ...envelope, source: 'elsewhere' });
  expect(codec.ndjsonLine(foreign)).toMatchObject({ name });
});

test.each([
  ['Анна К.', '/streams/%D0%90%D0%BD%D0%BD%D0%B0%20%D0%9A.'],
  ['Анна К.', '/streams/Анна К.'],
  ['a%20b', '/streams/a%20b'],
  ['100%', '/streams/100%'],
  ['anna@one.example', '/streams/anna%40one.example'],
])('a source is a URI reference: %s is who %s names', (userId, source) => {
  const of = createCodec(userId);
  const own = `${userId}_ContractStatusChanged`;
  const line = JSON.stringify({ ...envelope, source });
  expect(of.ndjsonLine(line)).toMatchObject({ name: own, data: line });
  const { items } = of.pollAnswer(`{"events":[${line}],"head":null,"at":""}`);
  expect(items[0]).toMatchObject({ name: own, data: line });
  expect(of.ndjsonHead?.(line.slice(0, 150))).toMatchObject({ name: own });
  expect(codec.ndjsonLine(line)).toMatchObject({ name: `${source.slice(9)}_ContractStatusChanged` });
});

test.each(['', 'no json', '[]', '"text"', 'null', '{"half":'])('no JSON object: %j throws', (line) => {
  expect(() => codec.ndjsonLine(line)).toThrow();
});

test('the head of a line over the bound tells id and name', () => {
  const head = JSON.stringify(envelope).slice(0, 130);
  expect(codec.ndjsonHead?.(head)).toEqual({ id: envelope.id, name });
  expect(codec.ndjsonHead?.('{"event":"u42_StreamStale","data":{"id":"x"')).toEqual({
    id: null,
    name: 'u42_StreamStale',
  });
  expect(codec.ndjsonHead?.('xxxx')).toEqual({ id: null, name: 'message' });
  expect(codec.ndjsonHead?.('{"specversion":"1.0","data":{"id":"inner"')).toMatchObject({ id: null, name });
});

test('a poll answer: stale first, then its events, then its head', () => {
  const at = '2026-01-01T00:00:00Z';
  const stale = { asOf: 'e7-00000000009', oldest: 'e7-00000000001' };
  const events = [envelope, { event: 'u42_ContractAcknowledged', data: { a: 1 } }, 'garbage'];
  const answer = codec.pollAnswer(JSON.stringify({ events, head: 'e7-00000000009', at, stale }));
  expect(answer.more).toBe(true);
  expect(answer.items).toEqual([
    { kind: 'event', id: null, name: 'u42_StreamStale', data: JSON.stringify(stale) },
    { kind: 'event', id: envelope.id, name, data: JSON.stringify(envelope) },
    { kind: 'event', id: null, name: 'u42_ContractAcknowledged', data: '{"a":1}' },
    { kind: 'event', id: null, name: 'message', data: '"garbage"' },
    { kind: 'event', id: null, name: 'u42_StreamHead', data: JSON.stringify({ head: 'e7-00000000009', at }) },
  ]);
});

test('there is no more when the last event is the head, or none came', () => {
  const at = '2026-01-01T00:00:00Z';
  const last = codec.pollAnswer(JSON.stringify({ events: [envelope], head: envelope.id, at }));
  expect(last.more).toBe(false);
  const none = codec.pollAnswer(JSON.stringify({ events: [], head: 'e7-00000000009', at }));
  expect(none).toMatchObject({ more: false, items: [{ name: 'u42_StreamHead' }] });
});

test('an answer that was cut short names no head: the events up to it are still to be fetched', () => {
  const at = '2026-01-01T00:00:00Z';
  const cut = codec.pollAnswer(
    JSON.stringify({ events: [envelope], head: 'e7-00000000009', at, more: true }),
  );
  expect(cut).toMatchObject({ more: true, items: [{ id: envelope.id }] });
  const whole = codec.pollAnswer(
    JSON.stringify({ events: [envelope], head: 'e7-00000000009', at, more: false }),
  );
  expect(whole).toMatchObject({ more: false, items: [{ id: envelope.id }, { name: 'u42_StreamHead' }] });
});

test.each(['', '<html>', '[]', '{}', '{"events":{}}'])('no poll answer: %j throws', (json) => {
  expect(() => codec.pollAnswer(json)).toThrow();
});

test('the poll’s address', () => {
  const url = 'https://a.example/p/api/events?tenant=1';
  expect(codec.pollUrl(url, null, 0)).toBe(`${url}&wait=0`);
  expect(codec.pollUrl(url, 'ключ 1', 25)).toBe(`${url}&after=%D0%BA%D0%BB%D1%8E%D1%87+1&wait=25`);
});
