import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { createBrowser, signInAndAgree } from '../electron/integration/oidc/browser.ts';
import { startIssuer } from '../electron/integration/oidc/issuer.ts';
import { oidcProfile, startProtectedServer } from '../electron/integration/oidc/protected-server.ts';
import { test } from './fixtures/app.ts';
import { expectPhase, rowOf } from './fixtures/window.ts';

test('by a profile that names an issuer, the person signs in by the browser and reads live rows', async ({
  launch,
  newProfile,
}) => {
  const issuer = await startIssuer({}, 'http');
  const server = await startProtectedServer(issuer);
  const path = join(await newProfile(), 'company.json');
  await writeFile(path, JSON.stringify(oidcProfile(server.url, issuer.url)));

  const { window, computer } = await launch();
  const questions = await computer.answerQuestions(true);
  const browsed = await computer.watchBrowser();
  await window.getByRole('button', { name: 'Use a key or token' }).click();
  await computer.chooseOpened(path);
  await window.getByRole('button', { name: 'From a profile file…' }).click();
  const go = window.getByRole('button', { name: 'Continue in the browser' });
  await expect(go).toBeFocused();
  await expect(window.locator('form input')).toHaveCount(0);

  // Given up here, and begun again.
  await go.click();
  await expect(window.getByText('Waiting for the browser')).toBeVisible();
  await expect.poll(async () => (await browsed()).length).toBe(1);
  await window.getByRole('button', { name: 'Cancel' }).click();
  await expect(window.getByRole('alert')).toContainText('You cancelled the sign-in');

  await go.click();
  await expect.poll(async () => (await browsed()).length).toBe(2);
  const page = await signInAndAgree(createBrowser(issuer.ca), (await browsed())[1] ?? '', 'u7');
  expect(page.text).toContain('You can close this tab');
  await expectPhase(window, 'connected');
  server.send('id: 1\ndata: {"id":"C-1","status":"SIGNED"}');
  await expect(rowOf(window, 'C-1')).toContainText('Signed');
  expect(await questions()).toEqual([`Sign in through ${issuer.url}?`]);
  await server.close();
  await issuer.close();
});
