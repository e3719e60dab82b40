import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { excessOf, listAt, textAt } from './json-text.ts';

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

it('knows what is too much of a text, brackets and commas within strings left out, at once however much it is', () => {
  expect(excessOf('[[{"a":"[[[[\\"{{,,,,"}]]', { levels: 3, values: 4 })).toBeNull();
  expect(excessOf('[[{"a":[]}]]', { levels: 3, values: 9 })).toBe('JSON of more than 3 levels');
  expect(excessOf('[[{"a":[]}]]', { levels: 4, values: 4 })).toBeNull();
  expect(excessOf('[1,2,3]', { levels: 4, values: 2 })).toBe('JSON of more than 2 values');
  expect(excessOf('"no end', { levels: 0, values: 0 })).toBeNull();
  // Five million characters: what took a time of their square would not be done within the test's limit.
  expect(excessOf('['.repeat(5_000_000))).toMatch(/levels/);
  expect(excessOf(`"${'['.repeat(5_000_000)}`)).toBeNull();
  expect(excessOf(`[${'0,'.repeat(2_500_000)}`)).toMatch(/values/);
});
