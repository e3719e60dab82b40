import { startChild, type Child } from '../harness/child.ts';
import { measureCase } from '../harness/measure.ts';
import { ensurePeers, listPeers } from '../harness/peers.ts';
import type { BenchContext, Benchmark, MeasuredCase, Size, Target } from '../harness/types.ts';
import type { ClientRequest, Measured } from './client-process.ts';
import { CLIENTS, FLOOR, OURS } from './clients.ts';
import type { Shape } from './wire.ts';

interface Plan {
  readonly shapes: readonly Shape[];
  readonly rounds: number;
  readonly warmups: number;
  /** Of one repetition. */
  readonly ms: number;
}

const MAIN: Shape = { eventBytes: 200, mode: 'batched' };
const PLANS: Readonly<Record<Size, Plan>> = {
  quick: { shapes: [MAIN], rounds: 3, warmups: 1, ms: 300 },
  normal: {
    shapes: [
      MAIN,
      { eventBytes: 200, mode: 'each' },
      { eventBytes: 2000, mode: 'batched' },
      { eventBytes: 2000, mode: 'each' },
    ],
    rounds: 7,
    warmups: 2,
    ms: 500,
  },
  full: {
    shapes: [
      MAIN,
      { eventBytes: 200, mode: 'each' },
      { eventBytes: 2000, mode: 'batched' },
      { eventBytes: 2000, mode: 'each' },
    ],
    rounds: 15,
    warmups: 3,
    ms: 1000,
  },
};

/** For 200 bytes, batched; the other shapes are shown. */
const TARGETS: readonly Target[] = [
  { metric: 'rate', against: { best: 'peer' }, atLeast: 1.4, gate: null },
  { metric: 'rate', against: FLOOR, atLeast: 0.65, gate: null },
];
/** A quick run is judged by CPU time, which holds on a busy machine, where rates do not (seen: 0.42 to 8.76 in one run). */
const QUICK_TARGETS: readonly Target[] = [
  { metric: 'cpu', against: { best: 'peer' }, atLeast: 1.4, gate: 0.8 },
  { metric: 'cpu', against: FLOOR, atLeast: 0.35, gate: 0.1 },
];

function targetsOf({ eventBytes, mode }: Shape, size: Size): readonly Target[] {
  if (eventBytes !== MAIN.eventBytes || mode !== MAIN.mode) return [];
  return size === 'quick' ? QUICK_TARGETS : TARGETS;
}

function titleOf({ eventBytes, mode }: Shape): string {
  return `${eventBytes} bytes, ${mode === 'batched' ? 'batched' : 'one write each'}`;
}

function describePeers(): string {
  const peers = Object.entries(listPeers()).map(([name, version]) => `${name} ${version}`);
  return (
    `Peers: ${peers.join(', ')}. Before measuring, each client had to hand over every event of two laps, in order and whole. ` +
    'The reference is a bare parser, without reconnecting, resuming, time-outs or bounds.'
  );
}

async function run(context: BenchContext): Promise<readonly MeasuredCase[]> {
  await ensurePeers(context.log);
  const plan = PLANS[context.size];
  const server = startChild(new URL('flood-server.ts', import.meta.url));
  const clients = new Map<string, Child>();
  try {
    const url = `http://127.0.0.1:${await server.ask<number>('port')}`;
    for (const name of Object.keys(CLIENTS)) {
      const profileDir = name === OURS ? context.profileDir : null;
      clients.set(
        name,
        startChild(new URL('client-process.ts', import.meta.url), { args: [name], profileDir }),
      );
    }
    const results: MeasuredCase[] = [];
    for (const shape of plan.shapes) results.push(await measureShape(shape, plan, url, clients, context));
    return results;
  } finally {
    await Promise.all([server, ...clients.values()].map((child) => child.close()));
  }
}

async function measureShape(
  shape: Shape,
  plan: Plan,
  server: string,
  clients: ReadonlyMap<string, Child>,
  context: BenchContext,
): Promise<MeasuredCase> {
  const ask = async <T>(name: string, request: ClientRequest): Promise<T> => {
    try {
      return await (clients.get(name) as Child).ask<T>(request);
    } catch (error) {
      throw new Error(
        `${titleOf(shape)}: ${name}: ${error instanceof Error ? error.message : String(error)}`,
        {
          cause: error,
        },
      );
    }
  };
  const contenders = await Promise.all(
    Object.entries(CLIENTS).map(async ([name, load]) => ({
      name,
      role: (await load()).role,
      async repeat() {
        const request = { kind: 'measure', server, shape, ms: plan.ms } as const;
        const { perSecond, cpuMicros } = await ask<Measured>(name, request);
        return { rate: perSecond / 1000, cpu: cpuMicros };
      },
    })),
  );
  for (const { name } of contenders) await ask(name, { kind: 'verify', server, shape });
  return measureCase(
    {
      title: titleOf(shape),
      metrics: [
        { key: 'rate', label: 'thousand events/s', better: 'more' },
        { key: 'cpu', label: 'client CPU, µs an event', better: 'less' },
      ],
      contenders,
      targets: targetsOf(shape, context.size),
      rounds: plan.rounds,
      warmups: plan.warmups,
      notes: shape === plan.shapes[0] ? [describePeers()] : [],
    },
    context,
  );
}

export const stream: Benchmark = {
  name: 'stream',
  what: 'A flood over loopback, from a server in a process of its own into a client’s empty callback, each client in a process of its own.',
  run,
};
