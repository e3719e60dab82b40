import { expect, test } from 'vitest';
import { BLOT, createHider, findSecrets } from './hide-secrets.ts';

test('a secret is hidden as it is, as an address has it and as JSON has it, in values and in names', () => {
  const hider = createHider();
  hider.add('a"b c/d');
  const data = { says: ['it was a"b c/d', 'a%22b%20c%2Fd', 'a\\"b c/d'], 'a"b c/d': 7, count: 3, none: null };
  const hidden = { says: [`it was ${BLOT}`, BLOT, BLOT], [BLOT]: 7, count: 3, none: null };
  expect(hider.within(data)).toEqual(hidden);
});

test('one or two letters are in every word, and hidden nowhere', () => {
  const hider = createHider();
  hider.add('');
  hider.add('ab');
  expect(hider.within('about')).toBe('about');
});

test('in an address, a value whose name says so is a secret', () => {
  expect(findSecrets('https://h/x?topic=all&access_token=t-1&X-Api-Key=k%202#token=3')).toEqual([
    ['access_token', 't-1'],
    ['X-Api-Key', 'k%202'],
  ]);
  expect(findSecrets('https://h/key=1')).toEqual([]);
});
