import { expect, it } from 'vitest';
import { startResult } from './result.ts';
import { tallyCheck } from './tally.ts';

function begin() {
  const lines: string[] = [];
  return { lines, result: startResult((line) => void lines.push(line)) };
}

it('closes once, good when all was good', async () => {
  const { lines, result } = begin();
  await result.take('format', async () => tallyCheck(0, 'format'));
  expect([result.close(), result.close()]).toEqual([0, 0]);
  expect(lines).toEqual(['\n1 passed, 0 failed']);
});

it('counts a part that throws, says why at once and once more at the end, and goes on', async () => {
  const { lines, result } = begin();
  await result.take('end-to-end tests', () => Promise.reject(new Error('There is no Electron.\nConnect.')));
  await result.take('benchmarks', async () => tallyCheck(0, 'benchmarks'));
  expect(result.close()).toBe(1);
  expect(lines).toEqual([
    'There is no Electron.\nConnect.',
    '\nFailed:\n  end-to-end tests: There is no Electron.\n\n1 passed, 1 failed',
  ]);
});

it('has failed when it was ended from outside, though every part so far was good', async () => {
  const { lines, result } = begin();
  await result.take('format', async () => tallyCheck(0, 'format'));
  result.fail('the run was ended');
  expect(result.close()).toBe(1);
  expect(lines.at(-1)).toBe('\nFailed:\n  the run was ended\n\n1 passed, 1 failed');
});
