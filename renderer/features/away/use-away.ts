import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../state/context.ts';

/** An absence in which something changed, and whose summary the person has not put away; null for none. */
export function useFreshAbsence(): { readonly until: number; readonly changes: number } | null {
  const { receipt, away } = useStores();
  const absence = useStore(receipt, (state) => state.receipt?.absence ?? null);
  const seenUntil = useStore(away, (state) => state.seenUntil);
  return absence && absence.changes > 0 && absence.until > seenUntil ? absence : null;
}

/** Reads the summary now, and again when another absence has ended or what was missing has come. */
export function useAwayRead(): void {
  const { receipt, away } = useStores();
  const absence = useStore(receipt, (state) => state.receipt?.absence ?? null);
  const known = absence === null ? '' : `${absence.until} ${absence.changes} ${absence.missing}`;
  useEffect(() => away.readFor(known), [away, known]);
}
