import { copyFileSync, existsSync, rmSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyLimit, propertyRuns } from '../integration/seed.ts';
import { openFixture, type Fixture } from './testing/fixture.ts';
import { KEY, START, type Envelope } from './testing/make.ts';
import { createModel, NO_FAULTS, repair, type Faults, type Model } from './testing/model.ts';

/** More of them by hand: `LEDGER_RUNS=2000 npx vitest run electron/ledger/property`. */
const RUNS = Number(process.env['LEDGER_RUNS'] ?? 60);
const LIMIT_MS = propertyLimit(RUNS);

const percent = fc.integer({ min: 0, max: 30 });
const faults = fc.record({ omit: percent, duplicate: percent, swap: percent, garble: percent });

type Step =
  | { readonly do: 'publish'; readonly contracts: readonly number[] }
  | { readonly do: 'deliver'; readonly faults: Faults; readonly dice: readonly number[] }
  | { readonly do: 'replay'; readonly count: number }
  | { readonly do: 'goBack'; readonly count: number }
  // The server goes back or forgets everything, and its stream simply goes on, as if nothing had happened.
  | { readonly do: 'lostTail'; readonly count: number; readonly contracts: readonly number[] }
  | { readonly do: 'beginAgain'; readonly contracts: readonly number[] }
  | { readonly do: 'preview'; readonly most: number }
  | { readonly do: 'poorRepair'; readonly dice: readonly number[]; readonly behind: number }
  | {
      readonly do:
        'head' | 'repair' | 'forget' | 'epoch' | 'staleEpoch' | 'restart' | 'keepCopy' | 'putBackCopy';
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      contracts: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 12 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      faults,
      dice: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 7, maxLength: 31 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('replay' as const), count: fc.integer({ min: 1, max: 20 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('poorRepair' as const),
      dice: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 3, maxLength: 7 }),
      behind: fc.integer({ min: 0, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('goBack' as const), count: fc.integer({ min: 1, max: 9 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('lostTail' as const),
      count: fc.integer({ min: 1, max: 9 }),
      contracts: fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('beginAgain' as const),
      contracts: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 12 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'head',
        'head',
        'repair',
        'repair',
        'forget',
        'epoch',
        'staleEpoch',
        'restart',
        'keepCopy',
        'putBackCopy',
      ),
    }) as fc.Arbitrary<Step>,
  },
);

const stepOrPreview: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: step },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('preview' as const), most: fc.integer({ min: 1, max: 9 }) }),
  },
);

/** As after any break of the connection: the server is told our cursor, and says so when it does not fit. */
async function connect(fixture: Fixture, model: Model): Promise<void> {
  const { cursor } = await fixture.core().account(KEY);
  await fixture.append(...model.connect(cursor));
}

/** On the same connection: what the log has now, and heads that show where it ends. */
async function goOn(fixture: Fixture, model: Model, contracts: readonly number[]): Promise<void> {
  for (const contract of contracts) model.publish(contract);
  await fixture.append(...model.deliver(NO_FAULTS, () => 99), model.head(), model.head());
}

/** What a preview was taken of: each contract's version as it stood then. */
const previewed = new WeakMap<Model, ReadonlyMap<string, number>>();

/** In pages of two; beyond `most` contracts it is cut short. */
async function preview(fixture: Fixture, model: Model, most: number): Promise<void> {
  const { accountId } = fixture;
  const since = await fixture.core().previewFrom(accountId);
  const answer = since === null ? null : model.preview(since);
  if (since === null || answer === null) return;
  const { asOf, items } = answer;
  const page = { since, asOf, at: model.at() };
  previewed.set(model, versionsOf(model));
  const count = Math.min(items.length, most);
  const end = count < items.length ? 'cut' : 'whole';
  for (let from = 0; from === 0 || from < count; from += 2) {
    const contracts = items.slice(from, Math.min(from + 2, count));
    const part = { ...page, contracts, end: from + 2 >= count ? end : 'more' } as const;
    if ((await fixture.core().preview(accountId, part, START)) === null) return;
  }
}

const versionsOf = (model: Model): ReadonlyMap<string, number> =>
  new Map(model.log.map((event) => [event.data.contract.id, event.data.contract.version]));

async function play(fixture: Fixture, model: Model, next: Step): Promise<void> {
  switch (next.do) {
    case 'lostTail':
    case 'beginAgain':
      // What a log of another epoch told of is not lost with this one's: a snapshot without it proves nothing.
      if (next.do === 'beginAgain' && !model.isOneEpoch()) return;
      await fixture.append(...model.deliver(NO_FAULTS, () => 99), ...model.replay(9));
      rmSync(`${fixture.path}.copy`, { force: true });
      if (next.do === 'lostTail') model.goBack(next.count, model.before());
      else model.beginAgain();
      model.changeContent();
      await goOn(fixture, model, next.contracts);
      return;
    case 'publish':
      for (const contract of next.contracts) model.publish(contract);
      return;
    case 'deliver': {
      let throwIndex = 0;
      const chance = (): number => next.dice[throwIndex++ % next.dice.length] ?? 99;
      await fixture.append(...model.deliver(next.faults, chance));
      return;
    }
    case 'replay':
      await fixture.append(...model.replay(next.count));
      return;
    case 'head':
      await fixture.append(...model.deliver(NO_FAULTS, () => 99), model.head());
      return;
    case 'repair':
      await repair(fixture, model, START);
      return;
    case 'forget':
      await fixture.append(...model.forget());
      return;
    case 'epoch':
      model.newEpoch();
      return;
    case 'staleEpoch':
      model.newEpoch();
      await fixture.append(...model.forget());
      return;
    case 'poorRepair': {
      // A snapshot that is a little old, and histories of which half cannot be had.
      let index = 0;
      const lost = (): boolean => (next.dice[index++ % next.dice.length] ?? 0) < 50;
      await repair(fixture, model, START, { behind: next.behind, lost });
      return;
    }
    case 'goBack':
      // A client whose cursor is not beyond what was lost could not know; a copy from before it neither.
      await fixture.append(...model.deliver(NO_FAULTS, () => 99), ...model.replay(next.count));
      rmSync(`${fixture.path}.copy`, { force: true });
      model.goBack(next.count, model.before());
      model.changeContent();
      await connect(fixture, model);
      return;
    case 'preview':
      await preview(fixture, model, next.most);
      return;
    case 'restart':
      await fixture.reopen();
      await connect(fixture, model);
      return;
    case 'keepCopy':
      fixture.close();
      copyFileSync(fixture.path, `${fixture.path}.copy`);
      await fixture.reopen();
      return;
    case 'putBackCopy':
      if (!existsSync(`${fixture.path}.copy`)) return;
      fixture.close();
      copyFileSync(`${fixture.path}.copy`, fixture.path);
      await fixture.reopen();
      await connect(fixture, model);
      return;
  }
}

async function storedIds(fixture: Fixture): Promise<Set<string>> {
  const core = fixture.core();
  const page = await core.readView(fixture.accountId, { view: 'all', text: '' }, { offset: 0, limit: 500 });
  const ids = new Set<string>();
  for (const row of page.rows) {
    const detail = await core.contract(fixture.accountId, row.contractId);
    for (const entry of detail?.timeline ?? []) ids.add(entry.eventId);
  }
  return ids;
}

async function contractsWithGap(fixture: Fixture): Promise<string[]> {
  const core = fixture.core();
  const page = await core.readView(fixture.accountId, { view: 'all', text: '' }, { offset: 0, limit: 500 });
  const details = await Promise.all(
    page.rows.map(async (row) => core.contract(fixture.accountId, row.contractId)),
  );
  return details.flatMap((detail) => (detail?.hasGap === true ? [detail.row.contractId] : []));
}

/** What the stream told and could be read is here, once, also where the server has lost it. */
async function checkKept(fixture: Fixture, model: Model): Promise<void> {
  const kept = fixture.query<{ of: string; n: number }>(
    `SELECT event_id || ' ' || contract_id || ' ' || e.version || ' ' || e.to_status AS of, count(*) AS n
     FROM event AS e JOIN contract USING (contract_rowid) GROUP BY 1`,
  );
  expect(kept.filter((each) => each.n > 1)).toEqual([]);
  const here = new Set(kept.map((each) => each.of));
  const lost = model.told.map(({ id, data: { contract, change } }) =>
    [id, contract.id, contract.version, change.to].join(' '),
  );
  expect(lost.filter((of) => !here.has(of))).toEqual([]);
}

/** "Newest states as of T" is a lie when a row is older than what stood then. */
async function checkAhead(fixture: Fixture, model: Model): Promise<void> {
  const { ahead } = await fixture.core().receipt(fixture.accountId, 0);
  if (ahead === null) return;
  const page = await fixture
    .core()
    .readView(fixture.accountId, { view: 'all', text: '' }, { offset: 0, limit: 500 });
  const shown = new Map(page.rows.map((row) => [row.contractId, row.version]));
  for (const [contractId, version] of previewed.get(model) ?? []) {
    expect(shown.get(contractId) ?? 0, contractId).toBeGreaterThanOrEqual(version);
  }
}

/** `complete up to N` is a lie when any event up to N (after the baseline) is not stored. */
async function checkHonest(fixture: Fixture, model: Model): Promise<void> {
  await checkAhead(fixture, model);
  const receipt = await fixture.core().receipt(fixture.accountId, 0);
  const incomplete = await contractsWithGap(fixture);
  if (receipt.verdict !== 'gaps') expect(incomplete).toEqual([]);
  if (receipt.verdict !== 'complete' || receipt.upToId === null) return;
  const end = model.log.findIndex((event) => event.id === receipt.upToId);
  const ids = await storedIds(fixture);
  const absent = model.log.slice(model.before(), end + 1).filter((event) => !ids.has(event.id));
  expect(absent.map((event) => event.id)).toEqual([]);
}

async function checkEnd(fixture: Fixture, model: Model): Promise<void> {
  const published = model.log.slice(model.before());
  const stored = fixture.query<{
    id: string;
    envelope: string;
    early: number;
    old: number;
    past: number;
  }>(
    `SELECT e.event_id AS id, r.envelope, e.position < ${2 ** 40} AS early, e.before_baseline AS old,
       p.kind = 'superseded' OR EXISTS (SELECT 1 FROM epoch AS later
         WHERE later.label = p.label AND later.kind = 'own' AND later.epoch_index > p.epoch_index
           AND later.first_sequence <= e.position & ${2 ** 40 - 1}) AS past
     FROM event AS e JOIN raw_envelope AS r USING (event_rowid) JOIN epoch AS p ON p.epoch_index = e.position >> 40
     ORDER BY e.position`,
  );
  // Where a log began again below the baseline, nothing but a version tells what comes from what was: it is here, but read, and
  // perhaps still in the place of what was.
  const anew = new Set(model.before() === 0 ? published.map((event) => JSON.stringify(event)) : []);
  const isAnew = (row: { readonly old: number; readonly envelope: string }): boolean =>
    row.old === 1 && anew.has(row.envelope);
  const rows = stored.filter((row) => isAnew(row) || (row.old === 0 && row.past === 0));
  // Epochs that only history told of (the account began with an empty log, and this one was over before its
  // first event came) have all their events, but their order is known within each contract only.
  const early = new Set(
    rows.filter((row) => row.early === 1 || (isAnew(row) && row.past === 1)).map((row) => row.id),
  );
  const exact = (ids: readonly string[]): string[] => ids.filter((id) => !early.has(id));
  expect(rows.map((row) => row.id).sort()).toEqual(published.map((event) => event.id).sort());
  expect(exact(rows.map((row) => row.id))).toEqual(exact(published.map((event) => event.id)));
  const envelopes = new Map(rows.map((row) => [row.id, JSON.parse(row.envelope) as unknown]));
  for (const event of published) expect(envelopes.get(event.id)).toEqual(event);
  const sums = fixture.query(
    `SELECT (SELECT sum(unread) FROM event) = (SELECT sum(unread) FROM contract) AS unread,
       (SELECT sum(changes) FROM change_count) = (SELECT count(*) FROM event) AS changes`,
  );
  if (published.length > 0) expect(sums).toEqual([{ unread: 1, changes: 1 }]);
  expect(fixture.query('SELECT contract_id FROM contract WHERE ahead <> 0 OR log_state IS NOT NULL')).toEqual(
    [],
  );
  const [counts] = fixture.query(
    `SELECT count(*) AS "all", total(unread > 0) AS unread, total(action_open) AS actionRequired FROM contract`,
  );
  // Newest change first, and each row shows its contract's newest version.
  const order = [...new Set(model.log.toReversed().map((event) => event.data.contract.id))];
  // Rows of contracts that the server lost stay as they were.
  const lastOf = (id: string): Envelope | undefined =>
    model.log.findLast((event) => event.data.contract.id === id);
  const exactRow = (id: string): boolean => {
    const last = lastOf(id)?.id;
    return last !== undefined && !early.has(last);
  };
  const page = await fixture
    .core()
    .readView(fixture.accountId, { view: 'all', text: '' }, { offset: 0, limit: 500 });
  expect(page.counts).toMatchObject(counts ?? {});
  expect(page.rows.map((row) => row.contractId).filter(exactRow)).toEqual(order.filter(exactRow));
  for (const row of page.rows) {
    const last = lastOf(row.contractId);
    if (last) expect(row.version).toBe(last.data.contract.version);
  }
}

/**
 * Every place is one event's, and a new life of the log lies above all that was lost before; but for what looks like a replay
 * of what was there before the baseline, and what looks like an event that is missing: under the id of one that never came, or
 * could not be read, with a version that fits there, it could be that very one, late.
 */
function checkPlaces(fixture: Fixture, model: Model): void {
  expect(
    fixture.query('SELECT position FROM event GROUP BY account_id, position HAVING count(*) > 1'),
  ).toEqual([]);
  const stored = fixture.query<{ position: number; envelope: string; old: number }>(
    'SELECT position, envelope, before_baseline AS old FROM event JOIN raw_envelope USING (event_rowid)',
  );
  const places = new Map(stored.map((row) => [row.envelope, row.position]));
  const replays = new Set(stored.filter((row) => row.old === 1).map((row) => row.envelope));
  const placeOf = (event: Envelope): number | undefined => places.get(JSON.stringify(event));
  const plain = model.log.filter((each) => !replays.has(JSON.stringify(each)) && !model.mayPassForLost(each));
  for (const { event, at } of model.lost) {
    const later = plain.filter((each) => model.numberOf(each) >= at).map(placeOf);
    const lost = placeOf(event) ?? 0;
    expect(later.filter((place) => place !== undefined && place >= 2 ** 40 && place <= lost)).toEqual([]);
  }
}

/** Plays the steps on a ledger of its own, from the first snapshot to the last repair. */
async function live(
  before: readonly number[],
  steps: readonly Step[],
  then: (fixture: Fixture, model: Model) => Promise<void>,
  remembers = false,
): Promise<void> {
  const model = createModel(remembers);
  const fixture = await openFixture();
  try {
    for (const contract of before) model.publish(contract);
    model.deliver(NO_FAULTS, () => 99);
    const first = model.snapshot(0, true);
    await fixture.snapshot(first.asOf, first.items, START + before.length * 1000);
    for (const each of steps) {
      await play(fixture, model, each);
      await checkHonest(fixture, model);
    }
    await goOn(fixture, model, []);
    for (let i = 0; i < 3; i++) await repair(fixture, model, START);
    await then(fixture, model);
  } finally {
    fixture.dispose();
  }
}

test(
  'any faults, then repair: exactly the published events, in order, once each, all gaps healed',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 10 }),
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.boolean(),
        async (before, steps, remembers) => {
          const check = async (fixture: Fixture, model: Model): Promise<void> => {
            expect(await fixture.core().gaps(fixture.accountId, 'open')).toEqual([]);
            await fixture.append(model.head());
            const receipt = await fixture.core().receipt(fixture.accountId, 0);
            if (model.headId() !== null) {
              expect(receipt).toMatchObject({ verdict: 'complete', upToId: model.headId(), missing: 0 });
            }
            await checkEnd(fixture, model);
            await checkKept(fixture, model);
            checkPlaces(fixture, model);
          };
          await live(before, steps, check, remembers);
        },
      ),
      propertyRuns('any faults, then repair', RUNS, LIMIT_MS),
    );
  },
  LIMIT_MS + 30_000,
);

/**
 * All that a ledger holds of contracts, events, gaps and the log, apart from numbers of rows. A first version that no list fixed has
 * the place of its event, or of the list that named a later one before that came: with a preview the list finds the row ahead.
 */
function everything(fixture: Fixture): unknown {
  const contracts = fixture.query<Record<string, unknown>>('SELECT * FROM contract ORDER BY contract_id');
  return {
    contracts: contracts.map((row) => ({
      ...row,
      contract_rowid: 0,
      base_position: row['base_fixed'] === 1 ? row['base_position'] : null,
    })),
    events: fixture.query(
      'SELECT position, event_id, version, unread, before_baseline FROM event ORDER BY event_id, position',
    ),
    keys: fixture.query('SELECT event_id, position, hash FROM event_key ORDER BY event_id'),
    epochs: fixture.query('SELECT * FROM epoch ORDER BY epoch_index'),
    gaps: fixture.query(
      'SELECT kind, epoch, from_sequence, to_sequence, missing, healed_at FROM gap ORDER BY gap_id',
    ),
    account: fixture.query(
      'SELECT cursor, current_epoch, head_id, head_sequence, baseline_position FROM account',
    ),
  };
}

test(
  'previews at any moment: in the end everything is as it would be without them',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 10 }),
        fc.array(stepOrPreview, { minLength: 1, maxLength: 25 }),
        async (before, steps) => {
          const ends: unknown[] = [];
          const without = steps.filter((each) => each.do !== 'preview');
          for (const played of [steps, without])
            await live(before, played, async (fixture) => void ends.push(everything(fixture)));
          expect(ends[0]).toEqual(ends[1]);
        },
      ),
      propertyRuns('previews at any moment', Math.ceil(RUNS / 2), LIMIT_MS),
    );
  },
  LIMIT_MS + 30_000,
);
