import { expect, it } from 'vitest';
import { replaceQuote } from './quote.ts';

const README = 'before\n<!-- quote a -->\nold\n<!-- end a -->\nafter\n';

it('replaces what stands between the marks, again and again', () => {
  const once = replaceQuote(README, 'a', 'new');
  expect(once).toBe('before\n<!-- quote a -->\n\nnew\n<!-- end a -->\nafter\n');
  expect(replaceQuote(once, 'a', 'new')).toBe(once);
});

it('says so where there is no place for it', () => {
  expect(() => replaceQuote(README, 'b', 'new', 'README.md')).toThrow('README.md has no place for b');
});
