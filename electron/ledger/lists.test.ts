import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SORT_KEYS, VIEW_NAMES, type ViewFilter } from '../../protocol/filter.ts';
import { SEVERITIES } from '../../protocol/statuses.ts';
import { PROPERTY_SEED } from '../proof/seed.ts';
import type { StreamItem } from '../stream/types.ts';
import { openCore, type LedgerCore } from './core.ts';
import { foundReason, isIn, selectContracts, type ModelContract } from './testing/list-model.ts';
import { envelope, KEY, START, statusItem } from './testing/make.ts';

/** More of them by hand: `LEDGER_RUNS=500 npx vitest run electron/ledger/lists`. */
const RUNS = Number(process.env['LEDGER_RUNS'] ?? 60);
const HOUR = 3_600_000;
const VIEW_ID = 1;

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
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const mark = (name: 'mute' | 'snooze' | 'read') =>
  fc.record({ do: fc.constant(name), contract, on: fc.boolean() });
const changes = fc.array(change, { minLength: 1, maxLength: 12 });
const wait = fc.integer({ min: 0, max: 60 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), changes }) },
  { weight: 2, arbitrary: mark('mute') },
  { weight: 2, arbitrary: mark('snooze') },
  { weight: 2, arbitrary: mark('read') },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('index' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: wait }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hold' as const), filter }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A held list as the model remembers it. */
interface HeldModel {
  readonly filter: ViewFilter;
  readonly positions: ReadonlyMap<string, number>;
  /** Changed since. */
  readonly touched: Set<string>;
}

/** The real ledger on a file, and the same contracts in an array. */
interface Play {
  core: LedgerCore;
  accountId: number;
  now: number;
  sequence: number;
  readonly versions: Map<string, number>;
  readonly contracts: Map<string, ModelContract>;
  held: HeldModel | null;
}

function openAt(play: Pick<Play, 'now'>, folder: string): LedgerCore {
  return openCore({
    path: join(folder, 'ledger.db'),
    now: () => play.now,
    elapsed: () => performance.now(),
    breathe: () => Promise.resolve(),
    onProblem: (problem) => {
      throw new Error(problem.detail);
    },
  });
}

/** Publishes the change, for the ledger and for the model. */
function publish(play: Play, wish: Change): StreamItem {
  const id = `C-${wish.contract}`;
  const position = ++play.sequence;
  const version = (play.versions.get(id) ?? 0) + 1;
  play.versions.set(id, version);
  play.held?.touched.add(id);
  const old = play.contracts.get(id);
  const [value = '', currency = ''] = wish.amount?.split(' ') ?? [];
  const amount = wish.amount === null ? null : { value, currency };
  // The same instant, written as another time zone's clock shows it.
  const dueAt = wish.due === null ? null : new Date(wish.due + 3 * HOUR).toISOString().replace('Z', '+03:00');
  const base = envelope(position, id, version);
  play.contracts.set(id, {
    id,
    position,
    title: wish.title,
    parties: wish.parties,
    amount,
    dueAt,
    status: wish.status,
    severity: wish.severity,
    actor: wish.actor,
    actionRequired: wish.actionRequired,
    time: Date.parse(base.time),
    unread: (old?.unread ?? 0) + 1,
    muted: old?.muted ?? false,
    snoozed: false,
    reasons: [...(old?.reasons ?? []), ...(wish.reason === null ? [] : [wish.reason])],
    reason: wish.reason,
  });
  const { severity, actionRequired } = wish;
  const contract = {
    ...base.data.contract,
    title: wish.title,
    counterparties: wish.parties.map((name) => ({ id: name, name })),
    amount,
    dueAt,
  };
  const actor = { id: wish.actor, name: wish.actor, kind: 'counterparty' };
  const reason = wish.reason === null ? null : { code: 'other', text: wish.reason };
  const told = { ...base.data.change, to: wish.status, actor, reason };
  return statusItem({ ...base, data: { contract, change: told, severity, actionRequired } });
}

const NEVER = { maxAgeMs: null, maxBytes: null };

async function take(play: Play, next: Step, folder: string): Promise<void> {
  const { core, accountId, now } = play;
  switch (next.do) {
    case 'append':
      await core.append(
        accountId,
        next.changes.map((wish) => publish(play, wish)),
        now,
      );
      return;
    case 'mute':
    case 'snooze':
    case 'read': {
      const known = play.contracts.get(`C-${next.contract}`);
      if (!known) return;
      play.held?.touched.add(known.id);
      if (next.do === 'mute') {
        known.muted = next.on;
        await core.perform(accountId, [known.id], { do: 'mute', muted: next.on }, now);
      } else if (next.do === 'snooze') {
        known.snoozed = next.on;
        const deed = next.on ? ({ do: 'snooze', until: null } as const) : ({ do: 'unsnooze' } as const);
        await core.perform(accountId, [known.id], deed, now);
      } else {
        known.unread = next.on ? 0 : Math.max(1, known.unread);
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
      play.held = null;
      await play.core.account(KEY);
      return;
    case 'hold': {
      const members = selectContracts([...play.contracts.values()], next.filter, now);
      play.held = {
        filter: next.filter,
        positions: new Map(members.map((one) => [one.id, one.position])),
        touched: new Set(),
      };
      await core.holdView(accountId, VIEW_ID, next.filter);
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
  // View 0 is not held.
  const ids = await core.viewIds(accountId, 0, asked, { offset: 1, count: 3 });
  expect(ids).toEqual(wanted.slice(1, 4).map((one) => one.id));
}

async function checkHeld(play: Play): Promise<void> {
  const { core, accountId, now, held } = play;
  if (!held) return;
  const page = await core.readHeld(accountId, VIEW_ID, ALL);
  expect(page.rows.map((row) => row.contractId)).toEqual([...held.positions.keys()]);
  const newer = selectContracts([...play.contracts.values()], held.filter, now).filter(
    (one) => held.touched.has(one.id) && one.position > (held.positions.get(one.id) ?? -1),
  );
  expect(page.waiting).toBe(newer.length);
}

async function run(steps: readonly Step[], filters: readonly ViewFilter[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  const play: Omit<Play, 'core'> & { core?: LedgerCore } = {
    accountId: 0,
    now: START,
    sequence: 0,
    versions: new Map(),
    contracts: new Map(),
    held: null,
  };
  const opened: Play = Object.assign(play, { core: openAt(play, folder) });
  try {
    opened.accountId = (await opened.core.account(KEY)).accountId;
    for (const [i, next] of steps.entries()) {
      await take(opened, next, folder);
      const asked = filters[i % filters.length];
      if (asked) await checkList(opened, asked);
      await checkHeld(opened);
    }
    for (const asked of filters) await checkList(opened, asked);
  } finally {
    opened.core.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('any filter, words and order over any contracts: what the plain model says, also while the index is behind', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 25 }),
      fc.array(filter, { minLength: 3, maxLength: 12 }),
      run,
    ),
    { numRuns: RUNS, seed: PROPERTY_SEED },
  );
}, 120_000);
