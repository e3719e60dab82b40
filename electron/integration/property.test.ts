import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { playSchedule } from './play.ts';
import { schedules } from './schedule.ts';

const seeds = Number(process.env['INTEGRATION_SEEDS'] ?? 80);
const events = Number(process.env['INTEGRATION_EVENTS'] ?? 500);
const first = Number(process.env['INTEGRATION_FIRST_SEED'] ?? 1);
/** Worlds side by side: a run mostly waits for its own delays. */
const atOnce = Number(process.env['INTEGRATION_AT_ONCE'] ?? 6);

/** Far above what a run takes, so that a run that hangs is still reported as one. */
const timeout = 120_000 + seeds * Math.max(5_000, events * 20);

test(
  `any schedule of faults ends with exactly the published set: ${seeds} seeds × ${events} events`,
  { timeout },
  async () => {
    const failures: string[] = [];
    let next = first;
    const players = Array.from({ length: atOnce }, async () => {
      while (next < first + seeds && failures.length < 3) {
        const seed = next;
        next += 1;
        try {
          await fc.assert(
            fc.asyncProperty(schedules, (schedule) => playSchedule(schedule, events)),
            { seed, numRuns: 1, endOnFailure: true },
          );
        } catch (error) {
          const why =
            error instanceof Error ? `${error.message}\n${String(error.cause ?? '')}` : String(error);
          failures.push(
            `seed ${seed} (INTEGRATION_FIRST_SEED=${seed} INTEGRATION_SEEDS=1 INTEGRATION_EVENTS=${events}): ${why}`,
          );
        }
      }
    });
    await Promise.all(players);
    expect(failures.join('\n\n')).toBe('');
  },
);
