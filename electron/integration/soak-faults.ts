import type { Fault } from '../../server-mock/faults/types.ts';
import type { Control } from '../../server-mock/types.ts';
import type { SoakChild } from './soak-child.ts';

/** Faults that follow one another, with a quiet spell between two. */
const spells: readonly (readonly Fault[])[] = [
  [{ kind: 'drop', probability: 0.05, where: 'line' }],
  [
    { kind: 'duplicate', probability: 0.2 },
    { kind: 'reorder', probability: 0.1 },
  ],
  [{ kind: 'omit', probability: 0.05 }],
  [
    { kind: 'garbage', probability: 0.1 },
    { kind: 'drop', probability: 0.02, where: 'character' },
  ],
  [{ kind: 'stall', afterEvents: 20 }],
  [
    { kind: 'status', status: 503, probability: 0.5, path: '*' },
    { kind: 'drop', probability: 0.05 },
  ],
  [{ kind: 'giant', probability: 0.02, bytes: 1_200_000 }],
  [{ kind: 'one_byte' }],
  [
    { kind: 'refuse', probability: 0.5 },
    { kind: 'drop', probability: 0.05 },
  ],
  [
    { kind: 'replay_early', events: 30 },
    { kind: 'drop', probability: 0.05 },
  ],
  [{ kind: 'buffer', headers: true }],
  [{ kind: 'buffer', bytes: 4096 }],
  [{ kind: 'delay', ms: 50 }],
  // Longer than two heartbeats until it is full.
  [{ kind: 'buffer', bytes: 65_536 }],
];

const HOUR_MS = 3_600_000;
/** How far the computer's clock goes wrong, one after the other. */
const CLOCK_JUMPS_MS = [365 * 24 * HOUR_MS, -2 * HOUR_MS, 30_000, -400 * 24 * HOUR_MS];

export interface Sky {
  readonly control: Control;
  readonly app: Pick<SoakChild, 'setClock'>;
  readonly userId: string;
  /** The server is about to count from 1 again. */
  onReuse(): void;
}

/** Sets what happens in this round: faults every second one, and now and then a greater event. */
export async function setFaults({ control, app, userId, onReuse }: Sky, round: number): Promise<void> {
  control.setFaults(round % 2 === 0 ? [] : (spells[((round - 1) / 2) % spells.length] ?? []));
  if (round % 5 === 1) control.dropConnections();
  if (round % 11 === 5) control.expireTokens();
  if (round % 17 === 7) control.truncate(userId, 5);
  if (round % 23 === 11) control.newEpoch(userId);
  if (round % 13 === 3) app.setClock(CLOCK_JUMPS_MS[Math.floor(round / 13) % CLOCK_JUMPS_MS.length] ?? 0);
  if (round % 13 === 5) app.setClock(0);
  if (round % 31 === 17) {
    onReuse();
    control.restartLog(userId);
    await control.restart(300);
  }
  if (round % 29 === 13) await control.restart(500);
}
