import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fill } from '../app/ledgers.ts';
import { ANNA, type Answered, type Long } from '../app/protocol.ts';
import { withServer, type BenchServer } from '../app/server.ts';
import type { Surroundings } from '../app/surroundings.ts';
import { measureCase } from '../harness/measure.ts';
import type { BenchContext, MeasuredCase } from '../harness/types.ts';
import { openRows, scroll, type Figures } from './actions.ts';

/** As much as an event's schema lets through, and as little as an ordinary one has. */
const LONG = { parties: 100, length: 10_000 };
const ORDINARY = { parties: 1, length: 20 };
const FACTOR = 1.3;
const SETTLE_MS = 1_500;
const SCROLL_MS = 1_000;

interface Made {
  readonly url: string;
  readonly profile: string;
}

/** A ledger with these events, which came by the stream, and their server. */
async function make(server: BenchServer, wish: Long, surroundings: Surroundings): Promise<Made> {
  const url = await server.start({ contracts: 20, backlog: 20, pageOrigin: '', alone: true });
  const profile = await surroundings.newFolder();
  const folder = join(profile, 'making');
  await mkdir(folder);
  await fill({ kind: 'follow', folder, server: url, head: null });
  const head = await server.publishLong(ANNA.id, wish);
  await fill({ kind: 'follow', folder, server: url, head });
  await fill({ kind: 'finish', folder, server: url, head });
  await rename(join(folder, 'ledger.sqlite'), join(profile, 'ledger.sqlite'));
  return { url, profile };
}

/** Starts on it, opens contracts, scrolls, and ends. */
async function useOnce({ url, profile }: Made, surroundings: Surroundings): Promise<Figures> {
  const app = await surroundings.startApp({ profile, server: url });
  const rowAt = await app.ask<number>({ kind: 'until', mark: 'row' });
  await app.ask({ kind: 'until', mark: 'live' });
  await sleep(SETTLE_MS);
  await app.ask({ kind: 'input', everyMs: 25 });
  const opened = await openRows(app);
  const scrolled = await scroll(app, '[data-testid="feed"]', SCROLL_MS);
  const { answers } = await app.ask<Answered>({ kind: 'inputEnd' });
  const tasks = await app.page<readonly number[]>('bench.longTasks.map(({ ms }) => ms)');
  await app.quit();
  return {
    row: rowAt - app.startedAt,
    open: opened['ms'] ?? Number.NaN,
    key: Math.max(0, ...answers),
    frame: scrolled['longest'] ?? Number.NaN,
    task: Math.max(0, ...tasks),
  };
}

/** A hostile or careless server must not make the window unusable: what it draws is cut, whatever is stored. */
export function measureLong(
  events: number,
  rounds: number,
  surroundings: Surroundings,
  context: BenchContext,
): Promise<MeasuredCase> {
  return withServer((longServer) =>
    withServer(async (ordinaryServer) => {
      const startedAt = performance.now();
      const long = await make(longServer, { events, ...LONG }, surroundings);
      const ms = performance.now() - startedAt;
      context.log(`${events} long events stored in ${(ms / 1000).toFixed(0)} s`);
      const ordinary = await make(ordinaryServer, { events, ...ORDINARY }, surroundings);
      const floor = `${events.toLocaleString('en-GB')} ordinary events`;
      return measureCase(
        {
          title: `${events.toLocaleString('en-GB')} events of ${LONG.parties} parties with names of ${LONG.length.toLocaleString('en-GB')} characters`,
          metrics: [
            { key: 'row', label: 'start to the first row, ms', better: 'less' },
            { key: 'open', label: 'a contract painted after, ms', better: 'less' },
            { key: 'key', label: 'longest answer to a key, ms', better: 'less', compared: false },
            { key: 'frame', label: 'longest frame interval, ms', better: 'less', compared: false },
            { key: 'task', label: 'longest task, ms (0: none over 50)', better: 'less', compared: false },
          ],
          contenders: [
            { name: 'these events', role: 'ours', repeat: () => useOnce(long, surroundings) },
            { name: floor, role: 'floor', repeat: () => useOnce(ordinary, surroundings) },
          ],
          targets: (['row', 'open'] as const).map((metric) => ({
            metric,
            against: floor,
            atLeast: Math.round(100 / FACTOR) / 100,
            gate: context.size === 'quick' ? 0.1 : null,
          })),
          rounds,
          warmups: 1,
          notes: [
            `About a million characters each, just under the bound for one event; all of it is stored. A key is pressed every 25 ms while contracts are opened and the list is scrolled. Target: at most ${FACTOR} × the time with ordinary events.`,
          ],
        },
        context,
      );
    }),
  );
}
