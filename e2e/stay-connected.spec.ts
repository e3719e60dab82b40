import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import type { MockServer } from '../server-mock/types.ts';
import { getBen, test } from './fixtures/app.ts';
import { startRecorder } from './fixtures/recorder.ts';
import {
  closeReceipt,
  connectionOf,
  expectPhase,
  fillSignIn,
  openContract,
  openReceipt,
  pressSignIn,
  rowOf,
  signIn,
  timelineIds,
} from './fixtures/window.ts';

const ONE = 'C-one';

/** Publishes changes of one contract; their ids, oldest first. */
function publish(server: MockServer, ...statuses: string[]): string[] {
  return statuses.map(
    (to) => server.control.publish(getBen(server).id, { contractId: ONE, title: 'Watched', to }).id,
  );
}

/** Each of them is shown once, newest first, and nothing else is. */
async function expectExactly(window: Page, ids: readonly string[]): Promise<void> {
  if (!(await window.getByTestId('timeline').isVisible())) await openContract(window, ONE);
  await expect.poll(() => timelineIds(window)).toEqual(ids.toReversed());
}

test('a lost connection is said, made again, and nothing is lost or doubled', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  const ids = publish(server, 'sent');
  await expect(rowOf(window, ONE)).toBeVisible();

  // So long that by itself it would not be made again while the test lasts.
  server.control.setFaults([{ kind: 'status', status: 503, retryAfter: '600' }]);
  expect(server.control.dropConnections()).toBe(1);
  await expectPhase(window, 'waiting');
  // The first wait, after the cut, is short: the app would be back by itself before anybody presses a button.
  await expect(connectionOf(window)).toContainText(/Trying again in [56]\d\d s/);
  ids.push(...publish(server, 'viewed', 'declined'));
  await expect(rowOf(window, ONE)).toContainText('Out for signature');

  server.control.setFaults([]);
  await window.getByRole('button', { name: /^Try (now|again)$/ }).click();
  await expectPhase(window, 'live');
  ids.push(...publish(server, 'changes_requested'));
  await expectExactly(window, ids);
  await expect.poll(() => server.control.openStreams(getBen(server).id)).toBe(1);
});

test('a restarted server is found again by itself', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  const ids = publish(server, 'sent');
  await expect(rowOf(window, ONE)).toBeVisible();
  const restarted = server.control.restart(4_000);
  await expectPhase(window, 'waiting');
  ids.push(...publish(server, 'viewed'));
  await restarted;
  await expectPhase(window, 'live');
  ids.push(...publish(server, 'signed'));
  await expectExactly(window, ids);
});

test(
  'a cut-off in the middle of a change neither loses nor doubles it',
  { tag: '@nightly' },
  async ({ app, server }) => {
    const { window } = app;
    await signIn(window, server);
    const ids: string[] = [];
    for (const where of ['line', 'character', 'between'] as const) {
      server.control.setFaults([{ kind: 'drop', probability: 1, where }]);
      ids.push(...publish(server, 'on_hold'));
      await expect.poll(() => server.control.openStreams()).toBe(0);
      server.control.setFaults([]);
      await expectPhase(window, 'live');
    }
    await expectExactly(window, ids);
  },
);

test('repeated and replayed changes are shown once', { tag: '@nightly' }, async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  server.control.setFaults([
    { kind: 'duplicate', probability: 1 },
    { kind: 'replay_early', events: 3 },
  ]);
  const ids = publish(server, 'sent', 'viewed', 'partially_signed');
  await expect(rowOf(window, ONE)).toContainText('Partially signed');
  server.control.dropConnections();
  await expect
    .poll(() => server.control.requests().filter(({ path }) => path.includes('/events')).length)
    .toBeGreaterThan(1);
  await expectPhase(window, 'live');
  ids.push(...publish(server, 'signed'));
  await expectExactly(window, ids);
});

test('an expired token is renewed without a word', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  const ids = publish(server, 'sent');
  server.control.expireTokens();
  server.control.dropConnections();
  ids.push(...publish(server, 'viewed'));
  await expect(rowOf(window, ONE)).toContainText('Viewed');
  await expectPhase(window, 'live');
  await expectExactly(window, ids);
  const renewals = server.control.requests().filter(({ path }) => path === '/api/refresh');
  expect(renewals.map(({ status }) => status)).toEqual([200]);
});

test('a revoked session asks to sign in again and keeps the history', async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);
  await signIn(window, server);
  const ids = publish(server, 'sent');
  await expect(rowOf(window, ONE)).toBeVisible();
  server.control.revoke(ben.id);
  await expect(window.getByText(/Sign in again; your history is kept/).first()).toBeVisible();
  ids.push(...publish(server, 'viewed'));
  const again = window.getByRole('button', { name: 'Sign in again' });
  if (await again.isVisible()) await again.click();
  await fillSignIn(window, { username: ben.username, password: ben.password });
  await pressSignIn(window);
  await expectPhase(window, 'live');
  await expectExactly(window, ids);
});

test(
  'a server that forbids the stream stops it until the person tries again',
  { tag: '@nightly' },
  async ({ app, server }) => {
    const { window } = app;
    await signIn(window, server);
    server.control.setFaults([{ kind: 'status', status: 403 }]);
    server.control.dropConnections();
    await expectPhase(window, 'stopped');
    const asked = server.control.requests().length;
    const popup = await openReceipt(window);
    await expect(popup).toContainText('does not allow this account to receive changes');
    await closeReceipt(window);
    expect(server.control.requests().length).toBe(asked);
    server.control.setFaults([]);
    await window.getByRole('button', { name: /^Try (now|again)$/ }).click();
    await expectPhase(window, 'live');
  },
);

test.describe('with heartbeats far apart', () => {
  test.use({ serverOptions: { heartbeatMs: 30_000 } });

  test('after sleep a dead connection is noticed at once', async ({ app, server }) => {
    const { window, electron } = app;
    const network = await startRecorder(server.url);
    await signIn(window, { ...server, url: network.url });
    const ids = publish(server, 'sent');
    await expect(rowOf(window, ONE)).toBeVisible();
    await electron.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'));
    network.freeze();
    ids.push(...publish(server, 'viewed', 'signed'));
    // By itself the app would wait for two heartbeats, a minute.
    await electron.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
    await expectExactly(window, ids);
    await expectPhase(window, 'live');
    await expect.poll(() => server.control.openStreams(getBen(server).id)).toBe(1);
    await network.close();
  });
});

test('behind a proxy that holds the stream back, changes come by long polling, and it is said', async ({
  app,
  server,
}) => {
  const { window } = app;
  await signIn(window, server);
  const ids = publish(server, 'sent');
  await expect(rowOf(window, ONE)).toBeVisible();
  server.control.setFaults([{ kind: 'buffer', headers: true }]);
  server.control.dropConnections();
  ids.push(...publish(server, 'viewed'));
  await expect(rowOf(window, ONE)).toContainText('Viewed');
  await expectPhase(window, 'live');
  ids.push(...publish(server, 'signed'));
  await expectExactly(window, ids);
  await expect(await openReceipt(window)).toContainText('Slower connection');
});

test(
  'an intranet page in place of the stream is an error that passes',
  { tag: '@nightly' },
  async ({ app, server }) => {
    const { window } = app;
    await signIn(window, server);
    server.control.setFaults([{ kind: 'content_type', value: 'text/html' }]);
    server.control.dropConnections();
    await expectPhase(window, 'waiting');
    await expect(await openReceipt(window)).toContainText('something else answered in place of the server');
    await closeReceipt(window);
    server.control.setFaults([]);
    const ids = publish(server, 'sent');
    await expect(rowOf(window, ONE)).toBeVisible();
    await expectExactly(window, ids);
  },
);

test(
  'credentials do not follow a redirect to another server',
  { tag: '@nightly' },
  async ({ app, server }) => {
    const { window } = app;
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const to = `http://127.0.0.1:${(other.address() as AddressInfo).port}/api/events`;
    await signIn(window, server);
    server.control.setFaults([{ kind: 'redirect', to, times: 1 }]);
    server.control.dropConnections();
    const ids = publish(server, 'sent');
    await expect(rowOf(window, ONE)).toBeVisible();
    await expectExactly(window, ids);
    expect(seen.filter((authorization) => authorization !== undefined)).toEqual([]);
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  },
);

test(
  'broken, foreign and oversize events do not stop the feed',
  { tag: '@nightly' },
  async ({ app, server }) => {
    const { window } = app;
    const ben = getBen(server);
    await signIn(window, server);
    const name = `${ben.id}_ContractStatusChanged`;
    server.control.sendRaw(ben.id, `event: ${name}\ndata: {"broken":\n\n`);
    server.control.sendRaw(ben.id, `event: SomethingElse\ndata: {"a":1}\n\n`);
    server.control.sendRaw(ben.id, `event: ${name}\ndata: ${'x'.repeat(2 * 1024 * 1024)}\n\n`);
    server.control.sendRaw(ben.id, Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0xfe, 0x0a, 0x0a]));
    server.control.publish(ben.id, { contractId: 'C-odd', title: 'Odd status', to: 'quantum_entangled' });
    const ids = publish(server, 'sent');
    await expect(rowOf(window, ONE)).toBeVisible();
    await expect(rowOf(window, 'C-odd')).toContainText('quantum_entangled');
    await expectExactly(window, ids);
    await expectPhase(window, 'live');
  },
);
