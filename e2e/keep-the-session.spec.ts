import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { findOnDisk } from './fixtures/disk.ts';
import { startRecorder } from './fixtures/recorder.ts';
import { expectPhase, openContract, rowOf, signIn, signOut, timelineIds } from './fixtures/window.ts';

test('after a restart the session, the history and the place in the stream are there again', async ({
  launch,
  server,
  desktop,
}) => {
  const ben = getBen(server);
  const first = await launch({ env: desktop.env });
  await signIn(first.window, server);
  const before = server.control.publish(ben.id, { contractId: 'C-keep', title: 'Kept contract', to: 'sent' });
  await expect(rowOf(first.window, 'C-keep')).toBeVisible();
  await first.quit();
  await expect.poll(() => server.control.openStreams()).toBe(0);

  const away = [
    server.control.publish(ben.id, { contractId: 'C-keep', from: 'sent', to: 'viewed' }),
    server.control.publish(ben.id, { contractId: 'C-keep', from: 'viewed', to: 'signed' }),
  ];
  const seenBefore = server.control.requests().length;
  const second = await launch({ profile: first.profile, env: desktop.env });
  await expectPhase(second.window, 'live');
  await openContract(second.window, 'C-keep');
  await expect.poll(() => timelineIds(second.window)).toEqual([away[1]?.id, away[0]?.id, before.id]);

  const requests = server.control.requests().slice(seenBefore);
  expect(requests.some(({ path }) => path.startsWith('/api/login'))).toBe(false);
  const streams = requests.filter(({ path }) => path.startsWith('/api/events'));
  expect(streams.map(({ lastEventId }) => lastEventId)).toEqual([before.id]);
});

test('signing out wipes the tokens from disk and ends the stream on the server', async ({
  launch,
  server,
  desktop,
}) => {
  const recorder = await startRecorder(server.url);
  const { window, profile, quit } = await launch({ env: desktop.env });
  const ben = getBen(server);
  await signIn(window, { ...server, url: recorder.url }, ben);
  const vault = join(profile, 'session.vault');
  await expect.poll(() => existsSync(vault)).toBe(true);
  expect(recorder.tokens.size).toBeGreaterThanOrEqual(2);
  expect(await findOnDisk(profile, recorder.tokens)).toEqual([]);

  await signOut(window);
  await expect.poll(() => server.control.openStreams()).toBe(0);
  await expect.poll(() => existsSync(vault)).toBe(false);
  expect((await readdir(profile)).filter((name) => name.startsWith('session.vault'))).toEqual([]);
  expect(server.control.requests().some(({ path, status }) => path === '/api/logout' && status === 204)).toBe(
    true,
  );
  await quit();
  expect(await findOnDisk(profile, recorder.tokens)).toEqual([]);

  const again = await launch({ profile, env: desktop.env });
  await expect(again.window.getByLabel('Password', { exact: true })).toBeVisible();
  await recorder.close();
});

test('without a keychain the window says that the session ends with the app, and nothing is stored', async ({
  launch,
  server,
}) => {
  const { window, profile, quit } = await launch({ args: ['--password-store=basic'] });
  await signIn(window, server);
  await window.getByRole('button', { name: /^Account/ }).click();
  await expect(window.getByText('this computer has no keychain')).toBeVisible();
  expect(existsSync(join(profile, 'session.vault'))).toBe(false);
  await quit();
  const again = await launch({ profile, args: ['--password-store=basic'] });
  await expect(again.window.getByLabel('Password', { exact: true })).toBeVisible();
});

test('a session that cannot be decrypted is set aside, not overwritten', async ({
  launch,
  server,
  desktop,
  newProfile,
}) => {
  const profile = await newProfile();
  const vault = join(profile, 'session.vault');
  await writeFile(vault, 'v11 from another keychain');
  const { window } = await launch({ profile, env: desktop.env });
  await expect(window.getByLabel('Password', { exact: true })).toBeVisible();
  expect(await readFile(vault, 'utf8')).toBe('v11 from another keychain');
  await signIn(window, server);
  await expect
    .poll(async () => (await readdir(profile)).filter((name) => name.includes('unreadable')).length)
    .toBe(1);
  const [aside = ''] = (await readdir(profile)).filter((name) => name.includes('unreadable'));
  expect(await readFile(join(profile, aside), 'utf8')).toBe('v11 from another keychain');
});
