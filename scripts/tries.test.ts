import { expect, it } from 'vitest';
import { tryAgain } from './tries.ts';

function makeTries(faults: readonly string[]) {
  const left = [...faults];
  const lines: string[] = [];
  const pauses: number[] = [];
  let tries = 0;
  const run = async (): Promise<string> => {
    tries += 1;
    const fault = left.shift();
    if (fault !== undefined) throw new Error(fault);
    return 'had';
  };
  const done = tryAgain('Fetching a@1', run, {
    log: (line) => void lines.push(line),
    pause: async (ms) => void pauses.push(ms),
  });
  return { done, lines, pauses, tries: () => tries };
}

it('says nothing where the first try is good', async () => {
  const { done, lines, tries } = makeTries([]);
  expect(await done).toBe('had');
  expect([tries(), lines]).toEqual([1, []]);
});

it('says why, waits longer each time, and goes on', async () => {
  const { done, lines, pauses } = makeTries(['No route.', 'Reset.']);
  expect(await done).toBe('had');
  expect(lines).toEqual([
    'Fetching a@1 failed: No route. It may pass: try 2 of 3 in 5 s.',
    'Fetching a@1 failed: Reset. It may pass: try 3 of 3 in 20 s.',
  ]);
  expect(pauses).toEqual([5_000, 20_000]);
});

it('gives up after the third try, with its reason', async () => {
  const { done, tries } = makeTries(['one', 'two', 'three', 'four']);
  await expect(done).rejects.toThrow('three');
  expect(tries()).toBe(3);
});
