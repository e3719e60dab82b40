import { expect, test } from 'vitest';
import { changesLayout } from './alt-key.ts';

test.each([
  ['Alt after Shift', { type: 'keyDown', key: 'Alt', shift: true }, true],
  ['Alt alone', { type: 'keyDown', key: 'Alt', shift: false }, false],
  ['the release of Alt', { type: 'keyUp', key: 'Alt', shift: true }, false],
  ['Shift', { type: 'keyDown', key: 'Shift', shift: true }, false],
] as const)('%s', (_name, input, is) => {
  expect(changesLayout(input)).toBe(is);
});
