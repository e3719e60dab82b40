import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFixedKey, headersOf, readKey } from './fixed-key.ts';

test('whatever is typed is refused, or a request can carry it', () => {
  const typed = fc.record({
    header: fc.oneof(
      fc.string(),
      fc.constantFrom('X-API-Key', 'Authorization', 'Host', 'Cookie', 'Sec-Fetch-Mode'),
    ),
    value: fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('k1', 'a\nb', 'ключ')),
  });
  fc.assert(
    fc.property(typed, (key) => {
      const read = readKey(key);
      if (read === null) return;
      for (const [name, value] of Object.entries(headersOf(read))) {
        // Both throw where a request could not carry them.
        validateHeaderName(name);
        validateHeaderValue(name, value);
      }
      expect(['host', 'cookie', 'sec-fetch-mode']).not.toContain(read.header);
      expect(readKey(read)).toEqual(read);
    }),
  );
});

test.each([
  [{ header: ' X-API-Key ', value: ' k-1\n' }, { 'x-api-key': 'k-1' }],
  [{ header: 'Authorization', value: 'ready' }, { authorization: 'Bearer ready' }],
  [{ header: 'authorization', value: 'Bearer ready' }, { authorization: 'Bearer ready' }],
])('%j is sent as %j', (typed, sent) => {
  const key = readKey(typed);
  expect(key && headersOf(key)).toEqual(sent);
});

test('nothing carries a key once the session has ended', async () => {
  const keeper = createFixedKey({ header: 'x-api-key', value: 'k-1' });
  expect(await keeper.headers(true)).toEqual({ 'x-api-key': 'k-1' });
  keeper.close();
  expect(await keeper.headers(false)).toBeNull();
  expect(await keeper.access(null)).toBeNull();
});
