import { setTimeout as sleep } from 'node:timers/promises';
import { ANNA, BEN, now, type Answered, type Counted, type Durable } from '../app/protocol.ts';
import { withServer, type BenchServer } from '../app/server.ts';
import { withSurroundings, type Surroundings } from '../app/surroundings.ts';
import { measureCase } from '../harness/measure.ts';
import { summarize } from '../harness/statistics.ts';
import type { BenchContext, Benchmark, MeasuredCase, Size, Target, Verdict } from '../harness/types.ts';

interface Plan {
  readonly events: number;
  readonly rounds: number;
  /** After this the program by hand is stopped wherever it is, ms. */
  readonly handMs: number;
}

const PLANS: Readonly<Record<Size, Plan>> = {
  quick: { events: 5_000, rounds: 1, handMs: 4_000 },
  normal: { events: 100_000, rounds: 3, handMs: 6_000 },
  full: { events: 100_000, rounds: 7, handMs: 60_000 },
};
/** Changes a contract sees on average. */
const CHANGES = 10;
const INPUT_MS = 25;
const ANSWER_MS = 100;

const OURS = 'Contract Pulse: durable, in order, told complete';
const BARE = 'Chromium’s EventSource, a callback that counts';
const HAND = 'by hand: EventSource, JSON.parse, zustand, plain list';

interface Scenario {
  readonly surroundings: Surroundings;
  readonly server: BenchServer;
  readonly plan: Plan;
}

type Figures = Readonly<Record<string, number>>;

/** A fresh server that has many contracts; events come later. */
function startServer({ server, surroundings, plan }: Scenario): Promise<string> {
  const contracts = plan.events / CHANGES;
  // A log that is empty at the baseline is another story: its first epoch has to be confirmed by a repair.
  return server.start({ contracts, backlog: contracts, pageOrigin: surroundings.pageOrigin, alone: false });
}

const longest = ({ answers }: Answered): number => Math.max(0, ...answers);

async function repeatOurs(scene: Scenario): Promise<Figures> {
  const { server, surroundings, plan } = scene;
  const url = await startServer(scene);
  const profile = await surroundings.newFolder();
  const before = await surroundings.startApp({ profile, server: url });
  await before.ask({ kind: 'until', mark: 'complete' });
  await before.quit();
  const head = await server.advance(ANNA.id, plan.events);

  const app = await surroundings.startApp({ profile, server: url });
  // Before its first row there is nothing in the window that could answer.
  await app.ask({ kind: 'until', mark: 'row' });
  await app.ask({ kind: 'input', everyMs: INPUT_MS });
  await app.ask({ kind: 'untilComplete', head });
  const clock = await app.ask<number>({ kind: 'clock' });
  const shownAt =
    clock +
    (await app.page<number>(
      'bench.painted(`[data-testid="connection"][data-phase="live"] .connection-receipt`)',
    ));
  const input = await app.ask<Answered>({ kind: 'inputEnd' });
  const durable = (await app.ask<readonly Durable[]>({ kind: 'durable' })).find(
    ({ cursor }) => cursor === head,
  );
  const tasks = await app.page<readonly { ms: number }[]>('bench.longTasks');
  const openedAt = await server.openedAt();
  await app.quit();
  await server.stop();
  if (durable === undefined) throw new Error('the last event was never said to be durable');
  return {
    rate: plan.events / (shownAt - openedAt),
    seconds: (shownAt - openedAt) / 1000,
    freeze: longest(input),
    durable: (durable.at - openedAt) / 1000,
    fromStart: (shownAt - app.startedAt) / 1000,
    task: Math.max(0, ...tasks.map(({ ms }) => ms)),
  };
}

async function repeatPage(scene: Scenario, page: 'bare' | 'by-hand', limitMs: number): Promise<Figures> {
  const { server, surroundings, plan } = scene;
  const url = await startServer(scene);
  const after = await server.head(BEN.id);
  await server.advance(BEN.id, plan.events);
  const peer = await surroundings.startPage({ page, query: { server: url, user: BEN.id, after } });
  await peer.ask({ kind: 'until', mark: 'loaded' });
  await peer.ask({ kind: 'input', everyMs: INPUT_MS });
  const openedAt = await server.openedAt();
  // A frozen page answers nothing: what it has told is kept outside of it.
  const enough = new AbortController();
  await Promise.race([
    peer.ask({ kind: 'untilCount', received: plan.events }),
    sleep(Math.max(0, openedAt + limitMs - now()), null, { signal: enough.signal }),
  ]);
  enough.abort();
  const count = await peer.ask<Counted>({ kind: 'count' });
  const input = await peer.ask<Answered>({ kind: 'inputEnd' });
  await peer.kill();
  await server.stop();
  if (page === 'bare' && count.received !== plan.events)
    throw new Error(`the bare page got ${count.received} of ${plan.events} events`);
  const ms = count.at - openedAt;
  return { rate: count.received / ms, seconds: ms / 1000, freeze: longest(input) };
}

/** Ours alone: what a person feels while it goes on. */
function judgeInput(measured: MeasuredCase): Verdict {
  const freeze = measured.contenders.find(({ role }) => role === 'ours')?.samples['freeze'] ?? [];
  const ratio = summarize(freeze.map((ms) => ANSWER_MS / ms));
  return {
    target: `${ANSWER_MS} ms over our longest answer to a key: at least 1`,
    ratio,
    met: ratio.median >= 1,
    collapsed: false,
  };
}

async function measure(scene: Scenario, context: BenchContext): Promise<MeasuredCase> {
  const { plan } = scene;
  const targets: readonly Target[] = [
    { metric: 'rate', against: BARE, atLeast: 0.75, gate: context.size === 'quick' ? 0.02 : null },
  ];
  const measured = await measureCase(
    {
      title: `${plan.events.toLocaleString('en-GB')} events missed, of ${(plan.events / CHANGES).toLocaleString('en-GB')} contracts`,
      metrics: [
        { key: 'rate', label: 'thousand events/s', better: 'more' },
        { key: 'seconds', label: 'stream opened to end, s', better: 'less', compared: false },
        { key: 'freeze', label: 'longest answer to a key, ms', better: 'less' },
        { key: 'durable', label: 'all durable, s', better: 'less', compared: false, oursOnly: true },
        {
          key: 'fromStart',
          label: 'from the app’s start, s',
          better: 'less',
          compared: false,
          oursOnly: true,
        },
        {
          key: 'task',
          label: 'longest task in the window, ms',
          better: 'less',
          compared: false,
          oursOnly: true,
        },
      ],
      contenders: [
        { name: OURS, role: 'ours', repeat: () => repeatOurs(scene) },
        { name: BARE, role: 'peer', repeat: () => repeatPage(scene, 'bare', 120_000) },
        { name: HAND, role: 'reference', repeat: () => repeatPage(scene, 'by-hand', plan.handMs) },
      ],
      targets,
      rounds: plan.rounds,
      warmups: 0,
      notes: [
        `Electron ${scene.surroundings.electron}. Ours ends when the window shows the receipt; the time before its stream was opened is the app’s start. ` +
          `The page with a bare callback keeps nothing. The program by hand was stopped after ${plan.handMs / 1000} s; its rate is that of the events it had taken by then. ` +
          `A key was pressed every ${INPUT_MS} ms; its answer is the next frame’s end, counted from when it was due.`,
      ],
    },
    context,
  );
  return { ...measured, verdicts: [...measured.verdicts, judgeInput(measured)] };
}

export const catchUp: Benchmark = {
  name: 'catch-up',
  what: 'Events missed while the app was closed, in the real Electron: until all is durable and the window shows the receipt; beside pages that keep nothing.',
  run: (context) =>
    withSurroundings(context.log, (surroundings) =>
      withServer(async (server) => [
        await measure({ surroundings, server, plan: PLANS[context.size] }, context),
      ]),
    ),
};
