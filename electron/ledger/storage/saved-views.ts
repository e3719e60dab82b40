import * as v from 'valibot';
import { filterSchema, REMIND_DAYS, VIEW_RULES, type SavedView } from '../../../protocol/filter.ts';
import type { Store } from './store.ts';

export type StoredView = Omit<SavedView, 'count'>;

/** In the person's order. What another version of the app has saved, and this one cannot read, is left out. */
export function readSavedViews(store: Store, accountId: number): readonly StoredView[] {
  const rows = store
    .sql(
      `SELECT saved_id AS savedId, name, filter, notify, remind_days AS remindDays FROM saved_view
       WHERE account_id = ? ORDER BY ordinal, saved_id`,
    )
    .all(accountId) as {
    savedId: number;
    name: string;
    filter: string;
    notify: string;
    remindDays: number | null;
  }[];
  return rows.flatMap(({ savedId, name, filter: text, ...row }) => {
    const parsed = v.safeParse(filterSchema, JSON.parse(text));
    if (!parsed.success) return [];
    const notify = VIEW_RULES.find((rule) => rule === row.notify) ?? 'usual';
    const remindDays = REMIND_DAYS.find((days) => days === row.remindDays) ?? null;
    return { savedId, name, filter: parsed.output, notify, remindDays };
  });
}
