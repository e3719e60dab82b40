import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { readProportionalSet } from './processes.ts';

test.runIf(process.platform === 'linux')('the memory of a process holds that of its children', async () => {
  const alone = await readProportionalSet(process.pid);
  const child = spawn(process.execPath, ['-e', "process.stdout.write('up'); setInterval(() => {}, 1000)"]);
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const own = await readProportionalSet(child.pid ?? 0);
    expect(own).toBeGreaterThan(2 ** 20);
    expect(await readProportionalSet(process.pid)).toBeGreaterThan(alone);
  } finally {
    child.kill('SIGKILL');
  }
});
