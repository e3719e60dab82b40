import type { Fault } from '../../server-mock/faults/types.ts';
import type { Control } from '../../server-mock/types.ts';

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
  [{ kind: 'delay', ms: 50 }],
];

/** Sets what happens in this round: faults every second one, and now and then a greater event. */
export async function setWeather(control: Control, userId: string, round: number): Promise<void> {
  control.setFaults(round % 2 === 0 ? [] : (spells[((round - 1) / 2) % spells.length] ?? []));
  if (round % 5 === 1) control.dropConnections();
  if (round % 11 === 5) control.expireTokens();
  if (round % 17 === 7) control.truncate(userId, 5);
  if (round % 23 === 11) control.newEpoch(userId);
  if (round % 29 === 13) await control.restart(500);
}
