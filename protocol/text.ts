/** Letters that Unicode takes for letters of their own, and people type as these. */
const TYPED_AS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ς: 'σ',
  ё: 'е',
};
const OWN_LETTERS = new RegExp(`[${Object.keys(TYPED_AS).join('')}]`, 'gu');
/** A breve on a Cyrillic и makes another letter of it; an accent on a Latin e does not. */
const ACCENTS = /(?<=[\p{Script=Latin}\p{Script=Greek}])[\u0300-\u036F]+/gu;
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu;
// oxlint-disable-next-line no-control-regex -- ASCII, all of it
const ASCII = /^[\0-\x7F]*$/;

/**
 * Text as it is compared in search, sorted and highlighted: as people type it. Lower case, without accents (`cafe`), other forms of
 * one letter (full width, ligatures) and characters that nobody sees; `ß` is `ss`, `ё` is `е`.
 */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(INVISIBLE, '')
    .replaceAll(ACCENTS, '')
    .normalize('NFC')
    .replaceAll(OWN_LETTERS, (letter) => TYPED_AS[letter] ?? letter);
}

/** The words of what a person typed into the search, folded; a word finds every word that begins with it. */
export function wordsOf(text: string): readonly string[] {
  return foldText(text)
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
}

/** A number is also found by its last digits, so many of them at least. */
const DIGITS = 3;
/** Longer ones are found by their first digits only: each further start is one more word in the index. */
const MAX_DIGITS = 40;
const NUMBER = /^\d+$/;

/** Where in a word, folded, what is typed may begin: at its start; in a number of at most 40 digits also at its first digit but 0, and at each that leaves three. */
export function startsIn(word: string): readonly number[] {
  if (word.length > MAX_DIGITS || !NUMBER.test(word)) return [0];
  const starts = [0];
  const value = word.search(/[1-9]/);
  for (let at = 1; at < word.length; at++) if (at === value || at <= word.length - DIGITS) starts.push(at);
  return starts;
}

/** The words of a text, folded, as they are found: `0117` also by `117`. */
export function foundWordsOf(text: string): readonly string[] {
  return wordsOf(text).flatMap((word) => startsIn(word).map((at) => word.slice(at)));
}

/** The sign that something is left out. */
const CUT = '…';

/** The text's beginning, at most so many UTF-16 units with the sign that something is left out. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.slice(0, most - CUT.length);
  // Not in the middle of a character outside the basic plane.
  return (/[\uD800-\uDBFF]$/.test(end) ? end.slice(0, -1) : end).trimEnd() + CUT;
}
