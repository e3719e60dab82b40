import { describe, expect, it } from 'vitest';
import { measureCase, type Case } from './measure.ts';
import type { BenchContext, Contender } from './types.ts';

const context: BenchContext = { size: 'quick', profileDir: null, log() {} };

function contender(
  name: string,
  role: Contender['role'],
  figures: readonly number[],
  order: string[],
): Contender {
  let next = 0;
  return {
    name,
    role,
    async repeat() {
      order.push(name);
      return { rate: figures[next++] ?? Number.NaN };
    },
  };
}

function caseOf(contenders: readonly Contender[], more: Partial<Case> = {}): Case {
  return {
    title: 'a case',
    metrics: [{ key: 'rate', label: 'events/s', better: 'more' }],
    contenders,
    targets: [],
    rounds: 3,
    warmups: 1,
    ...more,
  };
}

describe('measureCase', () => {
  it('lets contenders take turns, none always first, and leaves the warm-up out', async () => {
    const order: string[] = [];
    const result = await measureCase(
      caseOf([
        contender('A', 'ours', [1000, 10, 20, 30], order),
        contender('B', 'peer', [1, 5, 5, 10], order),
      ]),
      context,
    );
    expect(order.join('')).toBe('ABBAABBA');
    expect(result.contenders[0]?.summary['rate']).toEqual({ median: 20, min: 10, max: 30 });
    expect(result.contenders[0]?.ratio).toBeNull();
    expect(result.contenders[1]?.ratio?.['rate']).toEqual({ median: 3, min: 2, max: 4 });
  });

  it('judges against the best peer by its median, and tells a miss from a collapse', async () => {
    const run = (ours: readonly number[]) =>
      measureCase(
        caseOf(
          [
            contender('ours', 'ours', ours, []),
            contender('slow', 'peer', [1, 1, 1], []),
            contender('fast', 'peer', [10, 10, 10], []),
            contender('floor', 'floor', [20, 20, 20], []),
          ],
          {
            warmups: 0,
            targets: [
              { metric: 'rate', against: { best: 'peer' }, atLeast: 1.4, gate: 0.8 },
              { metric: 'rate', against: 'floor', atLeast: 0.65, gate: null },
            ],
          },
        ),
        context,
      );
    const good = await run([14, 15, 13]);
    expect(good.verdicts.map(({ met, collapsed }) => [met, collapsed])).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(good.verdicts[0]?.target).toContain('the best peer, fast');
    const slower = await run([9, 7, 7]);
    expect(slower.verdicts[0]).toMatchObject({ met: false, collapsed: false });
    const collapsed = await run([7, 7, 7]);
    expect(collapsed.verdicts.map((verdict) => verdict.collapsed)).toEqual([true, false]);
  });

  it('asks the others for no figure that only ours has', async () => {
    const metrics = [
      { key: 'rate', label: 'events/s', better: 'more' },
      { key: 'batches', label: 'batches', better: 'less', compared: false, oursOnly: true },
    ] as const;
    const mine: Contender = { name: 'A', role: 'ours', repeat: async () => ({ rate: 2, batches: 7 }) };
    const result = await measureCase(
      caseOf([mine, contender('B', 'floor', [4], [])], { metrics, rounds: 1, warmups: 0 }),
      context,
    );
    expect(result.contenders[0]?.summary['batches']?.median).toBe(7);
    expect(Object.keys(result.contenders[1]?.summary ?? {})).toEqual(['rate']);
    expect(Object.keys(result.contenders[1]?.ratio ?? {})).toEqual(['rate']);
  });

  it('accepts no figure that is none', async () => {
    await expect(
      measureCase(caseOf([contender('A', 'ours', [1, 2], [])], { warmups: 0 }), context),
    ).rejects.toThrow('a case: A answered NaN for rate.');
  });
});
