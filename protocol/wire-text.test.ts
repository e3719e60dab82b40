import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { contractName, harmless, inSentence, isBlank } from './wire-text.ts';

/** Any text, with the characters that do harm more often than by chance. */
const wireText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u202E', '\u2069', '\u2066', '\u200F', '\u0000', '\u001B[31m', '\u009B', 'א', '\n'),
    ),
  )
  .map((parts) => parts.join(''));

it('carries nothing out that acts on what stands around it', () => {
  fc.assert(
    fc.property(wireText, (text) => {
      expect(harmless(text)).not.toMatch(/[\u202A-\u202E\u2066-\u2069]|(?![\n\r\t])\p{Cc}/u);
    }),
  );
});

it('within a sentence it is one line, and what it opens it closes', () => {
  fc.assert(
    fc.property(wireText, (text) => {
      const said = inSentence(text);
      expect(said).not.toMatch(/[\n\r\t]/);
      expect(said.match(/[\u202A-\u202E\u2066\u2067]/gu)).toBeNull();
      const marks = said.match(/[\u2068\u2069]/gu)?.join('') ?? '';
      expect(['', '\u2068\u2069']).toContain(marks);
    }),
  );
});

it('leaves ordinary words as they are', () => {
  for (const text of ['Norden Stahl AG', 'ООО «Ромашка»', '東京商事', 'Café'])
    expect(inSentence(text)).toBe(text);
  expect(harmless('one\ntwo\tthree')).toBe('one\ntwo\tthree');
  expect(inSentence('שלום')).toBe('\u2068שלום\u2069');
  expect(inSentence('\u202Ecod.exe')).toBe('cod.exe');
});

it('knows what nobody can see', () => {
  for (const text of ['', '  ', '\u200B', '\u00AD\u2060', '\u202E', '\uFEFF\n', '\u3164'])
    expect(isBlank(text), JSON.stringify(text)).toBe(true);
  for (const text of ['a', '—', '東', '🖋', ' \u200Bx']) expect(isBlank(text)).toBe(false);
});

it('calls a contract by its number where its title is not seen', () => {
  expect(contractName({ title: 'Lease', contractId: 'C-1' })).toBe('Lease');
  for (const title of ['', '  ', '\u200B']) expect(contractName({ title, contractId: 'C-1' })).toBe('C-1');
});
