import { expect, test } from 'vitest';
import { nameEncoding, nameType } from './header-words.ts';

test('of a header only what is known is passed on, never its text', () => {
  expect(nameType('Text/HTML; charset=utf-8')).toBe('text/html');
  expect(nameType(undefined)).toBe('no content type');
  expect(nameEncoding(' GZIP ')).toBe('gzip');
  const secret = 'eyJhbGciOi.anna@example.com';
  for (const header of [secret, `text/${secret}`, `text/html-${secret}`, `text/html; boundary=${secret}`]) {
    expect(nameType(header)).not.toContain('anna');
    expect(nameEncoding(header)).toBe('unknown');
  }
});
