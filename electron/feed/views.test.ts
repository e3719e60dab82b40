import { expect, test } from 'vitest';
import type { ViewCounts, ViewMessage } from '../../protocol/view.ts';
import type { Ledger, ViewUpdate } from '../ledger/types.ts';
import { createManualClock } from '../stream/testing.ts';
import { createViews, type Views } from './views.ts';

const FILTER = { view: 'all', text: '' } as const;
const RANGE = { offset: 0, limit: 50 };

/** Lets promise callbacks run; timers are the manual clock's. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

interface Begun {
  readonly views: Views;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly sent: ViewMessage[];
  /** How the ledger was asked, in turn. */
  readonly asked: string[];
  /** What it answers next; its rows are new each time unless told otherwise. */
  answer: (how: string) => ViewUpdate | Promise<ViewUpdate>;
  pass(ms: number): Promise<void>;
}

const counts = (all: number): ViewCounts => ({ all }) as ViewCounts;
const told = (all: number): ViewUpdate => ({
  counts: counts(all),
  isBehind: false,
  page: { total: 1, waiting: 0, rows: ['1/a'] },
});

/** `paints`: the window says so at once. */
function begin({ paints = true } = {}): Begun {
  const clock = createManualClock();
  const begun: Begun = {
    clock,
    sent: [],
    asked: [],
    answer: () => told(1),
    views: createViews({
      ledger: {
        async tellView(_account: number, _view: unknown, how: string) {
          begun.asked.push(how);
          return begun.answer(how);
        },
        releaseView: async () => {},
        holdView: async () => {},
      } as unknown as Ledger,
      accountId: 1,
      clock,
      send(message) {
        begun.sent.push(message);
        if (paints) begun.views.painted(message.viewId, message.seq);
      },
      onCounts: () => {},
      onFailure(error) {
        throw error;
      },
    }),
    async pass(ms) {
      for (let left = ms; left > 0; left -= 4) {
        clock.advance(4);
        await turn();
      }
    },
  };
  return begun;
}

test('counts that change while no row does are told four times a second, a changed row within a frame', async () => {
  const begun = begin();
  const { views, sent } = begun;
  await views.open(FILTER, RANGE);
  let all = 1;
  begun.answer = (how) => (how === 'rows' ? { counts: counts(all), isBehind: true, page: null } : told(all));
  while (all <= 60) {
    all += 1;
    views.publish();
    await begun.pass(16);
  }
  expect(sent.length).toBeGreaterThanOrEqual(3);
  expect(sent.length).toBeLessThanOrEqual(6);
  await begun.pass(300);
  expect(sent.at(-1)?.counts.all).toBe(61);

  const before = sent.length;
  begun.answer = () => told(61);
  views.publish();
  await begun.pass(20);
  expect(sent).toHaveLength(before + 1);
  await views.close();
});

test('a view has one message on its way: the next is read when the window has painted, or says nothing for half a second', async () => {
  const begun = begin({ paints: false });
  const { views, sent, asked } = begun;
  const { viewId } = await views.open(FILTER, RANGE);
  asked.length = 0;
  const flood = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 16) {
      views.publish();
      await begun.pass(16);
    }
  };
  await flood(200);
  expect(sent).toHaveLength(1);
  expect(asked).toEqual(['rows']);
  views.painted(viewId, sent[0]!.seq);
  await flood(200);
  expect(sent).toHaveLength(2);
  // A window that has gone silent is not given up.
  await flood(1_000);
  expect(sent.length).toBeGreaterThanOrEqual(3);
  expect(sent.length).toBeLessThanOrEqual(4);
  expect(sent.map(({ seq }) => seq)).toEqual(sent.map((_, at) => at + 2));
  await views.close();
});

test('what was read for a range that is not asked for any more is not sent, and nothing of it is missing afterwards', async () => {
  const begun = begin();
  const { views, sent, asked } = begun;
  const { viewId } = await views.open(FILTER, RANGE);
  let come = (): void => {};
  const late = new Promise<ViewUpdate>((resolve) => (come = () => resolve(told(1))));
  begun.answer = (how) => (how === 'whole' ? Promise.reject(new Error('the ledger is away')) : late);
  views.publish();
  await begun.pass(20);
  await expect(views.read(viewId, { offset: 25, limit: 50 })).rejects.toThrow('away');
  come();
  await turn();
  expect(sent).toEqual([]);
  begun.answer = () => told(1);
  views.publish();
  await begun.pass(200);
  expect(asked.at(-1)).toBe('whole');
  expect(sent).toHaveLength(1);
  await views.close();
});

test('whoever waits for the window hears when it has painted, or has asked', async () => {
  const begun = begin({ paints: false });
  const { views, clock, sent } = begun;
  const heard: string[] = [];
  const wait = () => void views.whenTold().then((how) => heard.push(how));
  wait();
  await turn();
  expect(heard).toEqual([]);
  const { viewId } = await views.open(FILTER, RANGE);
  expect(heard).toEqual(['answered']);
  clock.advance(1_000);
  wait();
  views.publish(true);
  await turn();
  expect(sent).toHaveLength(1);
  expect(heard).toEqual(['answered']);
  views.painted(viewId, sent[0]!.seq);
  await turn();
  expect(heard).toEqual(['answered', 'told']);
  await views.close();
});
