import { harmlessLine } from '../../protocol/wire-text.ts';

/** How much of a title and of a party's name a toast has room for, letters. */
export const TITLE_LENGTH = 80;
export const PARTY_LENGTH = 60;

/** Marks that only settle their neighbours: a desktop has other neighbours than the window. */
const MARKS = /[\u061C\u200E\u200F]/gu;
const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A text from the server as one line of at most `most` letters, of which nothing steers what lies around it. */
export function plainLine(text: string, most: number): string {
  // Far more than can be shown is not looked at.
  const line = harmlessLine(text.slice(0, most * 20).replaceAll(MARKS, ''));
  const found = Array.from(letters.segment(line), ({ segment }) => segment);
  return found.length <= most
    ? line
    : `${found
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}
