import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { buildMain } from '../app/build.ts';
import { withSurroundings } from '../app/surroundings.ts';
import { startChild } from '../harness/child.ts';
import type { BenchContext, Benchmark, MeasuredCase, Size } from '../harness/types.ts';
import { FLOOR, OURS } from './clients.ts';
import { MAIN, measureClients, titleOf } from './stream.ts';
import type { Shape } from './wire.ts';

interface Plan {
  readonly shapes: readonly Shape[];
  readonly rounds: number;
  readonly warmups: number;
  readonly ms: number;
}

const SHAPES: readonly Shape[] = [MAIN, { eventBytes: 2000, mode: 'batched' }];
const PLANS: Readonly<Record<Size, Plan>> = {
  quick: { shapes: [MAIN], rounds: 3, warmups: 1, ms: 300 },
  normal: { shapes: SHAPES, rounds: 7, warmups: 2, ms: 500 },
  full: { shapes: SHAPES, rounds: 15, warmups: 3, ms: 1000 },
};
const OUT = fileURLToPath(new URL('../../out/bench/stream', import.meta.url));

async function run(context: BenchContext): Promise<readonly MeasuredCase[]> {
  const plan = PLANS[context.size];
  await buildMain('bench/stream/electron-process.ts', OUT);
  return withSurroundings(context.log, async ({ electron, startMain }) => {
    const server = startChild(new URL('flood-server.ts', import.meta.url));
    const clients = await Promise.all(
      ([OURS, FLOOR] as const).map(async (name) => ({
        name,
        role: name === OURS ? ('ours' as const) : ('floor' as const),
        child: await startMain(join(OUT, 'main.js'), { BENCH_CLIENT: name }),
      })),
    );
    try {
      const url = `http://127.0.0.1:${await server.ask<number>('port')}`;
      const results: MeasuredCase[] = [];
      for (const shape of plan.shapes) {
        const isMain = shape === MAIN;
        const one = {
          title: `Electron’s net, ${titleOf(shape)}`,
          shape,
          server: url,
          clients,
          targets: isMain
            ? [
                context.size === 'quick'
                  ? { metric: 'cpu', against: FLOOR, atLeast: 0.65, gate: 0.15 }
                  : { metric: 'rate', against: FLOOR, atLeast: 0.65, gate: null },
              ]
            : [],
          notes: isMain
            ? [
                `Electron ${electron}: both in a main process, over the adapter that the app uses. CPU is the main process’s, the thread that passes bytes on included; Chromium’s network process is not.`,
              ]
            : [],
        };
        results.push(await measureClients(one, plan, context));
      }
      return results;
    } finally {
      await Promise.all([server.close(), ...clients.map(({ child }) => child.kill())]);
    }
  });
}

export const streamElectron: Benchmark = {
  name: 'stream-electron',
  what: 'The same flood into `openStream` in Electron’s main process, over Chromium’s network stack, beside the same bytes unparsed.',
  run,
};
