import { expect, test } from 'vitest';
import { VERDICTS } from '../check-server/code-words.ts';
import { CATALOG } from '../../protocol/findings.ts';
import { MEANINGS } from '../check-server/meanings.ts';
import { en } from '../../renderer/i18n/en.ts';

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

test('what check-server says that the window says, the window says word for word', () => {
  const window = textsOf(en);
  const sentences = [...Object.values(VERDICTS), ...Object.values(MEANINGS)].flatMap((text) => text ?? []);
  const quotes = sentences.flatMap((text) =>
    [...text.matchAll(/“([^”]+)”/g)].map(([, quote]) => quote ?? ''),
  );
  expect(quotes.length).toBeGreaterThan(8);
  expect(quotes.filter((quote) => !window.some((text) => text.includes(quote)))).toEqual([]);
});

test('whatever is not as it should be means something for the person', () => {
  const codes = Object.keys(CATALOG) as (keyof typeof CATALOG)[];
  expect(codes.filter((code) => CATALOG[code][1] !== 'ok' && MEANINGS[code] === null)).toEqual([]);
});
