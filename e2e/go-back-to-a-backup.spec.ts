import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { expectPhase, press, rowOf, signIn } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

test('a person backs the history up, goes on, and goes back to it', async ({ app, server, newProfile }) => {
  const { window, computer } = app;
  const ben = getBen(server);
  await signIn(window, server);
  server.control.publish(ben.id, { contractId: 'C-one', title: 'Before the backup', to: 'sent' });
  await expect(rowOf(window, 'C-one')).toBeVisible();
  const folder = await newProfile();
  const path = join(folder, 'one.pulsebackup');

  await press(window, 'ControlOrMeta+,');
  const settings = window.getByTestId('settings');
  await computer.chooseFile(path);
  await settings.getByRole('button', { name: 'Back up…' }).click();
  await expect(settings.getByText(`Backed up to ${path}`)).toBeVisible();
  await window.evaluate(() =>
    pulse.request('savedViews:save', { savedId: null, name: 'Later', filter: { view: 'all', text: '' } }),
  );
  server.control.publish(ben.id, { contractId: 'C-two', title: 'After the backup', to: 'sent' });
  await expect(rowOf(window, 'C-two')).toBeAttached();

  const letter = join(folder, 'letter.pulsebackup');
  await writeFile(letter, 'Dear Ben');
  await computer.chooseOpened(letter);
  await settings.getByRole('button', { name: 'Restore…' }).click();
  await expect(settings.getByRole('alert')).toContainText('not a backup of Contract Pulse');

  await computer.chooseOpened(path);
  await settings.getByRole('button', { name: 'Restore…' }).click();
  const question = window.getByRole('alertdialog', { name: 'Go back to this backup?' });
  await expect(question).toContainText('one.pulsebackup');
  await question.getByRole('button', { name: 'Restore' }).click();
  await expect(settings.getByText('The backup is restored.')).toBeVisible();
  await expect(question).toHaveCount(0);
  await window.keyboard.press('Escape');
  await expectPhase(window, 'live');
  await expect(rowOf(window, 'C-one')).toBeVisible();
  await expect(rowOf(window, 'C-two')).toBeVisible();
  const saved = await window.evaluate(() => pulse.request('savedViews:read'));
  expect(saved).toEqual({ ok: true, value: [] });
  server.control.publish(ben.id, { contractId: 'C-three', to: 'sent' });
  await expect(rowOf(window, 'C-three')).toBeVisible();
});
