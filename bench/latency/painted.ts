import { setTimeout as sleep } from 'node:timers/promises';
import { parsePosition } from '../../protocol/cursor.ts';
import type { Electron } from '../app/electron.ts';
import { now, type Addressee, type Durable, type Published } from '../app/protocol.ts';

export const OURS = 'Contract Pulse';
/** Few enough to be on the screen all at once. */
export const CONTRACTS = 8;
/** What was not painted by then counts until then: the page by hand may be frozen for minutes. */
const GIVE_UP_MS = 15_000;

type Seen = readonly (readonly [string, number, number])[];
export type Figures = Readonly<Record<string, number>>;

export interface Side {
  readonly name: string;
  readonly electron: Electron;
  /** What its page's time lacks of the machine's. */
  readonly clock: number;
  readonly addressee: Addressee;
  readonly isOurs: boolean;
}

/** Until the change, or a later one of the same contract, was painted; counted until now where it was not. */
export async function readPainted(side: Side, published: readonly Published[]): Promise<readonly number[]> {
  // A frozen page does not answer.
  const none = sleep(GIVE_UP_MS, [] as Seen, { ref: false });
  const seen = await Promise.race([side.electron.page<Seen>('bench.seen'), none]);
  const end = now();
  return published.map(({ contractId, number, at }) => {
    const found = seen.find(([id, shown]) => id === contractId && shown >= number);
    return (found === undefined ? end : found[2] + side.clock) - at;
  });
}

export async function readDurable(side: Side, published: readonly Published[]): Promise<readonly number[]> {
  const stored = await side.electron.ask<readonly Durable[]>({ kind: 'durable' });
  const sequence = (id: string): number => parsePosition(id)?.sequence ?? 0;
  return published.map(({ id, at }) => {
    const found = stored.find(({ cursor }) => sequence(cursor) >= sequence(id));
    return (found?.at ?? Number.NaN) - at;
  });
}

/** Waits until the last change of each side is on its screen, or long enough. */
export async function untilPainted(
  sides: readonly Side[],
  published: readonly Published[],
  giveUpMs = GIVE_UP_MS,
): Promise<void> {
  const late = sleep(giveUpMs, 'late' as const, { ref: false });
  await Promise.all(
    sides.map(async (side) => {
      const last = published.findLast(({ userId }) => userId === side.addressee.userId);
      if (last === undefined) return;
      const { contractId, number } = last;
      const isThere = `bench.seen.some(([id, shown]) => id === ${JSON.stringify(contractId)} && shown >= ${number})`;
      while ((await Promise.race([side.electron.page<boolean>(isThere), late])) === false) await sleep(50);
    }),
  );
}

export function toSamples(all: readonly Figures[]): Record<string, readonly number[]> {
  const keys = Object.keys(all[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, all.map((figures) => figures[key] ?? Number.NaN)]));
}
