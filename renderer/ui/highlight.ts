import { foldText, startsIn } from '../../protocol/text.ts';

export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

/** With what is written within a word and not seen. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}]*/gu;

interface Hit {
  /** UTF-16 units from the word's beginning. */
  readonly from: number;
  readonly to: number;
}

/** The longest part of `word` (as written) that is found by one of `words` (folded). */
function findHit(word: string, words: readonly string[]): Hit | null {
  const folded = foldText(word);
  let longest: Hit | null = null;
  let most = 0;
  for (const wanted of words) {
    const from = startsIn(folded).find((start) => folded.startsWith(wanted, start));
    if (from === undefined || wanted.length <= most) continue;
    most = wanted.length;
    longest = { from: writtenLength(word, from), to: writtenLength(word, from + wanted.length) };
  }
  return longest;
}

/** How much of a word (as written) is folded to its first `length` units: folding makes one letter of two, and two of one. */
function writtenLength(word: string, length: number): number {
  if (length === 0) return 0;
  let written = 0;
  for (const letter of word) {
    if (foldText(word.slice(0, written)).length >= length) break;
    written += letter.length;
  }
  return written;
}

/** `text` in pieces: the beginnings of words that were searched for, and what stands between them. */
export function highlight(text: string, words: readonly string[]): readonly Piece[] {
  if (words.length === 0) return [{ text, hit: false }];
  const whole = text.normalize('NFC');
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of whole.matchAll(WORD)) {
    const hit = findHit(match[0], words);
    if (hit === null) continue;
    const start = match.index + hit.from;
    if (start > from) pieces.push({ text: whole.slice(from, start), hit: false });
    from = match.index + hit.to;
    pieces.push({ text: whole.slice(start, from), hit: true });
  }
  if (from < whole.length) pieces.push({ text: whole.slice(from), hit: false });
  return pieces;
}

/** `text` from a little before its first hit on, so that the hit is seen where there is room for few words. */
export function snippetOf(text: string, words: readonly string[], before = 12): string {
  const whole = text.normalize('NFC');
  for (const match of whole.matchAll(WORD)) {
    if (findHit(match[0], words) === null) continue;
    if (match.index <= before) return whole;
    const cut = whole.indexOf(' ', match.index - before);
    return `…${whole.slice(cut < 0 || cut > match.index ? match.index : cut + 1)}`;
  }
  return whole;
}
