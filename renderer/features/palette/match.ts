import { foldText, wordsOf } from '../../../protocol/text.ts';

/**
 * How well `label` answers `query`: 0 for not at all, more is better. Each word of the query must begin a word of the
 * label, or the query without spaces must be found in it letter by letter (`mvr` finds “Mark view read”).
 */
export function score(label: string, query: string): number {
  const wanted = wordsOf(query);
  if (wanted.length === 0) return 1;
  const words = wordsOf(label);
  const places = wanted.map((word) => words.findIndex((it) => it.startsWith(word)));
  if (places.every((place) => place >= 0)) {
    const inOrder = places.every((place, at) => at === 0 || place >= (places[at - 1] ?? 0));
    return 100 - Math.min(40, places[0] ?? 0) + (inOrder ? 10 : 0);
  }
  const initials = words.map((word) => word[0]).join('');
  const bare = wanted.join('');
  if (bare.length > 1 && initials.includes(bare)) return 40;
  return bare.length > 2 && scattered(foldText(label), bare) ? 10 : 0;
}

/** Whether the letters stand in this order, each run of them beginning a word. */
function scattered(text: string, letters: string): boolean {
  let at = 0;
  let taken = -1;
  for (let from = 0; from < text.length && at < letters.length; from += 1) {
    if (text[from] !== letters[at]) continue;
    const begins = from === 0 || !/[\p{L}\p{N}]/u.test(text[from - 1] ?? '');
    if (!begins && taken !== from - 1) continue;
    at += 1;
    taken = from;
  }
  return at === letters.length;
}

/** The best of several names of one thing (a command in both languages). */
export function bestScore(labels: readonly string[], query: string): number {
  return Math.max(0, ...labels.map((label) => score(label, query)));
}
