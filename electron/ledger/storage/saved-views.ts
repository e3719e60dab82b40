import * as v from 'valibot';
import { filterSchema, VIEW_RULES, type SavedView } from '../../../protocol/filter.ts';
import type { Store } from './store.ts';

export type StoredView = Omit<SavedView, 'count'>;

/** In the person's order. What another version of the app has saved, and this one cannot read, is left out. */
export function readSavedViews(store: Store, accountId: number): readonly StoredView[] {
  const rows = store
    .sql(
      `SELECT saved_id AS savedId, name, filter, notify FROM saved_view WHERE account_id = ?
       ORDER BY ordinal, saved_id`,
    )
    .all(accountId) as { savedId: number; name: string; filter: string; notify: string }[];
  return rows.flatMap(({ savedId, name, filter: text, notify }) => {
    const parsed = v.safeParse(filterSchema, JSON.parse(text));
    if (!parsed.success) return [];
    const rule = VIEW_RULES.find((each) => each === notify) ?? 'usual';
    return { savedId, name, filter: parsed.output, notify: rule };
  });
}
