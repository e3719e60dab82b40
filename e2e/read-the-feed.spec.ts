import { expect } from 'playwright/test';
import { getBen, test, type RunningApp } from './fixtures/app.ts';
import { leavePointer, openContract, rowOf, shownIds, signIn } from './fixtures/window.ts';

test('what lies under the pointer keeps its place; what is new waits behind a pill', async ({
  app,
  server,
}) => {
  const { window } = app;
  const ben = getBen(server);
  await signIn(window, server);
  server.control.publish(ben.id, { contractId: 'C-first', title: 'First', to: 'sent' });
  await expect(rowOf(window, 'C-first')).toBeVisible();

  await window.getByTestId('row').nth(2).hover();
  await expect(window.getByTestId('feed')).not.toHaveClass(/\blive\b/);
  const before = await shownIds(window);
  server.control.publish(ben.id, { contractId: 'C-second', title: 'Second', to: 'sent' });
  server.control.publish(ben.id, { contractId: 'C-first', from: 'sent', to: 'viewed' });
  await expect(window.getByTestId('pill')).toContainText('2 new');
  await expect(rowOf(window, 'C-first')).toContainText('Viewed');
  expect(await shownIds(window)).toEqual(before);

  // A pointer on its way to the pill has left the list, which may let in what is new before the click.
  await window.getByTestId('pill').dispatchEvent('click');
  await leavePointer(window);
  await expect(rowOf(window, 'C-second')).toBeVisible();
  await expect(window.getByTestId('pill')).toHaveCount(0);
  expect((await shownIds(window)).slice(0, 2)).toEqual(['C-first', 'C-second']);
});

test('with the keyboard on the list and nothing chosen, what is new comes in at the top, one after the other', async ({
  app,
  server,
}) => {
  const { window } = app;
  await signIn(window, server);
  await leavePointer(window);
  await window.getByTestId('feed').focus();
  for (const id of ['C-one', 'C-two', 'C-three', 'C-four']) {
    server.control.publish(getBen(server).id, { contractId: id, title: id, to: 'sent' });
    await expect(rowOf(window, id)).toBeVisible();
    await expect.poll(async () => (await shownIds(window))[0]).toBe(id);
  }
  await expect(window.getByTestId('pill')).toHaveCount(0);
});

const WAYS_OUT: readonly (readonly [
  way: string,
  tag: string[],
  leave: (app: RunningApp) => Promise<void>,
])[] = [
  ['into another part of the window', [], ({ window }) => leavePointer(window)],
  [
    'out of the window',
    ['@electron'],
    ({ electron }) =>
      electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]!.webContents.sendInputEvent({ type: 'mouseLeave', x: -1, y: -1 }),
      ),
  ],
];

for (const [way, tag, leave] of WAYS_OUT)
  test(
    `the list goes on when the pointer has gone ${way}, though the row under it had gone before`,
    { tag },
    async ({ app, server }) => {
      const { window } = app;
      await signIn(window, server);
      await window.getByTestId('row').nth(2).hover();
      await expect(window.getByTestId('feed')).not.toHaveClass(/\blive\b/);
      // The pointer leaves while the page is at work: it sees the other row and the leaving at one time.
      const busy = window.waitForEvent('console', (line) => line.text() === 'busy');
      const swapping = window.evaluateHandle(() => {
        const row = document.querySelector('[data-testid="row"]:hover');
        const other = row?.cloneNode(true) as Element;
        row?.replaceWith(other);
        console.info('busy');
        const until = performance.now() + 500;
        while (performance.now() < until);
        return { row, other };
      });
      await busy;
      await leave(app);
      const swap = await swapping;
      await swap.evaluate(({ row, other }) => row && other.replaceWith(row));
      server.control.publish(getBen(server).id, { contractId: 'C-new', title: 'New', to: 'sent' });
      await expect(rowOf(window, 'C-new')).toBeVisible();
      await expect(window.getByTestId('feed')).toHaveClass(/\blive\b/);
    },
  );

test('an empty list lets in what comes, wherever the pointer rests', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  await window.getByTestId('row').nth(3).hover();
  await window.keyboard.press('/');
  await window.keyboard.type('zeppelin');
  await expect(window.getByRole('heading', { name: /^Nothing found/ })).toBeVisible();
  server.control.publish(getBen(server).id, { contractId: 'C-found', title: 'Zeppelin charter', to: 'sent' });
  await expect(rowOf(window, 'C-found')).toBeVisible();
});

test.describe('with heartbeats far apart', () => {
  // What comes after a silence that looks like a dead connection is there at once, and does not slide.
  test.use({ serverOptions: { heartbeatMs: 20_000 } });

  test('rows make way by sliding, a new one slides in once, and soon after they can be read in their order', async ({
    app,
    server,
  }) => {
    const { window } = app;
    await signIn(window, server);
    const before = await shownIds(window);
    await window.evaluate(() => {
      const moved = { slidIn: [] as string[], slid: [] as string[] };
      const idOf = ({ target }: Event): string =>
        (target as Element).closest('[data-contract-id]')?.getAttribute('data-contract-id') ?? '';
      document.addEventListener('animationstart', (event) => moved.slidIn.push(idOf(event)));
      document.addEventListener('transitionrun', (event) => {
        if (event.propertyName === 'transform') moved.slid.push(idOf(event));
      });
      Object.assign(globalThis, { moved });
    });
    const moved = () =>
      window.evaluate(() => (globalThis as unknown as { moved: Record<'slidIn' | 'slid', string[]> }).moved);
    const inPage = () =>
      window
        .getByTestId('row')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-contract-id')));
    const publish = async (contractId: string): Promise<void> => {
      server.control.publish(getBen(server).id, { contractId, title: contractId, to: 'sent' });
      await expect.poll(async () => (await shownIds(window))[0]).toBe(contractId);
      await expect.poll(inPage).toEqual(await shownIds(window));
    };

    await publish('C-new');
    // The page tells of them with its next frame.
    await expect.poll(async () => (await moved()).slid).toEqual(expect.arrayContaining(before.slice(0, 5)));
    await publish('C-newer');
    await publish(before[4] ?? '');
    await expect
      .poll(async () => (await moved()).slid.slice(-7).toSorted())
      .toEqual(['C-new', 'C-newer', ...before.slice(0, 5)].toSorted());
    expect((await moved()).slidIn.filter((id) => id.startsWith('C-new'))).toEqual(['C-new', 'C-newer']);
  });
});

test('opening a contract marks it as read, and it can be marked unread again', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  server.control.publish(getBen(server).id, { contractId: 'C-read', title: 'To be read', to: 'sent' });
  await expect(rowOf(window, 'C-read')).toHaveAttribute('data-unread', 'true');
  await openContract(window, 'C-read');
  await expect(rowOf(window, 'C-read')).toHaveAttribute('data-unread', 'false');
  await window.getByRole('button', { name: 'Mark unread' }).click();
  await expect(rowOf(window, 'C-read')).toHaveAttribute('data-unread', 'true');
});

test.describe('with a hundred thousand contracts', () => {
  test.use({ serverOptions: { contracts: 100_000, heartbeatMs: 2_000 } });

  test(
    'the list can be scrolled to its end, and only what is on the screen is in the page',
    { tag: '@nightly' },
    async ({ app, server }) => {
      const { window } = app;
      await signIn(window, server, getBen(server), { timeout: 120_000 });
      const feed = window.getByTestId('feed');
      await expect(feed).toHaveAttribute('aria-rowcount', '100000');
      await feed.evaluate((list) => list.scrollTo({ top: list.scrollHeight / 2 }));
      await expect(window.locator('[data-testid="row"][aria-rowindex="50000"]')).toHaveCount(1);
      await feed.evaluate((list) => list.scrollTo({ top: list.scrollHeight }));
      await expect(window.locator('[data-testid="row"][aria-rowindex="100000"]')).toBeVisible();
      expect(await window.getByTestId('row').count()).toBeLessThan(100);
    },
  );
});
