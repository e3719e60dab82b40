import type { Electron } from '../app/electron.ts';
import { ANNA } from '../app/protocol.ts';
import type { BenchServer } from '../app/server.ts';
import { measureCase } from '../harness/measure.ts';
import type { BenchContext, Contender, MeasuredCase } from '../harness/types.ts';

/** What a person does in the window, and how soon it is seen. */

export const ARRIVING_PER_S = 1_000;
/** A frame of 60 a second with room for its timer, ms. */
export const FRAME_MS = 20;
/** About forty rows a second. */
export const SCROLL_STEP = 40;
/** An action whose result was not seen by then counts as so long, ms. */
const ACTION_MS = 5_000;

export type Figures = Readonly<Record<string, number>>;
/** Of the main thread, over 50 ms. */
export interface Task {
  readonly start: number;
  readonly ms: number;
}

/** While the simulator's changes come in, as many as are asked for. */
export async function whileArriving<T>(server: BenchServer, ms: number, use: () => Promise<T>): Promise<T> {
  const arriving = server.run(ANNA.id, ARRIVING_PER_S, ms);
  const result = await use();
  await arriving;
  return result;
}

const ROW = '[data-testid="row"]';

/** From each click to the end of the frame that shows the contract’s timeline, in the page’s own time. */
export async function openRows(app: Electron): Promise<Figures> {
  const before = await app.page<number>('performance.now()');
  const times: number[] = [];
  for (const nth of [0, 2, 4]) {
    // In one go: between two, the rows may have changed places.
    times.push(
      await app.page<number>(
        `(async () => {
          const row = document.querySelectorAll('${ROW}')[${nth}];
          const pane = '[data-testid="contract-pane"][data-contract-id="' + row.dataset.contractId + '"]';
          const from = performance.now();
          row.click();
          const late = new Promise((resolve) => setTimeout(() => resolve(from + ${ACTION_MS}), ${ACTION_MS}));
          return (await Promise.race([bench.painted(pane + ' [data-testid="timeline"]'), late])) - from;
        })()`,
      ),
    );
  }
  const tasks = await app.page<readonly Task[]>(`bench.longTasks.filter(({ start }) => start >= ${before})`);
  return { ms: Math.max(...times), task: Math.max(0, ...tasks.map((task) => task.ms)) };
}

/** Scrolls and answers what the frames and the main thread did meanwhile. */
export async function scroll(electron: Electron, selector: string, ms: number): Promise<Figures> {
  const [intervals, tasks] = await electron.page<readonly [readonly number[], readonly Task[]]>(
    `(async () => {
      const from = performance.now();
      const intervals = await bench.scroll(${JSON.stringify(selector)}, ${ms}, ${SCROLL_STEP});
      return [intervals, bench.longTasks.filter(({ start }) => start >= from)];
    })()`,
  );
  const good = intervals.filter((interval) => interval <= FRAME_MS).length;
  return {
    share: (100 * good) / intervals.length,
    longest: Math.max(...intervals),
    task: Math.max(0, ...tasks.map((task) => task.ms)),
  };
}

/** Searches for a word of the first row as a person does, and empties the field again. */
async function search(app: Electron): Promise<Figures> {
  const before = await app.page<number>('performance.now()');
  const total = `document.querySelector('[data-testid="feed"]')?.getAttribute('aria-rowcount')`;
  const word = await app.page<string>(
    `document.querySelector('${ROW} .row-title').textContent.match(/[\\p{L}]{4,}/u)?.[0] ?? 'paper'`,
  );
  const type = (text: string): Promise<number> =>
    app.page<number>(
      `(async () => {
        const field = document.querySelector('.search input');
        const before = ${total};
        const from = performance.now();
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, ${JSON.stringify(text)});
        field.dispatchEvent(new Event('input', { bubbles: true }));
        while ((${total} === before || ${total} === '-1') && performance.now() < from + ${ACTION_MS})
          await new Promise(requestAnimationFrame);
        return (await bench.painted('body')) - from;
      })()`,
    );
  const ms = await type(word);
  await type('');
  const tasks = await app.page<readonly Task[]>(`bench.longTasks.filter(({ start }) => start >= ${before})`);
  return { ms, task: Math.max(0, ...tasks.map((task) => task.ms)) };
}

export function measureActions(
  apps: { readonly small: Electron; readonly large: Electron },
  server: BenchServer,
  plan: { readonly title: string; readonly rounds: number },
  context: BenchContext,
): Promise<MeasuredCase> {
  const ms = 3_000;
  const contenders: readonly Contender[] = [
    { name: 'open a contract', role: 'reference', repeat: () => openRows(apps.large) },
    {
      name: `open a contract, ${ARRIVING_PER_S} events/s arriving`,
      role: 'reference',
      repeat: () => whileArriving(server, ms, () => openRows(apps.large)),
    },
    {
      name: 'open a contract, all but empty ledger',
      role: 'reference',
      repeat: () => openRows(apps.small),
    },
    { name: 'search for a word', role: 'reference', repeat: () => search(apps.large) },
  ];
  return measureCase(
    {
      title: plan.title,
      metrics: [
        { key: 'ms', label: 'painted after, ms', better: 'less', compared: false },
        { key: 'task', label: 'longest task, ms (0: none over 50)', better: 'less', compared: false },
      ],
      contenders,
      targets: [],
      rounds: plan.rounds,
      warmups: 1,
      notes: [
        'Of three contracts opened one after the other the slowest. A search includes the field’s own wait for more letters.',
      ],
    },
    context,
  );
}
