import type { Facets, SavedView, ViewRule } from '../../../protocol/filter.ts';
import type { ViewFilter, ViewRange } from '../../../protocol/view.ts';
import { takeDueReminders } from './due-reminders.ts';
import { readFacets } from './facets.ts';
import { freezeView, noteDifferences, type FrozenView } from './frozen-view.ts';
import { openLists, type Lists } from './lists.ts';
import type { ColumnIndex } from './column-index.ts';
import { readRows } from './row-reader.ts';
import type { FreshEvent } from '../ingest.ts';
import { readSavedViews } from '../storage/saved-views.ts';
import { openSearchIndex } from '../storage/search-index.ts';
import type { Store, Written } from '../storage/store.ts';
import { LedgerError, type DueReminders, type AskedView, type ViewPage, type ViewUpdate } from '../types.ts';
import { createToldViews, type HowTold } from './told-views.ts';
import { readViewRules, type ViewRules } from './view-rules.ts';

/** Reads views: counts, pages and ids in any order, frozen orders, the filter's choices. */
export interface Views {
  /** Makes the first page ready before it is asked for. */
  prepare(accountId: number): void;
  /** `whole`: rows with all their parties and texts, for a file; the window gets what it can show. */
  readView(accountId: number, filter: ViewFilter, range: ViewRange, whole?: boolean): ViewPage;
  holdView(accountId: number, viewId: number, filter: ViewFilter): void;
  /** The held view's page, in its order, with whole rows. */
  readFrozen(accountId: number, viewId: number, range: ViewRange): ViewPage;
  tellView(accountId: number, view: AskedView, how: HowTold): ViewUpdate;
  releaseView(viewId: number): void;
  /** Rowids of all contracts in the view, in its order: as frozen, where it is. */
  members(accountId: number, viewId: number | undefined, filter: ViewFilter): Float64Array;
  viewIds(
    accountId: number,
    viewId: number,
    filter: ViewFilter,
    range: { readonly offset: number; readonly count: number },
  ): readonly string[];
  facets(accountId: number, text: string): Facets;
  /** What the saved views say of the notifications of this contract, as it stands now. */
  ruleOf(accountId: number, contractId: string): ViewRule;
  /** With the rule of each, of contracts that are stored. */
  withRules<T extends FreshEvent>(accountId: number, fresh: readonly T[]): readonly T[];
  /** The saved views with the number of contracts in each. */
  savedViews(accountId: number): readonly SavedView[];
  /** Gives out the reminders that are due. */
  takeDueReminders(accountId: number, now: number): DueReminders;
  /** To be told when saved views were changed. */
  noteSavedViews(accountId: number): void;
  /** What is counted, as it stands now. */
  columns(accountId: number): ColumnIndex;
  /** To be told of every commit: which contracts were written, or null for any. */
  noteChange(written: Written | null): void;
  /** To be told when events were removed without a write to their contracts. */
  noteRemoval(): void;
  /** Takes more of what was written into the search's index until `pause()` says so. True when nothing is left. */
  index(pause: () => boolean): boolean;
}

interface AccountViews {
  lists: Lists;
  /** Contracts to be read again before the lists are used; null: all of them. */
  written: Set<number> | null;
}

/** Where more than this share of an account was written, reading all of it anew takes less time. */
const MOST = 0.25;
/** Below this each is read again, whatever the share. */
const FEW = 500;

/** `now`: the client's clock, epoch ms. */
export function openViews(store: Store, now: () => number): Views {
  const byAccount = new Map<number, AccountViews>();
  /** What the saved views say of notifications, by account. */
  const rules = new Map<number, ViewRules>();
  const frozen = new Map<number, FrozenView>();
  const told = createToldViews();
  const index = openSearchIndex(store);

  function open(accountId: number): Lists {
    if (!store.sql('SELECT 1 FROM account WHERE account_id = ?').get(accountId)) {
      byAccount.delete(accountId);
      throw new LedgerError('unknown', `No account ${accountId} in this ledger; ask for it by account().`);
    }
    return openLists(store, accountId, index, now());
  }

  const frozenOf = (accountId: number): readonly FrozenView[] =>
    [...frozen.values()].filter((view) => view.accountId === accountId);

  function update(accountId: number, lists: Lists, written: Parameters<Lists['update']>[0]): void {
    const watchers = frozenOf(accountId);
    lists.update(written, now(), (rowid, position) => {
      for (const view of watchers) view.note(rowid, position);
    });
  }

  function listsOf(accountId: number): Lists {
    const views = byAccount.get(accountId);
    if (!views) {
      const lists = open(accountId);
      byAccount.set(accountId, { lists, written: new Set() });
      return lists;
    }
    const { lists, written } = views;
    if (written === null || written.size > Math.max(FEW, lists.columns.counts.all * MOST)) {
      views.lists = open(accountId);
      noteDifferences(lists, views.lists, frozenOf(accountId));
    } else {
      update(accountId, lists, [...written]);
    }
    views.written = new Set();
    return views.lists;
  }

  function rulesFor(accountId: number): ViewRules {
    const found = rules.get(accountId) ?? readViewRules(store, accountId);
    rules.set(accountId, found);
    return found;
  }

  /** Most accounts have no rule: then the lists are not brought up to date for it. */
  function createRuleOf(accountId: number): (contractId: string) => ViewRule {
    const found = rulesFor(accountId);
    if (found.isEmpty) return () => 'usual';
    const ruleOf = found.over(listsOf(accountId));
    const select = store.sqlArrays(
      'SELECT contract_rowid FROM contract WHERE account_id = ? AND contract_id = ?',
    );
    return (contractId) => {
      const [rowid] = (select.get(accountId, contractId) ?? []) as readonly [number?];
      return rowid === undefined ? 'usual' : ruleOf(rowid);
    };
  }

  function frozenView(accountId: number, viewId: number | undefined): FrozenView | undefined {
    const view = viewId === undefined ? undefined : frozen.get(viewId);
    return view?.accountId === accountId ? view : undefined;
  }

  function present(accountId: number, viewId: number | undefined, filter: ViewFilter): Uint32Array {
    const lists = listsOf(accountId);
    return frozenView(accountId, viewId)?.rowids ?? lists.list(filter);
  }

  function heldView(accountId: number, viewId: number): FrozenView {
    const view = frozenView(accountId, viewId);
    if (!view) throw new LedgerError('unknown', `View ${viewId} is not held; hold it again.`);
    return view;
  }

  function page(
    accountId: number,
    lists: Lists,
    filter: ViewFilter,
    rowids: Uint32Array,
    { offset, limit }: ViewRange,
    whole: boolean,
  ): ViewPage {
    const part = [...rowids.subarray(offset, offset + limit)];
    const rows = readRows(store, accountId, part, filter, lists.search, whole);
    return {
      total: rowids.length,
      rows: part.flatMap((rowid) => rows.get(rowid) ?? []),
      counts: rulesFor(accountId).counts(lists),
    };
  }

  return {
    prepare: (accountId) => void listsOf(accountId).list({ view: 'all', text: '' }),
    readView(accountId, filter, range, whole = false) {
      const lists = listsOf(accountId);
      return page(accountId, lists, filter, lists.list(filter), range, whole);
    },
    holdView(accountId, viewId, filter) {
      frozen.set(viewId, freezeView(accountId, filter, listsOf(accountId)));
    },
    readFrozen(accountId, viewId, range) {
      const { filter, rowids } = heldView(accountId, viewId);
      return page(accountId, listsOf(accountId), filter, rowids, range, true);
    },
    tellView(accountId, view, how) {
      const { viewId, filter, range, held } = view;
      const order = held ? heldView(accountId, viewId) : null;
      const lists = listsOf(accountId);
      const rowids = order?.rowids ?? lists.list(filter);
      const frame = {
        total: rowids.length,
        counts: rulesFor(accountId).counts(lists),
        waiting: order?.waiting(lists) ?? 0,
        rowids: rowids.subarray(range.offset, range.offset + range.limit),
        read: (asked: readonly number[]) => readRows(store, accountId, asked, filter, lists.search),
      };
      return told.tell(accountId, view, frame, how);
    },
    releaseView(viewId) {
      frozen.delete(viewId);
      told.forget(viewId);
    },
    members: (accountId, viewId, filter) => Float64Array.from(present(accountId, viewId, filter)),
    viewIds(accountId, viewId, filter, { offset, count }) {
      const part = present(accountId, viewId, filter).subarray(offset, offset + count);
      const rows = store
        .sqlArrays(
          `SELECT contract_rowid, contract_id FROM contract
           WHERE contract_rowid IN (SELECT value FROM json_each(?)) AND +account_id = ?`,
        )
        .all(JSON.stringify([...part]), accountId) as unknown as (readonly [number, string])[];
      const ids = new Map(rows);
      return [...part].flatMap((rowid) => ids.get(rowid) ?? []);
    },
    facets: (accountId, text) => readFacets(listsOf(accountId).columns, text),
    ruleOf: (accountId, contractId) => createRuleOf(accountId)(contractId),
    withRules(accountId, fresh) {
      if (fresh.length === 0 || rulesFor(accountId).isEmpty) return fresh;
      const ruleOf = createRuleOf(accountId);
      return fresh.map((event) => ({ ...event, rule: ruleOf(event.contractId) }));
    },
    savedViews: (accountId) =>
      readSavedViews(store, accountId).map((view) => ({
        ...view,
        count: listsOf(accountId).count(view.filter),
      })),
    takeDueReminders: (accountId, at) => takeDueReminders(store, accountId, listsOf(accountId), at),
    noteSavedViews: (accountId) => void rules.delete(accountId),
    columns: (accountId) => listsOf(accountId).columns,
    noteChange(written) {
      told.noteChange(written);
      for (const [accountId, views] of byAccount) {
        if (written === null) views.written = null;
        if (written === null || views.written === null) continue;
        for (const rowid of written.rowids) views.written.add(rowid);
        const records = written.records.flatMap((one) => (one.accountId === accountId ? one.record : []));
        if (records.length > 0) update(accountId, views.lists, records);
      }
    },
    noteRemoval() {
      for (const { lists } of byAccount.values()) lists.search.forget(null);
    },
    index: (pause) => index.step(pause),
  };
}
