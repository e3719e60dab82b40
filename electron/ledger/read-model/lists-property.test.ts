import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SORT_KEYS, VIEW_NAMES, type ViewFilter } from '../../../protocol/filter.ts';
import { SEVERITIES } from '../../../protocol/statuses.ts';
import { propertyLimit, propertyRuns } from '../../integration/seed.ts';
import type { ContractRow } from '../../../protocol/view.ts';
import type { AskedView } from '../types.ts';
import { openCore, type LedgerCore } from '../worker/core.ts';
import { foundReason, isIn, selectContracts } from '../testing/list-model.ts';
import { deliver, HOUR, markRead, preview, publish, type Play } from '../testing/list-play.ts';
import { idOf, KEY, START } from '../testing/make.ts';

/** More of them by hand: `LEDGER_RUNS=500 npx vitest run electron/ledger/lists`. */
const RUNS = Number(process.env['LEDGER_RUNS'] ?? 60);
const LIMIT_MS = propertyLimit(RUNS);
const VIEW_ID = 1;
const LIVE_ID = 2;
const WIDE_ID = 3;

const WORDS = ['поставка', 'Ёлки', 'елочный', 'Lease', 'level', 'п', 'ab-12', 'чай', 'İstanbul', 'ТОВАР'];
const PARTIES = ['ООО Ромашка', 'Acme West', 'acme', 'Ёж и К°', 'Вектор'];
const ACTORS = ['Пётр', 'Anna', 'Oleg'];
const STATUSES = ['sent', 'viewed', 'signed', 'active', 'cancelled', 'ended', 'on_hold', 'teleported'];
/** Two pairs have the same nearest float; one value is written in two ways. */
const AMOUNTS = [
  '1.00 RUB',
  '1 RUB',
  '-5.5 RUB',
  '0.0000000001 RUB',
  '12345678901234567890123456789.0000000001 RUB',
  '12345678901234567890123456789.0000000002 RUB',
  '9007199254740993 RUB',
  '9007199254740992 RUB',
  '250000.10 EUR',
  '99 EUR',
];
const SEARCHES = [
  ...WORDS,
  'е',
  'пост',
  'l',
  'le',
  'a',
  'acme lea',
  'поставка ромашка',
  'c-1',
  '12',
  'ё п',
  'тов чай',
  'qq',
  '%',
  'и',
];

const words = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 })
  .map((list) => list.join(' '));
const hours = fc.integer({ min: -24 * 9, max: 24 * 9 });
const instant = hours.map((h) => START + h * HOUR);
const bounds = fc.record({
  from: fc.option(instant),
  to: fc.option(instant),
});
const days = fc.integer({ min: 1, max: 9 });
const some = <T>(values: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const decimals = fc.option(fc.constantFrom(...AMOUNTS.map((amount) => amount.split(' ')[0] ?? '')));

const conditions = fc.record(
  {
    statuses: some(STATUSES),
    severities: some(SEVERITIES),
    parties: some([...PARTIES, 'nobody']),
    actors: some(ACTORS),
    amount: fc.record({ currency: fc.constantFrom('RUB', 'EUR', 'USD'), min: decimals, max: decimals }),
    due: fc.oneof(
      bounds,
      days.map((withinDays) => ({ withinDays })),
      fc.constantFrom('past' as const, 'none' as const),
    ),
    period: fc.oneof(
      bounds,
      days.map((lastDays) => ({ lastDays })),
    ),
  },
  { requiredKeys: [] },
);
const few = conditions.map((all) => Object.fromEntries(Object.entries(all).slice(0, 2)));
const filter: fc.Arbitrary<ViewFilter> = fc
  .record({
    view: fc.constantFrom(...VIEW_NAMES, 'all' as const, 'all' as const),
    text: fc.oneof(fc.constant(''), fc.constantFrom(...SEARCHES)),
    conditions: fc.option(few, { nil: undefined }),
    sort: fc.option(fc.record({ by: fc.constantFrom(...SORT_KEYS), descending: fc.boolean() }), {
      nil: undefined,
    }),
  })
  .map(({ view, text, conditions: asked, sort }) => ({
    view,
    text,
    ...(asked && { conditions: asked }),
    ...(sort && { sort }),
  }));

const contract = fc.integer({ min: 1, max: 14 });
const change = fc.record({
  contract,
  title: words,
  parties: fc.uniqueArray(fc.constantFrom(...PARTIES), { maxLength: 2 }),
  amount: fc.option(fc.constantFrom(...AMOUNTS), { freq: 6 }),
  due: fc.option(instant, { freq: 4 }),
  status: fc.constantFrom(...STATUSES),
  severity: fc.constantFrom(...SEVERITIES),
  actor: fc.constantFrom(...ACTORS),
  actionRequired: fc.boolean(),
  reason: fc.option(words, { freq: 2 }),
});

const mark = (name: 'mute' | 'snooze' | 'read') =>
  fc.record({ do: fc.constant(name), contract, on: fc.boolean() });
const changes = fc.array(change, { minLength: 1, maxLength: 12 });
const wait = fc.integer({ min: 0, max: 60 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), changes }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('preview' as const), changes }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 2, arbitrary: mark('mute') },
  { weight: 2, arbitrary: mark('snooze') },
  { weight: 2, arbitrary: mark('read') },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('index' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: wait }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hold' as const), filter }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function openAt(play: Pick<Play, 'now'>, folder: string): LedgerCore {
  return openCore({
    path: join(folder, 'ledger.db'),
    now: () => play.now,
    elapsed: () => performance.now(),
    yieldToUrgent: () => Promise.resolve(),
    onProblem: (problem) => {
      throw new Error(problem.detail);
    },
  });
}

const NEVER = { maxAgeMs: null, maxBytes: null };

async function take(play: Play, next: Step, folder: string): Promise<void> {
  const { core, accountId, now } = play;
  switch (next.do) {
    case 'append':
      for (const wish of next.changes) publish(play, wish);
      await core.append(accountId, deliver(play, play.coming.length), now);
      return;
    case 'deliver':
      await core.append(accountId, deliver(play, next.count), now);
      return;
    case 'preview': {
      for (const wish of next.changes) publish(play, wish);
      const since = (await core.previewFrom(accountId)) ?? '';
      const page = { since, asOf: idOf(play.sequence), at: new Date(now).toISOString() };
      const contracts = preview(play);
      const shown = await core.preview(accountId, { ...page, contracts, end: 'whole' }, now);
      expect(shown?.contracts).toEqual(
        expect.arrayContaining(next.changes.map((one) => `C-${one.contract}`)),
      );
      return;
    }
    case 'mute':
    case 'snooze':
    case 'read': {
      const known = play.contracts.get(`C-${next.contract}`);
      if (!known) return;
      play.frozen?.touched.add(known.id);
      if (next.do === 'mute') {
        known.muted = next.on;
        await core.perform(accountId, [known.id], { do: 'mute', muted: next.on }, now);
      } else if (next.do === 'snooze') {
        known.snoozed = next.on;
        const action = next.on ? ({ do: 'snooze', until: null } as const) : ({ do: 'unsnooze' } as const);
        await core.perform(accountId, [known.id], action, now);
      } else {
        markRead(play, known, next.on);
        await core.perform(accountId, [known.id], { do: 'read', read: next.on }, now);
      }
      return;
    }
    case 'index':
      await core.maintain(NEVER, now);
      return;
    case 'wait':
      play.now += next.hours * HOUR;
      return;
    case 'restart':
      core.close();
      play.core = openAt(play, folder);
      play.frozen = null;
      play.shown.clear();
      await play.core.account(KEY);
      return;
    case 'hold': {
      const members = selectContracts([...play.contracts.values()], next.filter, now);
      play.frozen = {
        filter: next.filter,
        positions: new Map(members.map((one) => [one.id, one.position])),
        touched: new Set(),
      };
      await core.releaseView(VIEW_ID);
      await core.holdView(accountId, VIEW_ID, next.filter);
      play.shown.delete(VIEW_ID);
    }
  }
}

const ALL = { offset: 0, limit: 500 };

async function checkList(play: Play, asked: ViewFilter): Promise<void> {
  const { core, accountId, now } = play;
  const contracts = [...play.contracts.values()];
  const wanted = selectContracts(contracts, asked, now);
  const page = await core.readView(accountId, asked, ALL);
  expect(page.rows.map((row) => row.contractId)).toEqual(wanted.map((one) => one.id));
  expect(page.total).toBe(wanted.length);
  expect(page.rows.map((row) => row.found)).toEqual(wanted.map((one) => foundReason(one, asked.text)));
  const counted = VIEW_NAMES.map((view) => contracts.filter((one) => isIn(one, view, now)).length);
  const { all, unread, actionRequired, waiting, overdue, dueSoon, snoozed, muted } = page.counts;
  expect([all, unread, actionRequired, waiting, overdue, dueSoon, snoozed, muted]).toEqual(counted);
  // View 0 is not frozen.
  const ids = await core.viewIds(accountId, 0, asked, { offset: 1, count: 3 });
  expect(ids).toEqual(wanted.slice(1, 4).map((one) => one.id));
}

/** What a window shows that has been told of the view so far, by its changes alone. */
async function told(play: Play, view: AskedView): Promise<{ waiting: number; rows: readonly ContractRow[] }> {
  const shown = play.shown.get(view.viewId) ?? { total: 0, waiting: 0, rows: [] };
  const { page } = await play.core.tellView(play.accountId, view, 'changes');
  const known = new Map(shown.rows.map((row) => [row.key, row]));
  const rows = page?.rows.map((row) => (typeof row === 'string' ? known.get(row)! : row)) ?? shown.rows;
  const next = { total: page?.total ?? shown.total, waiting: page?.waiting ?? shown.waiting, rows };
  play.shown.set(view.viewId, next);
  const again = await play.core.tellView(play.accountId, view, 'changes');
  expect(again.page).toBeNull();
  return next;
}

/** A live view of which every change is told, from the beginning: it stands as one that is read anew. */
async function checkLive(play: Play, viewId: number, filter: ViewFilter): Promise<void> {
  const range = { offset: 1, limit: 6 };
  const shown = await told(play, { viewId, filter, range, held: false });
  const { total, rows } = await play.core.readView(play.accountId, filter, range);
  expect(shown).toEqual({ total, waiting: 0, rows });
}

async function checkFrozen(play: Play): Promise<void> {
  const { now, frozen } = play;
  if (!frozen) return;
  const page = await told(play, { viewId: VIEW_ID, filter: frozen.filter, range: ALL, held: true });
  expect(page.rows.map((row) => row.contractId)).toEqual([...frozen.positions.keys()]);
  const newer = selectContracts([...play.contracts.values()], frozen.filter, now).filter(
    (one) => frozen.touched.has(one.id) && one.position > (frozen.positions.get(one.id) ?? -1),
  );
  expect(page.waiting).toBe(newer.length);
}

async function run(steps: readonly Step[], filters: readonly ViewFilter[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  const play: Omit<Play, 'core'> & { core?: LedgerCore } = {
    accountId: 0,
    now: START,
    // A log of one change, of which nothing is left: its end is the baseline.
    sequence: 1,
    coming: [],
    readTo: new Map(),
    versions: new Map(),
    contracts: new Map(),
    frozen: null,
    shown: new Map(),
  };
  const opened: Play = Object.assign(play, { core: openAt(play, folder) });
  try {
    opened.accountId = (await opened.core.account(KEY)).accountId;
    await opened.core.beginSnapshot(opened.accountId, { asOf: idOf(1), at: new Date(START).toISOString() });
    await opened.core.finishSnapshot(opened.accountId, START);
    for (const [i, next] of steps.entries()) {
      await take(opened, next, folder);
      const asked = filters[i % filters.length];
      if (asked) await checkList(opened, asked);
      await checkFrozen(opened);
      if (!filters[0]) continue;
      await checkLive(opened, LIVE_ID, filters[0]);
      // Most filters find little; here every change shows.
      const { conditions: _, ...wide } = filters[0];
      await checkLive(opened, WIDE_ID, { ...wide, view: 'all', text: '' });
    }
    for (const asked of filters) await checkList(opened, asked);
  } finally {
    opened.core.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test(
  'any filter, words and order over any contracts: what the plain model says, also while the index is behind',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 25 }),
        fc.array(filter, { minLength: 3, maxLength: 12 }),
        run,
      ),
      propertyRuns('any filter, words and order', RUNS, LIMIT_MS),
    );
  },
  LIMIT_MS + 30_000,
);
