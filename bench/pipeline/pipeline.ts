import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, type Child } from '../harness/child.ts';
import { measureCase } from '../harness/measure.ts';
import { pairRatios, summarize } from '../harness/statistics.ts';
import type { BenchContext, Benchmark, MeasuredCase, Size, Target } from '../harness/types.ts';
import type { AppRequest, CaughtUp, FloorRequest, ServerRequest, Span, Written } from './protocol.ts';

interface Amount {
  readonly events: number;
  readonly rounds: number;
}

const AMOUNTS: Readonly<Record<Size, readonly Amount[]>> = {
  quick: [{ events: 20_000, rounds: 2 }],
  normal: [
    { events: 10_000, rounds: 5 },
    { events: 100_000, rounds: 3 },
  ],
  full: [
    { events: 10_000, rounds: 5 },
    { events: 100_000, rounds: 3 },
    { events: 1_000_000, rounds: 1 },
  ],
};
/** Changes a contract sees on average in one run. */
const CHANGES = 10;
const OURS = 'Contract Pulse, server to ledger and views';
const FLOOR = 'the same rows and keys, bare statements';
const GROWTH = 0.6;

interface Files {
  readonly folder: string;
  /** The ledger's file of the latest catch-up: what the floor writes once more. */
  source: string | null;
  next: number;
}

const nextFolder = (files: Files): Promise<string> => mkdtemp(join(files.folder, `${files.next++}-`));

async function inChild<T>(
  module: URL,
  profileDir: string | null,
  use: (child: Child) => Promise<T>,
): Promise<T> {
  const child = startChild(module, { profileDir });
  try {
    return await use(child);
  } finally {
    await child.close();
  }
}

async function repeatOurs(
  events: number,
  server: Child,
  files: Files,
  context: BenchContext,
): Promise<Readonly<Record<string, number>>> {
  const ask = <T>(request: ServerRequest): Promise<T> => server.ask<T>(request);
  const folder = await nextFolder(files);
  const url = await ask<string>({ kind: 'start', contracts: events / CHANGES });
  try {
    const module = new URL('app-process.ts', import.meta.url);
    const prepare: AppRequest = { kind: 'prepare', folder, server: url };
    await inChild(module, null, (app) => app.ask(prepare));
    const head = await ask<string>({ kind: 'advance', events });
    const request: AppRequest = { kind: 'catchUp', folder, head };
    const done = await inChild(module, context.profileDir, (app) => app.ask<CaughtUp>(request));
    files.source = join(folder, 'ledger.sqlite');
    return {
      ...figuresOf(done),
      receipt: done.receiptMs / 1000,
      memory: done.peakRssBytes / 2 ** 20,
      batches: done.batches,
    };
  } finally {
    await ask({ kind: 'stop' });
  }
}

async function repeatFloor(events: number, files: Files): Promise<Readonly<Record<string, number>>> {
  if (files.source === null) throw new Error('the floor needs what the ledger wrote before');
  const folder = await nextFolder(files);
  const request: FloorRequest = { source: files.source, target: join(folder, 'floor.sqlite'), events };
  const written = await inChild(new URL('floor-process.ts', import.meta.url), null, (floor) =>
    floor.ask<Written>(request),
  );
  await rm(folder, { recursive: true });
  return figuresOf(written);
}

function figuresOf({ all, warm }: { readonly all: Span; readonly warm: Span }): {
  readonly rate: number;
  readonly warm: number;
  readonly cpu: number;
} {
  return { rate: all.events / all.ms, warm: warm.events / warm.ms, cpu: all.cpuMicros / all.events };
}

async function measureAmount({ events, rounds }: Amount, context: BenchContext): Promise<MeasuredCase> {
  const files: Files = { folder: await mkdtemp(join(tmpdir(), 'pulse-bench-')), source: null, next: 1 };
  const server = startChild(new URL('server-process.ts', import.meta.url));
  // For the gate of a quick run CPU time is judged: it holds on a busy machine, where rates do not.
  const targets: readonly Target[] =
    context.size === 'quick'
      ? [{ metric: 'cpu', against: FLOOR, atLeast: 0.2, gate: 0.04 }]
      : [
          { metric: 'rate', against: FLOOR, atLeast: 0.6, gate: null },
          { metric: 'warm', against: FLOOR, atLeast: 0.6, gate: null },
        ];
  try {
    return await measureCase(
      {
        title: `${events.toLocaleString('en-GB')} events missed, of ${(events / CHANGES).toLocaleString('en-GB')} contracts`,
        metrics: [
          { key: 'rate', label: 'thousand events/s durable', better: 'more' },
          { key: 'warm', label: 'the same, code warm', better: 'more' },
          { key: 'cpu', label: 'CPU, µs an event', better: 'less' },
          { key: 'receipt', label: 'start to receipt, s', better: 'less', compared: false, oursOnly: true },
          { key: 'memory', label: 'peak memory, MiB', better: 'less', compared: false, oursOnly: true },
          { key: 'batches', label: 'view messages', better: 'less', compared: false, oursOnly: true },
        ],
        contenders: [
          { name: OURS, role: 'ours', repeat: () => repeatOurs(events, server, files, context) },
          { name: FLOOR, role: 'floor', repeat: () => repeatFloor(events, files) },
        ],
        targets,
        rounds,
        warmups: events > 10_000 ? 0 : 1,
        notes: [
          'Ours is the whole app without its window, started anew on the files of an earlier run, with a view open: the time ' +
            'from the first events’ coming to the ledger until the last was durable, code still cold; "warm" leaves out the first batches of ours, of 1,000 events or more, and the first transaction of the floor. The receipt then said "complete", and the file held each event once. The floor only writes, 5,000 events a transaction.',
        ],
      },
      context,
    );
  } finally {
    await server.close();
    await rm(files.folder, { recursive: true, force: true });
  }
}

/** Ten times the events must not be much slower each. */
function judgeGrowth(smaller: MeasuredCase, larger: MeasuredCase): MeasuredCase {
  const rates = (one: MeasuredCase): readonly number[] =>
    one.contenders.find(({ role }) => role === 'ours')?.samples['rate'] ?? [];
  const rounds = Math.min(rates(smaller).length, rates(larger).length);
  const ratio = summarize(
    pairRatios(rates(larger).slice(0, rounds), rates(smaller).slice(0, rounds), 'more'),
  );
  const target = `the rate at 1,000,000: at least ${GROWTH} × that at 100,000`;
  const verdict = { target, ratio, met: ratio.median >= GROWTH, collapsed: false };
  return { ...larger, verdicts: [...larger.verdicts, verdict] };
}

async function run(context: BenchContext): Promise<readonly MeasuredCase[]> {
  const cases: MeasuredCase[] = [];
  for (const amount of AMOUNTS[context.size]) {
    const measured = await measureAmount(amount, context);
    const before = cases.at(-1);
    cases.push(
      amount.events === 1_000_000 && before !== undefined ? judgeGrowth(before, measured) : measured,
    );
  }
  return cases;
}

export const pipeline: Benchmark = {
  name: 'pipeline',
  what: 'Events missed while the app was closed: from the server to durable, exactly once, and shown; beside the same rows written by bare prepared statements.',
  run,
};
