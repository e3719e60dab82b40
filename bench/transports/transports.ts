import { startChild, type Child } from '../harness/child.ts';
import { measureCase } from '../harness/measure.ts';
import { percentile } from '../harness/statistics.ts';
import type { BenchContext, Benchmark, Contender, MeasuredCase, Metric, Size } from '../harness/types.ts';
import { drawTransports } from './chart.ts';
import { makeTransportsTable } from './table.ts';
import type {
  ClientRequest,
  Collected,
  Published,
  ServerFigures,
  ServerRequest,
  TransportName,
} from './protocol.ts';

const CLIENTS: readonly { readonly name: string; readonly transport: TransportName }[] = [
  { name: 'SSE', transport: 'sse' },
  { name: 'NDJSON', transport: 'ndjson' },
  { name: 'long polling', transport: 'long_poll' },
  { name: 'polling each second', transport: 'polling' },
];

/** One pace of events. `perS` 0: nothing happens at all. */
interface Pace {
  readonly title: string;
  readonly perS: number;
  readonly ms: number;
  readonly rounds: number;
}

const PACES: Readonly<Record<Size, readonly Pace[]>> = {
  quick: [{ title: 'busy: 100 events a second', perS: 100, ms: 1_500, rounds: 2 }],
  normal: [
    { title: 'calm: 5 events a second', perS: 5, ms: 5_000, rounds: 3 },
    { title: 'busy: 500 events a second', perS: 500, ms: 2_000, rounds: 4 },
    { title: 'nothing happens', perS: 0, ms: 31_000, rounds: 1 },
  ],
  full: [
    { title: 'calm: 5 events a second', perS: 5, ms: 30_000, rounds: 5 },
    { title: 'busy: 500 events a second', perS: 500, ms: 10_000, rounds: 7 },
    { title: 'nothing happens', perS: 0, ms: 61_000, rounds: 3 },
  ],
};

const PER_EVENT: readonly Metric[] = [
  { key: 'p50', label: 'latency p50, ms', better: 'less' },
  { key: 'p99', label: 'latency p99, ms', better: 'less', compared: false },
  { key: 'bytes', label: 'bytes an event', better: 'less', compared: false },
  { key: 'requests', label: 'requests an event', better: 'less', compared: false },
  { key: 'clientCpu', label: 'client CPU, µs an event', better: 'less', compared: false },
  { key: 'serverCpu', label: 'server CPU, µs an event', better: 'less', compared: false },
];

const PER_HOUR: readonly Metric[] = [
  { key: 'bytes', label: 'kB an hour', better: 'less', compared: false },
  { key: 'requests', label: 'requests an hour', better: 'less', compared: false },
  { key: 'clientCpu', label: 'client CPU, s an hour', better: 'less', compared: false },
  { key: 'serverCpu', label: 'server CPU, s an hour', better: 'less', compared: false },
];

const NOTES = [
  'Latency is from just before the event enters the server’s log to the client’s callback, by the machine’s one monotonic clock. ' +
    'Bytes are those on the server’s sockets, both directions, headers included; the opening of a stream is not counted. ' +
    'CPU is that of the whole process, the making of the event at the server included.',
];

async function repeat(
  client: Child,
  server: Child,
  url: string,
  pace: Pace,
  seed: number,
): Promise<Readonly<Record<string, number>>> {
  const askClient = <T>(request: ClientRequest): Promise<T> => client.ask<T>(request);
  const askServer = <T>(request: ServerRequest): Promise<T> => server.ask<T>(request);
  const cursor = await askServer<string | null>({ kind: 'begin' });
  await askClient({ kind: 'open', server: url, cursor });
  await askServer({ kind: 'begin' });
  const published = await askServer<Published>({
    kind: 'publish',
    perS: Math.max(pace.perS, 1e-9),
    ms: pace.ms,
    seed,
  });
  const collected = await askClient<Collected>({ kind: 'collect', count: published.ids.length });
  const figures = await askServer<ServerFigures>({ kind: 'end' });
  await askClient({ kind: 'close' });
  if (collected.ids.join() !== published.ids.join()) {
    throw new Error('what came is not what was sent, each once and in order');
  }
  return pace.perS === 0 ? perHour(figures, collected, pace.ms) : perEvent(figures, collected, published);
}

function perEvent(
  figures: ServerFigures,
  collected: Collected,
  published: Published,
): Record<string, number> {
  const events = published.ids.length;
  const latencies = published.times.map((at, index) => Number((collected.times[index] as bigint) - at) / 1e6);
  return {
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    bytes: figures.bytes / events,
    requests: figures.requests / events,
    clientCpu: collected.cpuMicros / events,
    serverCpu: figures.cpuMicros / events,
  };
}

function perHour(figures: ServerFigures, collected: Collected, ms: number): Record<string, number> {
  const hours = ms / 3_600_000;
  return {
    bytes: figures.bytes / 1000 / hours,
    requests: figures.requests / hours,
    clientCpu: collected.cpuMicros / 1e6 / hours,
    serverCpu: figures.cpuMicros / 1e6 / hours,
  };
}

interface Pair {
  readonly server: Child;
  readonly client: Child;
  readonly url: string;
}

/** All at once, as often as each has been asked: nothing that happens four times over is still nothing. */
function runTogether<T>(all: readonly (() => Promise<T>)[]): readonly (() => Promise<T>)[] {
  const rounds: (readonly Promise<T>[])[] = [];
  const asked = all.map(() => 0);
  return all.map((_, index) => () => {
    const round = asked[index] ?? 0;
    asked[index] = round + 1;
    rounds[round] ??= all.map((run) => run());
    return rounds[round][index] as Promise<T>;
  });
}

async function measurePace(
  pace: Pace,
  pairs: readonly Pair[],
  context: BenchContext,
  notes: readonly string[],
): Promise<MeasuredCase> {
  // Each transport gets the same moments in the same round.
  const rounds = CLIENTS.map(() => 0);
  const repeats = pairs.map(
    ({ server, client, url }, index) =>
      () =>
        repeat(client, server, url, pace, (rounds[index] = (rounds[index] ?? 0) + 1)),
  );
  const inTurn = pace.perS === 0 ? runTogether(repeats) : repeats;
  return measureCase(
    {
      title: pace.title,
      metrics: pace.perS === 0 ? PER_HOUR : PER_EVENT,
      contenders: CLIENTS.map(({ name, transport }, index): Contender => ({
        name,
        role: transport === 'sse' ? 'ours' : 'peer',
        repeat: inTurn[index] as Contender['repeat'],
      })),
      targets:
        context.size === 'quick'
          ? [{ metric: 'p50', against: 'polling each second', atLeast: 20, gate: 5 }]
          : [],
      rounds: pace.rounds,
      warmups: pace.perS > 50 ? 1 : 0,
      notes,
    },
    context,
  );
}

async function run(context: BenchContext): Promise<readonly MeasuredCase[]> {
  const children: Child[] = [];
  try {
    const pairs: Pair[] = [];
    for (const { transport } of CLIENTS) {
      const server = startChild(new URL('server-process.ts', import.meta.url));
      const profileDir = transport === 'sse' ? context.profileDir : null;
      const args = [transport];
      const client = startChild(new URL('client-process.ts', import.meta.url), { args, profileDir });
      children.push(server, client);
      const url = await server.ask<string>({ kind: 'url' } satisfies ServerRequest);
      pairs.push({ server, client, url });
    }
    const results: MeasuredCase[] = [];
    for (const pace of PACES[context.size]) {
      results.push(await measurePace(pace, pairs, context, results.length === 0 ? NOTES : []));
    }
    return results;
  } finally {
    await Promise.all(children.map((child) => child.close()));
  }
}

export const transports: Benchmark = {
  name: 'transports',
  what: 'The same events from the mock server by four transports, each with a server and a client in processes of their own.',
  run,
  draw: { path: 'docs/transports.svg', svg: drawTransports },
  excerpt: makeTransportsTable,
};
