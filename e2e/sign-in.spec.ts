import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { expectPhase, fillSignIn, pressSignIn, rowOf, signIn } from './fixtures/window.ts';

test(
  'a person signs in and sees a change the moment it is published',
  { tag: '@electron' },
  async ({ app, server }) => {
    const { window, lines, profile } = app;
    await expect(window.getByLabel('Server address')).toHaveValue(server.url);
    await signIn(window, server);

    const event = server.control.publish(getBen(server).id, { title: 'Supply of steel', to: 'declined' });
    const row = rowOf(window, event.data.contract.id);
    await expect(row).toContainText('Supply of steel');
    await expect(row).toContainText('Declined');
    await expect(row).toHaveAttribute('data-unread', 'true');
    // What was printed before Playwright took hold stands in the log as well.
    const log = () => readFile(join(profile, 'logs/main.log'), 'utf8');
    await expect.poll(log).toMatch(/window shown[\s\S]*session: signed in[\s\S]*live/);
    await expect.poll(() => lines.join('\n')).toContain('1 event received');
  },
);

test('a server that is new here is asked about outside the window, and gets nothing without a yes', async ({
  launch,
  server,
}) => {
  const { window, computer } = await launch();
  const asked = await computer.answerQuestions(false);
  await fillSignIn(window, { ...getBen(server), server: server.url });
  await pressSignIn(window);
  await expect(window.getByRole('alert')).toContainText('You are not signed in');
  expect(await asked()).toEqual([`Sign in at ${server.url}?`]);
  expect(server.control.requests()).toEqual([]);
  await computer.answerQuestions(true);
  await fillSignIn(window, getBen(server));
  await pressSignIn(window);
  await expectPhase(window, 'live');
});

test('Enter signs in, and the password can be looked at', async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);
  await fillSignIn(window, ben);
  const password = window.getByLabel('Password', { exact: true });
  await expect(password).toHaveAttribute('type', 'password');
  await window.getByRole('button', { name: 'Show password' }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await password.press('Enter');
  await expectPhase(window, 'live');
});

test('a wrong password is said to be wrong, and the right one works after it', async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);
  await fillSignIn(window, { ...ben, password: 'guess' });
  await pressSignIn(window);
  await expect(window.getByRole('alert')).toContainText('User name or password is wrong');
  expect(server.control.openStreams()).toBe(0);
  await fillSignIn(window, ben);
  await pressSignIn(window);
  await expectPhase(window, 'live');
});

test.describe('after too many attempts', () => {
  test.use({ serverOptions: { maxFailedLogins: 2, throttleMs: 60_000 } });

  test('the window asks for a pause and says how long', async ({ app, server }) => {
    const { window } = app;
    for (const password of ['one', 'two', 'three']) {
      await fillSignIn(window, { ...getBen(server), password });
      await pressSignIn(window);
      await expect(window.getByRole('button', { name: /^Sign in/ })).toHaveAttribute('aria-busy', 'false');
    }
    await expect(window.getByRole('alert')).toContainText('Too many attempts');
    await expect(window.getByRole('alert')).toContainText(/again in \d+ seconds/);
    await expect(window.getByRole('button', { name: /^Sign in/ })).toBeDisabled();
  });
});

test('a server that cannot be reached is named', { tag: '@nightly' }, async ({ app, server }) => {
  const { window } = app;
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  await fillSignIn(window, { ...getBen(server), server: `http://127.0.0.1:${port}` });
  await pressSignIn(window);
  await expect(window.getByRole('alert')).toContainText(`No answer from 127.0.0.1:${port}`);
});

test('a server that hangs up at once has not answered', { tag: '@nightly' }, async ({ app, server }) => {
  const { window } = app;
  server.control.setFaults([{ kind: 'refuse' }]);
  await fillSignIn(window, getBen(server));
  await pressSignIn(window);
  await expect(window.getByRole('alert')).toContainText('No answer from 127.0.0.1');
  server.control.setFaults([]);
  await pressSignIn(window);
  await expectPhase(window, 'live');
});

test(
  'a page in place of the API is told from a contracts server',
  { tag: '@nightly' },
  async ({ app, server }) => {
    const { window } = app;
    const site = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Intranet</title>');
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const { port } = site.address() as AddressInfo;
    await fillSignIn(window, { ...getBen(server), server: `http://127.0.0.1:${port}` });
    await pressSignIn(window);
    await expect(window.getByRole('alert')).toContainText('This is not a contracts server');
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  },
);

test('a password never goes out over plain http to another machine', async ({ app, server }) => {
  const { window } = app;
  await fillSignIn(window, { ...getBen(server), server: 'http://contracts.example.com' });
  await pressSignIn(window);
  await expect(window.getByRole('alert')).toContainText('This address cannot be used');
});

test.describe('with a certificate that nobody vouches for', () => {
  test.use({ serverOptions: { tls: true } });

  test('the password is not sent, and the window says why', async ({ app, server }) => {
    const { window } = app;
    await fillSignIn(window, { ...getBen(server), server: server.url });
    await pressSignIn(window);
    await expect(window.getByRole('alert')).toContainText('certificate is not trusted');
    expect(server.control.requests()).toEqual([]);
  });
});
