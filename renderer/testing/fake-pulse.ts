import type { MessageChannel, MessageMap, PulseApi, RequestChannel, RequestMap } from '../../protocol/ipc.ts';
import { DEFAULT_SETTINGS } from '../../protocol/settings.ts';
import { NO_COUNTS } from '../../protocol/view.ts';
import type { ContractRow, ViewBatch, ViewCounts, ViewFilter, ViewRange } from '../../protocol/view.ts';
import { fakeDetail, fakeRow } from './fake-data.ts';
import { fakeConnection, fakeProblem, fakeReceipt, fakeSession, fakeStorage, SERVER } from './fake-states.ts';

interface FakeView {
  readonly viewId: number;
  readonly filter: ViewFilter;
  range: ViewRange;
  seq: number;
  held: ContractRow[] | null;
  waiting: number;
}

/**
 * A `window.pulse` without Electron, for looking at the window. The page's address chooses its state:
 * count, rate (changes a second), session, problem, connection, receipt, storage, notice, locale, ack,
 * hole, list=error|slow, slow (ms of every answer).
 */
export function createFakePulse(query: URLSearchParams): PulseApi & { change(index: number): void } {
  const say = (name: string): string => query.get(name) ?? '';
  const locale = say('locale') || 'en';
  const slow = Number(say('slow') || 2);
  const now = Date.now();
  let session = fakeSession(say('session'), locale);
  let rows = Array.from({ length: Number(say('count') || 0) }, (_, index) => fakeRow(index, now));
  let views: FakeView[] = [];
  let nextView = 1;
  const listeners = new Map<MessageChannel, Set<(message: never) => void>>();

  function send<C extends MessageChannel>(channel: C, message: MessageMap[C]): void {
    for (const listener of listeners.get(channel) ?? []) (listener as (it: MessageMap[C]) => void)(message);
  }

  function matches(row: ContractRow, { view, text }: ViewFilter): boolean {
    if (view === 'unread' && row.unread === 0) return false;
    if (view === 'action_required' && (!row.actionRequired || row.acknowledgement === 'sent')) return false;
    const where = `${row.title} ${row.contractId} ${row.counterparties.map((it) => it.name).join(' ')}`;
    return where.toLowerCase().includes(text.toLowerCase());
  }

  function select(filter: ViewFilter): ContractRow[] {
    return filter.view === 'all' && filter.text === '' ? rows : rows.filter((row) => matches(row, filter));
  }

  let counted: { rows: unknown; counts: ViewCounts } = {
    rows: null,
    counts: NO_COUNTS,
  };
  function count(): ViewCounts {
    if (counted.rows === rows) return counted.counts;
    const counts = {
      ...NO_COUNTS,
      all: rows.length,
      unread: rows.filter((row) => row.unread > 0).length,
      actionRequired: select({ view: 'action_required', text: '' }).length,
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
      counts: count(),
    });
  }

  function find(viewId: number): FakeView {
    const view = views.find((it) => it.viewId === viewId);
    if (!view) throw new Error(`View ${viewId} is not open. Open it again.`);
    return view;
  }

  function replace(next: ContractRow, moves: boolean): void {
    const rest = rows.filter((row) => row.key !== next.key);
    rows = moves ? [next, ...rest] : rows.map((row) => (row.key === next.key ? next : row));
    for (const view of views) {
      view.held &&= view.held.map((row) => (row.key === next.key ? next : row));
      if (moves && view.held) view.waiting += 1;
      send('view:batch', batch(view));
    }
    send('contract:changed', fakeDetail(next, Date.now(), say('hole') === '1'));
  }

  function rowOf(contractId: string): ContractRow {
    const row = rows.find((it) => it.contractId === contractId);
    if (!row) throw new Error('No such contract.');
    return row;
  }

  function change(index: number): void {
    const before = rows.find((row) => row.key === `1/C-${index}`);
    replace(fakeRow(index, Date.now(), (before?.version ?? 4) - 3), true);
  }

  const notBuilt = (): never => {
    throw new Error('This is not built yet.');
  };

  type Answer<C extends RequestChannel> = RequestMap[C]['response'];
  const handlers: { [C in RequestChannel]: (argument: RequestMap[C]['request']) => Answer<C> } = {
    'app:bootstrap': () => ({
      appVersion: '0.1.0',
      platform: 'linux',
      systemLocale: locale,
      session,
      connection: fakeConnection(say('connection'), Date.now()),
      receipt: fakeReceipt(say('receipt'), Date.now()),
      storage: fakeStorage(say('storage')),
      settings: DEFAULT_SETTINGS,
      settingsProblem: null,
      suggestedServer: 'http://127.0.0.1:4000',
    }),
    'app:diagnostics': () => ({ text: '' }),
    'app:copyDiagnostics': () => undefined,
    'session:signIn': () => {
      const code = say('problem');
      if (code) return { ok: false, problem: fakeProblem(code) };
      session = fakeSession('signed_in', locale);
      send('session:changed', session);
      return { ok: true };
    },
    'session:signOut': () => {
      session = { state: 'signed_out', server: SERVER, username: 'anna', ended: 'by_user' };
      send('session:changed', session);
    },
    'connection:retryNow': () => {
      send('connection:changed', fakeConnection('connecting', Date.now()));
      setTimeout(() => send('connection:changed', fakeConnection('live', Date.now())), 600);
    },
    'view:open': ({ filter, range }) => {
      if (say('list') === 'error') throw new Error('The ledger did not answer.');
      const view: FakeView = { viewId: nextView++, filter, range, seq: 0, held: null, waiting: 0 };
      views.push(view);
      return batch(view);
    },
    'view:read': ({ viewId, range }) => batch(Object.assign(find(viewId), { range })),
    'view:hold': ({ viewId, held, range }) => {
      const view = find(viewId);
      view.range = range;
      view.held = held ? (view.held ?? select(view.filter)) : null;
      if (!held) view.waiting = 0;
      return batch(view);
    },
    'view:close': ({ viewId }) => {
      views = views.filter((view) => view.viewId !== viewId);
    },
    'contract:open': ({ contractId }) => fakeDetail(rowOf(contractId), Date.now(), say('hole') === '1'),
    'contract:close': () => undefined,
    'contract:markRead': ({ contractId, read }) =>
      replace({ ...rowOf(contractId), unread: read ? 0 : 1 }, false),
    'contract:acknowledge': ({ contractId }) => acknowledgement(contractId, 'held'),
    'contract:undoAcknowledge': ({ contractId }) => acknowledgement(contractId, 'none'),
    'contract:retryAcknowledge': ({ contractId }) => acknowledgement(contractId, 'sent'),
    'contract:markEventRead': notBuilt,
    'contract:openPortal': () => ({ ok: true }),
    'contract:copyReference': () => undefined,
    'contracts:do': notBuilt,
    'deed:undo': notBuilt,
    'view:markRead': notBuilt,
    'view:ids': notBuilt,
    'view:export': () => ({ saved: false }),
    'filter:facets': notBuilt,
    'savedViews:read': () => [],
    'savedViews:save': notBuilt,
    'savedViews:remove': notBuilt,
    'savedViews:order': notBuilt,
    'overview:read': notBuilt,
    'away:read': () => null,
    'settings:change': notBuilt,
    'storage:facts': notBuilt,
    'session:signOutAndErase': notBuilt,
    'storage:startFresh': () => send('storage:changed', null),
  };

  function acknowledgement(contractId: string, state: ContractRow['acknowledgement']): void {
    replace({ ...rowOf(contractId), acknowledgement: state }, false);
  }

  const ack = say('ack');
  const [head] = rows;
  if (ack && head) {
    rows[0] = { ...fakeRow(3, now), contractId: head.contractId, key: head.key, actionRequired: true };
    rows[0] = { ...(rows[0] as ContractRow), acknowledgement: ack as ContractRow['acknowledgement'] };
  }
  const rate = Number(say('rate') || 0);
  let turn = 0;
  if (rate > 0) setInterval(() => change((turn = (turn * 7 + 13) % rows.length)), 1000 / rate);
  if (say('notice')) {
    const text = 'Maintenance tonight from 22:00 to 22:30 UTC. <b>This is text, not HTML.</b>';
    setTimeout(() => send('server:notice', { text, at: Date.now() }), 300);
  }

  return {
    change,
    request(channel, ...rest) {
      const run = handlers[channel] as (argument: unknown) => never;
      return new Promise((resolve, reject) => {
        if (say('list') === 'slow' && channel.startsWith('view:')) return;
        setTimeout(() => {
          try {
            resolve(run(rest[0]));
          } catch (error) {
            reject(error as Error);
          }
        }, slow);
      });
    },
    on(channel, listener) {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set);
      set.add(listener as (message: never) => void);
      return () => set.delete(listener as (message: never) => void);
    },
  };
}
