import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase, type OpenedDatabase } from '../storage/database.ts';
import { openFixture, openTestCore, type Fixture } from '../testing/fixture.ts';
import { change, KEY, START } from '../testing/make.ts';
import { VIEW_RULES, type ViewFilter, type ViewRule } from '../../../protocol/filter.ts';
import type { LedgerAction } from '../types.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

/** The same numbers at each run (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const CONTRACTS = 12;
const HOUR = 3_600_000;

test('after each of a thousand things done, the badge is what needs the user and is not muted, by itself or its view: by count, by rows and in the file', async () => {
  const random = createRandom(20_261_201);
  const versions = new Map<string, number>();
  const done: number[] = [];
  let sequence = 0;
  let now = START;
  let opened: OpenedDatabase | null = null;
  const core = openTestCore(
    join(fixture.folder, 'badge.db'),
    [],
    (...how) => (opened = openDatabase(...how)),
  );
  const { accountId } = await core.account(KEY);
  /** What the view of one party's contracts says; the other view has no rule. */
  let rule: ViewRule = 'usual';
  const untold: ViewFilter = { view: 'all', text: '', conditions: { parties: ['Acme'] } };
  await core.saveView(accountId, { savedId: null, name: 'Acme', filter: untold });
  await core.saveView(accountId, { savedId: null, name: 'All', filter: { view: 'all', text: '' } });
  const pick = (): string => `C-${random(CONTRACTS)}`;

  async function perform(action: LedgerAction): Promise<void> {
    const { undoId } = await core.perform(accountId, [pick(), pick()], action, now);
    if (undoId !== null) done.push(undoId);
  }

  const things: readonly (() => Promise<unknown>)[] = [
    async () => {
      const id = pick();
      const version = (versions.get(id) ?? 0) + 1;
      versions.set(id, version);
      const actionRequired = random(2) === 0;
      const party = random(3) === 0 ? 'Acme' : 'Zenith';
      return core.append(accountId, [change(++sequence, id, version, { actionRequired, party })], now);
    },
    async () => {
      rule = VIEW_RULES[random(VIEW_RULES.length)] ?? 'usual';
      const [view] = await core.savedViews(accountId);
      return core.saveView(accountId, {
        savedId: view?.savedId ?? 0,
        name: 'Acme',
        filter: untold,
        notify: rule,
      });
    },
    () => perform({ do: 'read', read: random(2) === 0 }),
    () => perform({ do: 'mute', muted: random(2) === 0 }),
    () => perform({ do: 'snooze', until: random(3) === 0 ? null : now + (1 + random(9)) * HOUR }),
    () => perform({ do: 'unsnooze' }),
    () => perform({ do: 'acknowledge', dueAt: now + 8_000 }),
    async () => core.undo(accountId, done.splice(random(Math.max(1, done.length)), 1)[0] ?? 0, now),
    async () => {
      now += random(4) * HOUR;
      return core.wakeSnoozed(accountId, now);
    },
  ];

  const inFile = (opened as OpenedDatabase | null)!.db.prepare(
    `SELECT count(*) AS n FROM contract WHERE action_open = 1 AND muted = 0 AND snoozed_until IS NULL
     AND (counterparties NOT LIKE '%Acme%' OR ? <> 'not')`,
  );
  let most = 0;
  for (let step = 0; step < 1_000; step += 1) {
    await things[random(4) === 0 ? 0 : random(things.length)]?.();
    const { rows, counts } = await core.readView(
      accountId,
      { view: 'action_required', text: '' },
      { offset: 0, limit: 500 },
    );
    const file = inFile.get(rule) as { readonly n: number };
    const isTold = (names: string): boolean => rule !== 'not' || !names.includes('Acme');
    expect(rows.filter((row) => !row.muted && isTold(JSON.stringify(row.counterparties)))).toHaveLength(
      counts.needing,
    );
    expect(counts.needing).toBe(file.n);
    most = Math.max(most, counts.needing);
  }
  core.close();
  expect(most).toBeGreaterThan(3);
});
