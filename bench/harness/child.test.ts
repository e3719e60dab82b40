import { afterEach, expect, it } from 'vitest';
import { startChild, type Child } from './child.ts';

const module = new URL('echo-process.ts', import.meta.url);
let child: Child | null = null;

afterEach(async () => {
  await child?.close();
  child = null;
});

it('answers from a process of its own, also what only structured clone can carry', async () => {
  child = startChild(module);
  const answer = await child.ask<{ readonly request: unknown; readonly pid: number }>([
    1n,
    new Map([[1, 2]]),
  ]);
  expect(answer.request).toEqual([1n, new Map([[1, 2]])]);
  expect(answer.pid).not.toBe(process.pid);
});

it('hands the child’s own error on, and goes on answering', async () => {
  child = startChild(module);
  await expect(child.ask('fail')).rejects.toThrow('no such thing');
  await expect(child.ask('again')).resolves.toMatchObject({ request: 'again' });
});

it('says how the child ended when it ends before it has answered', async () => {
  child = startChild(module);
  await expect(child.ask('exit')).rejects.toThrow('it ended with code 3');
});

it('closing ends the process', async () => {
  const mine = startChild(module);
  const { pid } = await mine.ask<{ readonly pid: number }>('who');
  await mine.close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
