import { expect, it } from 'vitest';
import { createRerun, createSerial, type Rerun } from './serial.ts';

it('runs one task at a time in the order asked, also after one that fails', async () => {
  const serial = createSerial();
  const told: string[] = [];
  const task = (name: string, fails = false) =>
    serial.run(async () => {
      told.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      told.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = Promise.allSettled([task('a'), task('b', true), task('c')]);
  await serial.settled();
  expect(told).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('a task that throws at once rejects its own promise alone', async () => {
  const serial = createSerial();
  const thrown = serial.run(() => {
    throw new Error('at once');
  });
  await expect(thrown).rejects.toThrow('at once');
  await expect(serial.run(async () => 'next')).resolves.toBe('next');
});

it('asked for again and again while it runs, it runs once more', async () => {
  let runs = 0;
  const rerun = createRerun(async () => {
    runs += 1;
    await new Promise((resolve) => setImmediate(resolve));
  });
  const first = rerun.ask();
  for (let times = 0; times < 5; times += 1) void rerun.ask();
  await first;
  expect(runs).toBe(2);
  await rerun.ask();
  await rerun.settled();
  expect(runs).toBe(3);
});

it('what a run asks for itself runs too', async () => {
  let left = 3;
  const rerun: Rerun = createRerun(async () => {
    left -= 1;
    if (left > 0) void rerun.ask();
  });
  await rerun.ask();
  expect(left).toBe(0);
});
