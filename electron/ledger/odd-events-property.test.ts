import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SORT_KEYS } from '../../protocol/filter.ts';
import { propertyLimit, propertyRuns } from '../integration/seed.ts';
import { readSnapshotPage } from '../sync/pages.ts';
import type { StreamItem } from '../stream/types.ts';
import { openFixture, type Fixture } from './testing/fixture.ts';
import { change, envelope, head, idOf, START, statusItem } from './testing/make.ts';

/** Values that JSON can write and that stores, clocks and floats stumble over. As JSON texts: 1e400 is no JavaScript number. */
const ODD = [
  'null', 'true', '0', '-0', '-1', '0.5', '1e400', '-1e400', '1E+2', '1.0', '9007199254740991', '9007199254740993',
  '9223372036854775807', '18446744073709551616', '1790000000000000', '5e-324', '""', '" "', '"a "', '" a"', '"\\u0000"',
  '"a\\u0000b"', '"a\\u0000c"', '"\\ud800"', '"\\ud801"', '"\\udfff"', '"\\ud83d\\ude00"', '"\\u202ex"', '"__proto__"', '"constructor"',
  '"0000-01-01T00:00:00Z"', '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999Z"', '"2016-12-31T23:59:60Z"', '"2026-10-02"',
  '"2026-10-02T09:14:03"', '"e7-00000000900"', '"e999999999999999-00000000001"', '"e7-1099511627775"', '"e7~3-00000000001"', '"RUB"', '"rub"',
  `"${'9'.repeat(30)}.9999999999"`, '"-0.00"', '{}', '[]', '[[]]', '{"id":"x"}', `"${'x'.repeat(501)}"`, `"${'e\\u0301'.repeat(4_000)}"`,
  '{"__proto__":{"a":1}}', '{"value":12345678901234567890.123,"currency":"eur"}', '{"value":1e30,"currency":"EUR"}',
]; // prettier-ignore

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD) },
  fc.json({ maxDepth: 3 }),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
);

const EVENT_FIELDS = [
  'id', 'source', 'time', 'subject', 'sequence', 'data', 'data.contract', 'data.contract.id', 'data.contract.title', 'data.contract.version',
  'data.contract.counterparties', 'data.contract.counterparties.0.id', 'data.contract.counterparties.0.name', 'data.contract.amount',
  'data.contract.amount.value', 'data.contract.amount.currency', 'data.contract.dueAt', 'data.change', 'data.change.from', 'data.change.to',
  'data.change.actor', 'data.change.actor.name', 'data.change.reason', 'data.change.reason.code', 'data.change.reason.text', 'data.severity',
  'data.actionRequired',
]; // prettier-ignore
const CONTRACT_FIELDS = [
  'contract', 'contract.id', 'contract.title', 'contract.version', 'contract.counterparties', 'contract.amount', 'contract.amount.value',
  'contract.amount.currency', 'contract.dueAt', 'status', 'since', 'severity', 'actionRequired', 'lastEventId', 'lastEvent', 'lastEvent.data',
]; // prettier-ignore

const spoiled = (fields: readonly string[]) =>
  fc.array(fc.tuple(fc.constantFrom(...fields), value), { minLength: 1, maxLength: 2 });

type Change = readonly (readonly [field: string, json: string])[];

/** The JSON text of the object with these texts in its places. */
function textOf(object: object, changes: Change): string {
  const copy = structuredClone(object) as Record<string, unknown>;
  changes.forEach(([field], i) => {
    const keys = field.split('.');
    let at: unknown = copy;
    for (const key of keys.slice(0, -1)) at = (at as Record<string, unknown> | undefined)?.[key];
    if (typeof at === 'object' && at !== null) (at as Record<string, unknown>)[keys.at(-1) ?? ''] = `«${i}»`;
  });
  return changes.reduce((text, [, json], i) => text.replace(`"«${i}»"`, () => json), JSON.stringify(copy));
}

function ordinary(sequence: number, contractId: string, version: number): object {
  const event = envelope(sequence, contractId, version, {
    amount: '1.00 RUB',
    dueAt: '2026-10-05T21:00:00Z',
  });
  const reason = { code: 'price', text: 'too high' };
  return { ...event, data: { ...event.data, change: { ...event.data.change, reason } } };
}

function told(contractId: string): object {
  const lastEvent = ordinary(1, contractId, 3) as ReturnType<typeof envelope>;
  const { contract } = lastEvent.data;
  const state = { status: 'sent', since: lastEvent.time, severity: 'info', actionRequired: true };
  return { contract, ...state, lastEventId: lastEvent.id, lastEvent };
}

const VIEWS = ['all', 'unread', 'action_required', 'overdue', 'due_soon', 'snoozed', 'muted'] as const;
const RANGE = { offset: 0, limit: 100 };

/** Everything a window or main can ask of the ledger. */
async function askEverything(fixture: Fixture): Promise<void> {
  const { accountId } = fixture;
  const core = fixture.core();
  await core.receipt(accountId, START);
  for (const view of VIEWS) await core.readView(accountId, { view, text: '' }, RANGE);
  for (const by of SORT_KEYS) {
    for (const descending of [true, false]) {
      await core.readView(accountId, { view: 'all', text: '', sort: { by, descending } }, RANGE);
    }
  }
  await core.readView(accountId, { view: 'all', text: 'contract price' }, RANGE);
  const { rows } = await core.exportRows(accountId, { view: 'all', text: '' }, RANGE);
  for (const { row } of rows) expect(await core.contract(accountId, row.contractId)).not.toBeNull();
  await core.overview(accountId, 30, START);
  await core.away(accountId);
  await core.facets(accountId, 'p');
  await core.gaps(accountId, 'all');
  await fixture.settle();
  await core.maintain({ maxAgeMs: 86_400_000, maxBytes: null }, START + 1000);
  core.rest();
  await core.diagnostics();
  await core.facts(accountId);
}

/** Raw SQL: how many are stored, and how many set aside with a reason. */
function kept(fixture: Fixture): { stored: number; aside: number; keys: number } {
  const one = (sql: string): number => fixture.query<{ n: number }>(sql)[0]?.n ?? 0;
  return {
    stored: one('SELECT count(*) AS n FROM raw_envelope JOIN event USING (event_rowid)'),
    keys: one('SELECT count(*) AS n FROM event_key'),
    aside: one(`SELECT count(*) AS n FROM quarantine WHERE reason <> ''`),
  };
}

async function played(run: (fixture: Fixture) => Promise<void>): Promise<void> {
  const fixture = await openFixture();
  try {
    await run(fixture);
    await askEverything(fixture);
    await fixture.reopen();
    await askEverything(fixture);
  } finally {
    fixture.dispose();
  }
}

/** More of them by hand: `LEDGER_RUNS=500 npx vitest run electron/ledger/odd-events`. */
const RUNS = Number(process.env['LEDGER_RUNS'] ?? 60);
const LIMIT_MS = propertyLimit(RUNS);

test(
  'whatever JSON stands in any field of an event: stored or set aside, and the stream goes on',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(spoiled(EVENT_FIELDS), { minLength: 1, maxLength: 5 }), (list) =>
        played(async (fixture) => {
          await fixture.append(change(1, 'C-1', 1));
          const items = list.map((changes, i): StreamItem => {
            const item = statusItem(envelope(2 + i, `C-${i}`, 2));
            return { ...item, data: textOf(ordinary(2 + i, `C-${i}`, 2), changes) } as StreamItem;
          });
          const outcome = await fixture.append(...items);
          expect(outcome.stored + outcome.duplicates + outcome.quarantined).toBe(items.length);
          expect(outcome.cursor).toBe(idOf(1 + items.length));
          const next = 2 + items.length;
          const good = await fixture.append(change(next, 'C-good', 1), head(idOf(next)));
          expect(good).toMatchObject({ stored: 1, cursor: idOf(next) });
          const { stored, aside } = kept(fixture);
          expect(stored).toBe(2 + outcome.stored);
          expect(aside).toBe(outcome.quarantined);
        }),
      ),
      propertyRuns('any JSON in an event', RUNS, LIMIT_MS),
    );
  },
  LIMIT_MS + 30_000,
);

test(
  'whatever JSON stands in any field of a history: stored or set aside, and the others are merged',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(spoiled(EVENT_FIELDS), { minLength: 1, maxLength: 5 }), (list) =>
        played(async (fixture) => {
          await fixture.append(change(50, 'C-1', 50), head(idOf(50)));
          const texts = list.map((changes, i) => textOf(ordinary(2 + i, 'C-1', 2 + i), changes));
          const good = JSON.stringify(ordinary(40, 'C-1', 40));
          const merged = await fixture
            .core()
            .mergeHistory(fixture.accountId, 'C-1', [...texts, good], START, true);
          const { stored, aside } = kept(fixture);
          expect(stored).toBe(1 + merged.stored);
          expect(merged.stored).toBeGreaterThan(0);
          expect(merged.stored + merged.unreadable).toBeLessThanOrEqual(texts.length + 1);
          expect(aside).toBeLessThanOrEqual(merged.unreadable);
          expect(aside > 0).toBe(merged.unreadable > 0);
        }),
      ),
      propertyRuns('any JSON in a history', RUNS, LIMIT_MS),
    );
  },
  LIMIT_MS + 30_000,
);

test(
  'whatever JSON stands in any field of a snapshot: shown or set aside with a gap, the others are shown',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(spoiled(CONTRACT_FIELDS), { minLength: 1, maxLength: 5 }), (list) =>
        played(async (fixture) => {
          const texts = [
            ...list.map((changes, i) => textOf(told(`C-${i}`), changes)),
            JSON.stringify(told('C-good')),
          ];
          const json = `{"asOf":"${idOf(10)}","at":"2026-10-02T09:00:00Z","next":null,"contracts":[${texts.join(',')}]}`;
          const page = readSnapshotPage(json);
          if (!page.ok) throw new Error(page.reason);
          const { contracts, unreadable } = page.value;
          expect(contracts.length + unreadable.length).toBe(texts.length);
          const core = fixture.core();
          await core.beginSnapshot(fixture.accountId, page.value);
          await core.stageSnapshot(fixture.accountId, contracts, unreadable);
          await core.finishSnapshot(fixture.accountId, START);
          const shown = await core.readView(fixture.accountId, { view: 'all', text: '' }, RANGE);
          expect(shown.total).toBe(new Set(contracts.map(({ contract }) => contract.id)).size);
          expect(shown.rows.map((row) => row.contractId)).toContain('C-good');
          const gaps = await core.gaps(fixture.accountId, 'open');
          expect(gaps.length > 0).toBe(unreadable.length > 0);
          expect((await fixture.append(change(11, 'C-good', 4))).stored).toBe(1);
        }),
      ),
      propertyRuns('any JSON in a snapshot', RUNS, LIMIT_MS),
    );
  },
  LIMIT_MS + 30_000,
);
