import { expect, test } from 'vitest';
import type { ViewCounts, ViewMessage } from '../../protocol/view.ts';
import type { Ledger, ViewPage } from '../ledger/types.ts';
import { createManualClock } from '../stream/testing.ts';
import { createViews } from './views.ts';

/** Lets promise callbacks run; timers are the manual clock's. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test('counts that change while no row does are told four times a second, a changed row within a frame', async () => {
  const clock = createManualClock();
  const sent: ViewMessage[] = [];
  let page = { total: 1, rows: [{ key: '1/a' }], counts: { all: 1 } as ViewCounts } as unknown as ViewPage;
  const views = createViews({
    ledger: { readView: async () => page } as unknown as Ledger,
    accountId: 1,
    clock,
    send: (batch) => sent.push(batch),
    onCounts: () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  await views.open({ view: 'all', text: '' }, { offset: 0, limit: 50 });
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 4) {
      clock.advance(4);
      await turn();
    }
  }

  for (let all = 2; all <= 61; all += 1) {
    page = { ...page, counts: { all } as ViewCounts };
    views.publish();
    await pass(16);
  }
  expect(sent.length).toBeGreaterThanOrEqual(3);
  expect(sent.length).toBeLessThanOrEqual(6);
  await pass(300);
  expect(sent.at(-1)?.counts.all).toBe(61);

  const before = sent.length;
  page = { ...page, rows: [{ key: '1/b' }, { key: '1/a' }] } as unknown as ViewPage;
  views.publish();
  await pass(20);
  expect(sent).toHaveLength(before + 1);
  expect(sent.at(-1)?.rows).toEqual([{ key: '1/b' }, '1/a']);
  await views.close();
});

test('whoever waits for the window hears when it has been told, or has asked', async () => {
  const clock = createManualClock();
  const page = { total: 0, rows: [], counts: { all: 0 } as ViewCounts } as unknown as ViewPage;
  const views = createViews({
    ledger: { readView: async () => page } as unknown as Ledger,
    accountId: 1,
    clock,
    send: () => {},
    onCounts: () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  const heard: string[] = [];
  const wait = () => void views.whenTold().then((how) => heard.push(how));
  wait();
  views.publish(true);
  await turn();
  expect(heard).toEqual([]);
  await views.open({ view: 'all', text: '' }, { offset: 0, limit: 50 });
  expect(heard).toEqual(['answered']);
  clock.advance(1_000);
  views.publish(true);
  wait();
  await turn();
  expect(heard).toEqual(['answered', 'told']);
  await views.close();
});
