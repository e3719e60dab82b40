import type { ContractAction, ActionOutcome } from '../../protocol/actions.ts';
import type { MessageChannel, MessageMap } from '../../protocol/ipc.ts';
import {
  NO_COUNTS,
  type ContractDetail,
  type ContractRow,
  type ViewBatch,
  type ViewCounts,
  type ViewFilter,
  type ViewRange,
} from '../../protocol/view.ts';
import { EARLIER_REASON, fakeDetail, fakeRow } from './fake-data.ts';
import { selectRows } from './fake-filter.ts';

interface FakeView {
  readonly viewId: number;
  readonly filter: ViewFilter;
  range: ViewRange;
  seq: number;
  held: readonly ContractRow[] | null;
  waiting: number;
}

export type Send = <C extends MessageChannel>(channel: C, message: MessageMap[C]) => void;

/** Contracts, the views opened over them, and what is done to them; actions can be undone. */
export function createFakeLedger(send: Send, count: number, gap: boolean) {
  const start = Date.now();
  let rows: readonly ContractRow[] = Array.from({ length: count }, (_, index) => fakeRow(index, start));
  let views: FakeView[] = [];
  let nextView = 1;
  let received = 0;
  let openId: string | null = null;
  /** Events whose mark differs from the usual: id → unread. */
  const marks = new Map<string, boolean>();
  const done: { undoId: number; before: readonly ContractRow[] }[] = [];
  let nextUndo = 1;

  function select(filter: ViewFilter): readonly ContractRow[] {
    return selectRows(rows, filter, Date.now(), EARLIER_REASON);
  }

  let counted: { rows: unknown; counts: ViewCounts } = { rows: null, counts: NO_COUNTS };
  function countViews(): ViewCounts {
    if (counted.rows === rows) return counted.counts;
    const size = (view: ViewFilter['view']): number => select({ view, text: '' }).length;
    const counts = {
      all: rows.length,
      unread: size('unread'),
      actionRequired: size('action_required'),
      needing: select({ view: 'action_required', text: '' }).filter((row) => !row.muted).length,
      waiting: size('waiting'),
      overdue: size('overdue'),
      dueSoon: size('due_soon'),
      snoozed: size('snoozed'),
      muted: size('muted'),
    };
    counted = { rows, counts };
    return counts;
  }

  function batch(view: FakeView): ViewBatch {
    const all = view.held ?? select(view.filter);
    const { offset, limit } = view.range;
    view.seq += 1;
    return structuredClone({
      viewId: view.viewId,
      seq: view.seq,
      total: all.length,
      offset,
      rows: all.slice(offset, offset + limit),
      waiting: view.waiting,
      held: view.held !== null,
      counts: countViews(),
      received,
    });
  }

  function find(viewId: number): FakeView {
    const view = views.find((it) => it.viewId === viewId);
    if (!view) throw new Error(`View ${viewId} is not open. Open it again.`);
    return view;
  }

  function rowOf(contractId: string): ContractRow {
    const row = rows.find((it) => it.contractId === contractId);
    if (!row) throw new Error('No such contract.');
    return row;
  }

  function detail(contractId: string): ContractDetail {
    const plain = fakeDetail(rowOf(contractId), Date.now(), gap);
    const timeline = plain.timeline.map((entry) => ({
      ...entry,
      unread: marks.get(`${contractId} ${entry.eventId}`) ?? entry.unread,
    }));
    return { ...plain, timeline };
  }

  /** Lays changed rows over the present ones; `moves` brings them to the top. */
  function replace(changed: readonly ContractRow[], moves: boolean): void {
    const byKey = new Map(changed.map((row) => [row.key, row]));
    const newest = (row: ContractRow): ContractRow => byKey.get(row.key) ?? row;
    if (moves) received += changed.length;
    rows = moves ? [...changed, ...rows.filter((row) => !byKey.has(row.key))] : rows.map(newest);
    for (const view of views) {
      view.held &&= view.held.map(newest);
      if (moves && view.held) view.waiting += changed.length;
      send('view:batch', batch(view));
    }
    const open = changed.find((row) => row.contractId === openId);
    if (open) send('contract:changed', detail(open.contractId));
  }

  function apply(row: ContractRow, action: ContractAction): ContractRow {
    switch (action.do) {
      case 'read':
        return { ...row, unread: action.read ? 0 : Math.max(1, row.unread) };
      case 'mute':
        return { ...row, muted: action.muted };
      case 'snooze':
        return { ...row, snoozed: { until: action.until } };
      case 'unsnooze':
        return { ...row, snoozed: null };
      case 'acknowledge':
        return row.actionRequired && (row.acknowledgement === 'none' || row.acknowledgement === 'superseded')
          ? { ...row, acknowledgement: 'held' }
          : row;
    }
  }

  function perform(contractIds: readonly string[], action: ContractAction): ActionOutcome {
    const wanted = new Set(contractIds);
    const before = rows.filter((row) => wanted.has(row.contractId));
    const pairs = before.map((row) => ({ row, next: apply(row, action) }));
    const changed = pairs.filter(({ row, next }) => JSON.stringify(row) !== JSON.stringify(next));
    if (changed.length === 0) return { undoId: null, changed: 0 };
    for (const { row } of changed)
      for (const key of marks.keys()) if (key.startsWith(`${row.contractId} `)) marks.delete(key);
    replace(
      changed.map(({ next }) => next),
      false,
    );
    done.push({ undoId: nextUndo, before: changed.map(({ row }) => row) });
    return { undoId: nextUndo++, changed: changed.length };
  }

  return {
    all: () => rows,
    select,
    detail,
    open(filter: ViewFilter, range: ViewRange): ViewBatch {
      const view: FakeView = { viewId: nextView++, filter, range, seq: 0, held: null, waiting: 0 };
      views.push(view);
      return batch(view);
    },
    read: (viewId: number, range: ViewRange) => batch(Object.assign(find(viewId), { range })),
    hold(viewId: number, held: boolean, range: ViewRange): ViewBatch {
      const view = find(viewId);
      view.range = range;
      view.held = held ? (view.held ?? select(view.filter)) : null;
      if (!held) view.waiting = 0;
      return batch(view);
    },
    close(viewId: number): void {
      views = views.filter((view) => view.viewId !== viewId);
    },
    ids(viewId: number, offset: number, count: number): string[] {
      const view = find(viewId);
      return (view.held ?? select(view.filter)).slice(offset, offset + count).map((row) => row.contractId);
    },
    markAll(viewId: number): ActionOutcome {
      const view = find(viewId);
      const ids = (view.held ?? select(view.filter)).map((row) => row.contractId);
      return perform(ids, { do: 'read', read: true });
    },
    openContract(contractId: string): ContractDetail | null {
      openId = contractId;
      return rows.some((row) => row.contractId === contractId) ? detail(contractId) : null;
    },
    closeContract(): void {
      openId = null;
    },
    markEvent(contractId: string, eventId: string, read: boolean): void {
      marks.set(`${contractId} ${eventId}`, !read);
      const unread = detail(contractId).timeline.filter((entry) => entry.unread).length;
      replace([{ ...rowOf(contractId), unread }], false);
    },
    acknowledge(contractId: string, state: ContractRow['acknowledgement']): void {
      replace([{ ...rowOf(contractId), acknowledgement: state }], false);
    },
    perform,
    undo(undoId: number): boolean {
      const at = done.findIndex((it) => it.undoId === undoId);
      if (at < 0) return false;
      replace(done.splice(at, 1)[0]?.before ?? [], false);
      return true;
    },
    /** A new change of one contract arrives: it moves to the top, and its snooze ends. */
    change(index: number): void {
      const before = rows.find((row) => row.key === `1/C-${index}`);
      replace([fakeRow(index, Date.now(), (before?.version ?? 4) - 3)], true);
    },
    /** The topmost contract, in a given state of its acknowledgement. */
    setHead(state: ContractRow['acknowledgement']): void {
      const [head] = rows;
      if (!head) return;
      const asked = fakeRow(3, start);
      rows = [
        {
          ...asked,
          contractId: head.contractId,
          key: head.key,
          actionRequired: true,
          acknowledgement: state,
        },
        ...rows.slice(1),
      ];
    },
  };
}
