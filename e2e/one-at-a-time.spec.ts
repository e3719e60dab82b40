import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import type { Machine } from './fixtures/machine.ts';
import { ROOT } from './fixtures/machine.ts';
import { getBen, test } from './fixtures/app.ts';
import { expectPhase, isShown, rowOf, signIn } from './fixtures/window.ts';

/** Starts the app once more, as a person or a link does; its exit code and what it printed. */
async function startAgain(
  machine: Machine,
  profile: string,
  ...args: string[]
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(
    machine.runtime.executable,
    [...machine.sandboxArguments, `--user-data-dir=${profile}`, ROOT, ...args],
    { env: machine.env, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

test('a second start brings the first window to the front and ends', async ({ app, machine }) => {
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.hide());
  const second = await startAgain(machine, app.profile);
  expect(second.code).toBe(0);
  expect(second.output).toContain('already running');
  await expect.poll(() => isShown(app)).toBe(true);
  expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('a link to a contract opens it in the running app', async ({ app, machine, server }) => {
  await signIn(app.window, server);
  server.control.publish(getBen(server).id, {
    contractId: 'C-linked/1',
    title: 'Linked contract',
    to: 'sent',
  });
  await expect(rowOf(app.window, 'C-linked/1')).toBeVisible();
  expect((await startAgain(machine, app.profile, 'contract-pulse://contract/C-linked%2F1')).code).toBe(0);
  await expect(app.window.getByRole('heading', { name: 'Linked contract' })).toBeVisible();
});

test('a link too long for any contract disturbs no running app, and is left out of a start', async ({
  app,
  machine,
}) => {
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.hide());
  const endless = `contract-pulse://contract/${'x'.repeat(100_000)}`;
  expect((await startAgain(machine, app.profile, endless)).code).toBe(0);
  // The rest of the command line was started, and came to the first.
  await expect.poll(() => isShown(app)).toBe(true);
  expect(app.electron.process().exitCode).toBeNull();
  expect(app.electron.process().signalCode).toBeNull();
  const log = (): Promise<string> => readFile(join(app.profile, 'logs', 'main.log'), 'utf8');
  await expect.poll(log).toMatch(/an argument of 100026 characters was left out/);
  expect(await log()).not.toContain('xxxxx');
});

test('a link starts the app and opens the contract once the session is back', async ({
  launch,
  server,
  desktop,
}) => {
  const first = await launch({ env: desktop.env });
  await signIn(first.window, server);
  server.control.publish(getBen(server).id, { contractId: 'C-cold', title: 'Cold start', to: 'sent' });
  await expect(rowOf(first.window, 'C-cold')).toBeVisible();
  await first.quit();
  const second = await launch({
    profile: first.profile,
    env: desktop.env,
    link: 'contract-pulse://contract/C-cold',
  });
  await expectPhase(second.window, 'live');
  await expect(second.window.getByRole('heading', { name: 'Cold start' })).toBeVisible();
});
