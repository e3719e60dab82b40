import { MAX_SAVED_VIEWS, type SavedViewChange } from '../../../protocol/filter.ts';
import { requestError, RequestError } from '../../../protocol/failures.ts';
import type { Store } from '../storage/store.ts';

export function saveView(store: Store, accountId: number, view: SavedViewChange): void {
  const { savedId, name, filter, notify, remindDays } = view;
  store.transaction('full', () => {
    if (savedId !== null) {
      const { changes } = store
        .sql(
          `UPDATE saved_view SET name = ?, filter = ?, notify = coalesce(?, notify),
             remind_days = iif(?, remind_days, ?)
           WHERE account_id = ? AND saved_id = ?`,
        )
        .run(
          name,
          JSON.stringify(filter),
          notify ?? null,
          remindDays === undefined ? 1 : 0,
          remindDays ?? null,
          accountId,
          savedId,
        );
      if (changes === 0) throw requestError('viewGone');
      return;
    }
    const { saved, last } = store
      .sql('SELECT count(*) AS saved, coalesce(max(ordinal), 0) AS last FROM saved_view WHERE account_id = ?')
      .get(accountId) as { saved: number; last: number };
    if (saved >= MAX_SAVED_VIEWS)
      throw new RequestError({ code: 'viewsFull', params: { most: MAX_SAVED_VIEWS }, detail: '' });
    store
      .sql(
        `INSERT INTO saved_view (account_id, ordinal, name, filter, notify, remind_days)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(accountId, last + 1, name, JSON.stringify(filter), notify ?? 'usual', remindDays ?? null);
  });
}

export function removeView(store: Store, accountId: number, savedId: number): void {
  store.transaction('full', () => {
    store.sql('DELETE FROM saved_view WHERE account_id = ? AND saved_id = ?').run(accountId, savedId);
  });
}

/** Unknown ids are passed over; those not named keep their order at the end. */
export function orderViews(store: Store, accountId: number, savedIds: readonly number[]): void {
  store.transaction('full', () => {
    const rows = store
      .sql('SELECT saved_id AS id FROM saved_view WHERE account_id = ? ORDER BY ordinal, saved_id')
      .all(accountId) as { id: number }[];
    const known = rows.map((row) => row.id);
    const named = [...new Set(savedIds)].filter((id) => known.includes(id));
    const ordered = [...named, ...known.filter((id) => !named.includes(id))];
    for (const [ordinal, id] of ordered.entries()) {
      store.sql('UPDATE saved_view SET ordinal = ? WHERE saved_id = ?').run(ordinal + 1, id);
    }
  });
}
