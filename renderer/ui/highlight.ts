import { foldText } from '../../protocol/text.ts';

export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

const WORD = /[\p{L}\p{N}]+/gu;

/** How much of `word` (as written) is found by one of `words` (folded), in UTF-16 units; 0 for nothing. */
function hitLength(word: string, words: readonly string[]): number {
  const folded = foldText(word);
  let longest = 0;
  for (const wanted of words) {
    // Where folding changes the length (İ, ß), the whole word is marked rather than a wrong part of it.
    if (folded.startsWith(wanted))
      longest = Math.max(longest, folded.length === word.length ? wanted.length : word.length);
  }
  return longest;
}

/** `text` in pieces: the beginnings of words that were searched for, and what stands between them. */
export function highlight(text: string, words: readonly string[]): readonly Piece[] {
  if (words.length === 0) return [{ text, hit: false }];
  const whole = text.normalize('NFC');
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of whole.matchAll(WORD)) {
    const length = hitLength(match[0], words);
    if (length === 0) continue;
    if (match.index > from) pieces.push({ text: whole.slice(from, match.index), hit: false });
    from = match.index + length;
    pieces.push({ text: whole.slice(match.index, from), hit: true });
  }
  if (from < whole.length) pieces.push({ text: whole.slice(from), hit: false });
  return pieces;
}

/** `text` from a little before its first hit on, so that the hit is seen where there is room for few words. */
export function snippetOf(text: string, words: readonly string[], before = 12): string {
  const whole = text.normalize('NFC');
  for (const match of whole.matchAll(WORD)) {
    if (hitLength(match[0], words) === 0) continue;
    if (match.index <= before) return whole;
    const cut = whole.indexOf(' ', match.index - before);
    return `…${whole.slice(cut < 0 || cut > match.index ? match.index : cut + 1)}`;
  }
  return whole;
}
