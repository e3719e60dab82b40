import { expect, test } from 'vitest';
import { createFirstLook } from './first-look.ts';

test.each([
  ['shown', 'told'],
  ['told', 'shown'],
] as const)('main may be held up once the window is both %s and %s', async (first, second) => {
  const look = createFirstLook();
  let isOver = false;
  void look.over.then(() => (isOver = true));
  look[first]();
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  look[second]();
  await look.over;
  expect(isOver).toBe(true);
});
