import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ViewFilter, ViewRule } from '../../../protocol/filter.ts';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, envelope, START } from '../testing/make.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

const party = (name: string): ViewFilter => ({ view: 'all', text: '', conditions: { parties: [name] } });
const words = (text: string): ViewFilter => ({ view: 'all', text });

async function save(name: string, filter: ViewFilter, notify?: ViewRule): Promise<number> {
  await fixture
    .core()
    .saveView(fixture.accountId, { savedId: null, name, filter, ...(notify && { notify }) });
  return (await fixture.core().savedViews(fixture.accountId)).at(-1)?.savedId ?? 0;
}
const ruleOf = async (contractId: string) =>
  (await fixture.core().standing(fixture.accountId, contractId))?.rule;
async function needing(): Promise<number> {
  const range = { offset: 0, limit: 1 };
  return (await fixture.core().readView(fixture.accountId, words(''), range)).counts.needing;
}

test('of several views the most telling rule holds, whatever their order; one without a rule has no say', async () => {
  await fixture.append(
    change(1, 'C-1', 1, { party: 'Acme', title: 'Lease of a boat' }),
    change(2, 'C-2', 1, { party: 'Acme' }),
    change(3, 'C-3', 1, { party: 'Zenith' }),
  );
  await save('All', words(''));
  await save('Not', party('Acme'), 'not');
  await save('Quietly', words('lease'), 'quietly');
  const toast = await save('Toast', words('boat'), 'toast');
  expect(await Promise.all(['C-1', 'C-2', 'C-3', 'C-?'].map(ruleOf))).toEqual([
    'toast',
    'not',
    'usual',
    undefined,
  ]);
  await fixture.core().removeView(fixture.accountId, toast);
  expect(await ruleOf('C-1')).toBe('quietly');
  await fixture.reopen();
  expect(await ruleOf('C-1')).toBe('quietly');
});

test('a new name or filter leaves the rule, and a new rule the others', async () => {
  const savedId = await save('Acme', party('Acme'), 'quietly');
  const core = fixture.core();
  await core.saveView(fixture.accountId, { savedId, name: 'Boats', filter: words('boat') });
  const views = await core.savedViews(fixture.accountId);
  expect(views).toMatchObject([{ name: 'Boats', filter: words('boat'), notify: 'quietly' }]);
  fixture.query(`UPDATE saved_view SET notify = 'by_pigeon'`);
  expect(await fixture.core().savedViews(fixture.accountId)).toMatchObject([{ notify: 'usual' }]);
});

test('each news comes with the rule of its contract as the news itself has made it', async () => {
  await save('Signed', { view: 'all', text: '', conditions: { statuses: ['signed'] } }, 'toast');
  const { fresh } = await fixture.append(
    change(1, 'C-1', 1, { to: 'signed' }),
    change(2, 'C-2', 1, { to: 'viewed' }),
  );
  expect(fresh.map(({ contractId, rule }) => [contractId, rule])).toEqual([
    ['C-1', 'toast'],
    ['C-2', 'usual'],
  ]);
  const { fresh: repaired } = await fixture.history('C-2', [
    envelope(2, 'C-2', 1),
    envelope(3, 'C-2', 2, { to: 'signed' }),
  ]);
  expect(repaired.map(({ rule }) => rule)).toEqual(['toast']);
});

test('what a view wants told is not lost among news that nobody wants', async () => {
  await save('Acme', party('Acme'), 'toast');
  const rest = Array.from({ length: 300 }, (_, n) => change(n + 2, `C-${n % 200}`, 1 + Math.floor(n / 200)));
  const { fresh } = await fixture.append(change(1, 'C-ACME', 1, { party: 'Acme' }), ...rest);
  expect(fresh.length).toBeLessThanOrEqual(100);
  expect(fresh.filter(({ rule }) => rule === 'toast').map(({ contractId }) => contractId)).toEqual([
    'C-ACME',
  ]);
});

test('what lies in a view that is not told needs nobody outside the window, as long as it does', async () => {
  const need = { actionRequired: true };
  await fixture.append(
    change(1, 'C-1', 1, { ...need, party: 'Acme' }),
    change(2, 'C-2', 1, { ...need, party: 'Acme', title: 'Lease' }),
    change(3, 'C-3', 1, need),
    change(4, 'C-4', 1, { party: 'Acme' }),
  );
  const core = fixture.core();
  expect(await needing()).toBe(3);
  const savedId = await save('Acme', party('Acme'), 'not');
  expect(await needing()).toBe(1);
  await core.perform(fixture.accountId, ['C-1'], { do: 'mute', muted: true }, START);
  expect(await needing()).toBe(1);
  await save('Leases', words('lease'), 'quietly');
  expect(await needing()).toBe(2);
  await core.saveView(fixture.accountId, { savedId, name: 'A', filter: party('Acme'), notify: 'usual' });
  expect(await needing()).toBe(2);
  await core.perform(fixture.accountId, ['C-1'], { do: 'mute', muted: false }, START);
  expect(await needing()).toBe(3);
});
