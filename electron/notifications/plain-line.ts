/** Control characters and line ends: a desktop may obey them. */
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
/** Marks that turn the direction of what follows, also beyond the text they came with. */
const DIRECTIONS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A text from the server as one line of at most `most` letters, of which nothing steers what lies around it. */
export function plainLine(text: string, most: number): string {
  // Far more than can be shown is not looked at.
  const line = text
    .slice(0, most * 20)
    .replaceAll(CONTROLS, ' ')
    .replaceAll(DIRECTIONS, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const found = Array.from(letters.segment(line), ({ segment }) => segment);
  return found.length <= most
    ? line
    : `${found
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}
