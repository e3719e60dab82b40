import { highlight } from './highlight.ts';

/** Text with what was searched for marked in it. */
export function Highlighted({ text, words }: { text: string; words: readonly string[] }) {
  if (words.length === 0) return text;
  return highlight(text, words).map((piece, at) =>
    // oxlint-disable-next-line react/no-array-index-key -- pieces have no other name than their place
    piece.hit ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>,
  );
}
