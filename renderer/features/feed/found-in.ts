import { foundWordsOf } from '../../../protocol/text.ts';
import type { ContractRow } from '../../../protocol/view.ts';

/** What the search found in a contract but its row does not show: an earlier reason, or the present one. */
export function foundIn(row: ContractRow, words: readonly string[]): string | null {
  if (words.length === 0) return null;
  if (row.found !== null) return row.found;
  const shown = foundWordsOf(
    `${row.title} ${row.contractId} ${row.counterparties.map((party) => party.name).join(' ')}`,
  );
  const begins = (list: readonly string[], word: string): boolean => list.some((it) => it.startsWith(word));
  const missing = words.filter((word) => !begins(shown, word));
  if (missing.length === 0) return null;
  const inReason = foundWordsOf(row.reasonText ?? '');
  return missing.some((word) => begins(inReason, word)) ? row.reasonText : null;
}
