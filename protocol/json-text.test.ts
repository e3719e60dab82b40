import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isDeeperThan, listAt, textAt } from './json-text.ts';

const spacing = fc.constantFrom(undefined, 1, '\t', '\n \r');

it('gives the text of each element and member, letter by letter, of whatever JSON', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), fc.string(), spacing, (list, other, key, space) => {
      fc.pre(key !== 'list');
      const json = ` ${JSON.stringify({ [key]: other, list, last: other }, null, space)} `;
      const texts = listAt(json, 'list');
      expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(JSON.parse(JSON.stringify(list)));
      for (const text of texts) expect(json).toContain(text);
      expect(JSON.parse(textAt(json, [key]) ?? '')).toEqual(JSON.parse(JSON.stringify(other)));
    }),
    { numRuns: 500 },
  );
});

it('keeps forms of numbers, repeated keys, spacing and escapes', () => {
  const odd = '{ "n" : 1.0,"n":1E+2 , "s":"\\u0041\\"]}," }';
  const json = `{"list":[1] ,"li\\u0073t" : [ ${odd}\n, -0.0,"\\\\"],"x":{"y":{"y":7.50}}}`;
  expect(listAt(json, 'list')).toEqual([odd, '-0.0', '"\\\\"']);
  expect(textAt(json, ['x', 'y', 'y'])).toBe('7.50');
  expect(textAt(json, ['x', 'list'])).toBeNull();
  expect(listAt('{"list":{}}', 'list')).toEqual([]);
  expect(listAt('[1]', 'list')).toEqual([]);
});

it('knows how deep a text nests, brackets within strings left out, at once however deep it is', () => {
  expect(isDeeperThan('[[{"a":"[[[[\\"{{"}]]', 3)).toBe(false);
  expect(isDeeperThan('[[{"a":[]}]]', 3)).toBe(true);
  expect(isDeeperThan('"no end', 0)).toBe(false);
  // Five million characters: what took a time of their square would not be done within the test's limit.
  expect(isDeeperThan('['.repeat(5_000_000), 500)).toBe(true);
  expect(isDeeperThan(`"${'['.repeat(5_000_000)}`, 500)).toBe(false);
});
