/** Text as it is compared in search and highlighted in the window: lower case, `ё` as `е`, one form for each letter. */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('ё', 'е');
}

/** The words of what a person typed into the search, folded; a word finds every word that begins with it. */
export function wordsOf(text: string): readonly string[] {
  return foldText(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
