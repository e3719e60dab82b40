import { startChild, type Child } from '../harness/child.ts';
import { measureCase } from '../harness/measure.ts';
import { ensurePeers, listPeers } from '../harness/peers.ts';
import type { BenchContext, Benchmark, MeasuredCase, Role, Size, Target } from '../harness/types.ts';
import { CLIENTS, FLOOR, OURS } from './clients.ts';
import type { ClientRequest, Measured } from './serve-client.ts';
import type { Shape } from './wire.ts';

interface Effort {
  readonly rounds: number;
  readonly warmups: number;
  /** Of one repetition. */
  readonly ms: number;
}

interface Plan {
  /** For the shape that is judged. */
  readonly main: Effort;
  /** For the others, which are shown; null leaves them out. */
  readonly others: Effort | null;
}

export const MAIN: Shape = { eventBytes: 200, mode: 'batched' };
const OTHERS: readonly Shape[] = [
  { eventBytes: 200, mode: 'each' },
  { eventBytes: 2000, mode: 'batched' },
  { eventBytes: 2000, mode: 'each' },
];
const PLANS: Readonly<Record<Size, Plan>> = {
  quick: { main: { rounds: 3, warmups: 1, ms: 300 }, others: null },
  normal: { main: { rounds: 7, warmups: 2, ms: 500 }, others: { rounds: 3, warmups: 1, ms: 400 } },
  full: { main: { rounds: 15, warmups: 3, ms: 1000 }, others: { rounds: 15, warmups: 3, ms: 1000 } },
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

export function titleOf({ eventBytes, mode }: Shape): string {
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
  const clients: { readonly name: string; readonly role: Role; readonly child: Child }[] = [];
  try {
    const url = `http://127.0.0.1:${await server.ask<number>('port')}`;
    for (const [name, load] of Object.entries(CLIENTS)) {
      const profileDir = name === OURS ? context.profileDir : null;
      const child = startChild(new URL('client-process.ts', import.meta.url), { args: [name], profileDir });
      clients.push({ name, role: (await load()).role, child });
    }
    const results: MeasuredCase[] = [];
    for (const shape of [MAIN, ...(plan.others === null ? [] : OTHERS)]) {
      const notes = shape === MAIN ? [describePeers()] : [];
      const targets = targetsOf(shape, context.size);
      const one = { title: titleOf(shape), shape, server: url, clients, targets, notes };
      results.push(
        await measureClients(one, shape === MAIN ? plan.main : (plan.others ?? plan.main), context),
      );
    }
    return results;
  } finally {
    await Promise.all([server, ...clients.map(({ child }) => child)].map((child) => child.close()));
  }
}

/** The same work for each of these clients. Before measuring, each must hand over what was sent, whole and in order. */
export async function measureClients(
  one: {
    readonly title: string;
    readonly shape: Shape;
    readonly server: string;
    readonly clients: readonly {
      readonly name: string;
      readonly role: Role;
      readonly child: Pick<Child, 'ask'>;
    }[];
    readonly targets: readonly Target[];
    readonly notes: readonly string[];
  },
  plan: Effort,
  context: BenchContext,
): Promise<MeasuredCase> {
  const { shape, server, clients } = one;
  async function ask<T>({ name, child }: (typeof clients)[number], request: ClientRequest): Promise<T> {
    try {
      return await child.ask<T>(request);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${one.title}: ${name}: ${why}`, { cause: error });
    }
  }
  for (const client of clients) await ask(client, { kind: 'verify', server, shape });
  return measureCase(
    {
      title: one.title,
      metrics: [
        { key: 'rate', label: 'thousand events/s', better: 'more' },
        { key: 'cpu', label: 'client CPU, µs an event', better: 'less' },
      ],
      contenders: clients.map((client) => ({
        name: client.name,
        role: client.role,
        async repeat() {
          const request = { kind: 'measure', server, shape, ms: plan.ms } as const;
          const { perSecond, cpuMicros } = await ask<Measured>(client, request);
          return { rate: perSecond / 1000, cpu: cpuMicros };
        },
      })),
      targets: one.targets,
      rounds: plan.rounds,
      warmups: plan.warmups,
      notes: one.notes,
    },
    context,
  );
}

export const stream: Benchmark = {
  name: 'stream',
  what: 'A flood over loopback, from a server in a process of its own into a client’s empty callback, each client in a process of its own.',
  run,
};
