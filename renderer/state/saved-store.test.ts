import { describe, expect, it } from 'vitest';
import type { ViewFilter } from '../../protocol/filter.ts';
import { createFakePulse } from '../testing/fake-pulse.ts';
import { createApi } from './api.ts';
import { createActionStore } from './action-store.ts';
import { createSavedStore, sameFilter } from './saved-store.ts';

async function setUp() {
  const api = createApi(createFakePulse(new URLSearchParams('count=40&saved=3')));
  const contractActions = createActionStore(api, () => null);
  const saved = createSavedStore(api, contractActions);
  await saved.read();
  return { contractActions, saved, names: () => saved.getState().views.map((view) => view.name) };
}

describe('saved views', () => {
  it('are saved, renamed and moved, with the number of contracts in each', async () => {
    const { saved, names } = await setUp();
    await saved.save('Everything', { view: 'all', text: '' });
    expect(names()).toEqual(['Steel, large amounts', 'Out for signature', 'Problems', 'Everything']);
    const made = saved.getState().views[3]!;
    expect(made.count).toBe(40);
    await saved.move(made.savedId, -2);
    await saved.rename(made.savedId, 'All of it');
    expect(names()).toEqual(['Steel, large amounts', 'All of it', 'Out for signature', 'Problems']);
    await saved.move(made.savedId, -9);
    expect(names()[0]).toBe('All of it');
  });

  it('keep a span of days as it was asked, so that it goes with the time', async () => {
    const { saved } = await setUp();
    const filter: ViewFilter = {
      view: 'all',
      text: '',
      conditions: { period: { lastDays: 7 }, due: { withinDays: 30 } },
    };
    await saved.save('This week', filter);
    expect(saved.getState().views[3]?.filter).toEqual(filter);
    expect(sameFilter(saved.getState().views[3]!.filter, filter)).toBe(true);
    expect(sameFilter({ ...filter, conditions: { period: { lastDays: 7 } } }, filter)).toBe(false);
  });

  it('come back to their place when a deletion is undone', async () => {
    const { saved, contractActions, names } = await setUp();
    const before = names();
    await saved.remove(saved.getState().views[1]!.savedId);
    expect(names()).toEqual(['Steel, large amounts', 'Problems']);
    expect(contractActions.getState().done).toMatchObject({
      what: 'view_removed',
      name: 'Out for signature',
    });
    await contractActions.undo();
    expect(names()).toEqual(before);
  });

  it('keep their notifications when they are renamed, and come back with them', async () => {
    const { saved, contractActions } = await setUp();
    const { savedId } = saved.getState().views[0]!;
    const answered = saved.setNotifications(savedId, { notify: 'not' });
    expect(saved.getState().views[0]?.notify).toBe('not');
    await answered;
    await saved.setNotifications(savedId, { remindDays: 7 });
    await saved.rename(savedId, 'Steel');
    const kept = { name: 'Steel', notify: 'not', remindDays: 7 };
    expect(saved.getState().views[0]).toMatchObject(kept);
    await saved.remove(savedId);
    await contractActions.undo();
    expect(saved.getState().views[0]).toMatchObject(kept);
  });

  it('take another filter, and the old one back', async () => {
    const { saved, contractActions } = await setUp();
    const [first] = saved.getState().views;
    await saved.change(first!.savedId, { view: 'muted', text: '' });
    expect(saved.getState().views[0]).toMatchObject({ name: first!.name, filter: { view: 'muted' } });
    await contractActions.undo();
    expect(saved.getState().views[0]?.filter).toEqual(first!.filter);
  });

  it('are gone again when saving is undone', async () => {
    const { saved, contractActions, names } = await setUp();
    await saved.save('Everything', { view: 'all', text: '' });
    await contractActions.undo();
    expect(names()).toHaveLength(3);
  });
});
