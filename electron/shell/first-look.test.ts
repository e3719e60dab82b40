import { expect, test } from 'vitest';
import { asksNobody, createFirstLook } from './first-look.ts';

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

test.each([
  ['linux', 'basic_text', true],
  ['linux', 'unknown', true],
  ['linux', 'gnome_libsecret', false],
  ['linux', 'kwallet6', false],
  ['darwin', 'system', false],
  ['win32', 'system', true],
] as const)('on %s the keychain %s answers without asking the person: %s', (platform, backend, expected) => {
  expect(asksNobody(platform, backend)).toBe(expected);
});
