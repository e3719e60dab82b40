import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { expectPhase, signIn } from './fixtures/window.ts';

// Main stands still while the keyring asks, and Playwright with it: that the window was there before is told by the app's log.
test('a keychain that is locked at the start keeps the sign-in, and a restart once it is open takes it up', async ({
  launch,
  server,
  desktop,
}) => {
  const first = await launch({ env: desktop.env });
  const { profile } = first;
  await signIn(first.window, server, getBen(server));
  await expectPhase(first.window, 'live');
  await first.quit();
  const vault = join(profile, 'session.vault');
  const stored = await readFile(vault);

  const log = (): Promise<string> => readFile(join(profile, 'logs/main.log'), 'utf8');
  const before = (await log()).length;
  await desktop.lockKeyring();
  const enough = new AbortController();
  let prompts = 0;
  const dismissing = (async () => {
    while (!enough.signal.aborted) {
      // Long enough for the window to have said what it waits for.
      if (await desktop.dismissPrompt()) prompts += 1;
      await wait(prompts === 0 ? 100 : 1_500);
    }
  })();
  try {
    const second = await launch({ profile, env: desktop.env });
    const note = second.window.getByText('the system’s keychain is locked');
    await expect(note).toBeVisible({ timeout: 60_000 });
    expect(prompts).toBeGreaterThan(0);
    expect(await readFile(vault)).toEqual(stored);
    enough.abort();
    await dismissing;
    const said = async (): Promise<string> => (await log()).slice(before);
    await expect.poll(said).toContain('the keychain is locked');
    expect(await said()).toMatch(/window shown[^]*the keychain is locked/);

    await desktop.unlockKeyring();
    // A copy that the test did not start would be left over: that it was asked for is enough.
    await second.electron.evaluate(({ app }) => {
      app.relaunch = () => console.log('the app was to start once more');
    });
    const ended = new Promise((resolve) => second.electron.process().once('exit', resolve));
    await second.window.getByRole('button', { name: 'Restart' }).click();
    await ended;
    await expect.poll(() => second.lines.join('\n')).toContain('was to start once more');
  } finally {
    enough.abort();
    await dismissing;
    await desktop.unlockKeyring();
  }

  const third = await launch({ profile, env: desktop.env });
  await expectPhase(third.window, 'live');
  expect(await readFile(vault)).not.toHaveLength(0);
});
