import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { expectShown, leavePointer, openContract, press, rowOf, signIn } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

test('the pane says where a contract stands, since when, who did what, why and exactly when', async ({
  app,
  server,
}) => {
  const { window } = app;
  await signIn(window, server);
  publishPortfolio(server, getBen(server));
  await openContract(window, 'C-lease');
  const pane = window.getByTestId('contract-pane');
  await expect(pane.getByRole('heading', { name: 'Office lease, 4th floor' })).toBeVisible();
  await expect(pane).toContainText('Acme Ltd');
  await expect(pane).toContainText('$4,800');
  await expect(pane).toContainText('Declined');
  const [entry] = await pane.getByTestId('timeline').locator('[data-event-id]').all();
  await expect(entry!).toContainText('James Whitfield');
  await expect(entry!.locator('blockquote')).toContainText('The price is above the framework agreement.');
  await expect(entry!.locator('time').first()).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
});

test('on coming back to a contract it says what has changed since the last look', async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);
  await signIn(window, server);
  publishPortfolio(server, ben);
  await openContract(window, 'C-steel');
  const pane = window.getByTestId('contract-pane');
  await expect(pane.getByText('What changed since you last looked')).toHaveCount(0);
  // It counts as looked at together with being read.
  await expect(rowOf(window, 'C-steel')).toHaveAttribute('data-unread', 'false');
  await press(window, 'Escape');
  await expect(pane).not.toHaveAttribute('data-contract-id', 'C-steel');

  server.control.publish(ben.id, { contractId: 'C-steel', from: 'sent', to: 'viewed' });
  server.control.publish(ben.id, {
    contractId: 'C-steel',
    from: 'viewed',
    to: 'signed',
    amount: { value: '1300000.00', currency: 'EUR' },
  });
  await expect(rowOf(window, 'C-steel')).toContainText('Signed');
  await openContract(window, 'C-steel');
  const since = pane.getByRole('region', { name: 'What changed since you last looked' });
  await expect(since).toContainText('2 changes since');
  await expect(since).toContainText('Out for signature');
  await expect(since).toContainText('Signed');
  await expect(since).toContainText('€1,250,000');
  await expect(since).toContainText('€1,300,000');
  await expect(rowOf(window, 'C-steel')).toHaveAttribute('data-unread', 'false');

  await press(window, 'Escape');
  await openContract(window, 'C-steel');
  await expect(since).toHaveCount(0);
});

test('one change is marked unread and read again', async ({ app, server }) => {
  const { window } = app;
  await signIn(window, server);
  publishPortfolio(server, getBen(server));
  await openContract(window, 'C-steel');
  await expect(rowOf(window, 'C-steel')).toHaveAttribute('data-unread', 'false');
  await window.getByRole('button', { name: 'Mark this change unread' }).click();
  await expect(rowOf(window, 'C-steel')).toHaveAttribute('data-unread', 'true');
  await window.getByRole('button', { name: 'Mark this change read' }).click();
  await expect(rowOf(window, 'C-steel')).toHaveAttribute('data-unread', 'false');
});

test('a change that comes late into the open contract is read with it', async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);
  await signIn(window, server);
  publishPortfolio(server, ben);
  await openContract(window, 'C-steel');
  await expect(rowOf(window, 'C-steel')).toHaveAttribute('data-unread', 'false');

  const at = server.control.published(ben.id).length;
  server.control.setFaults([
    { kind: 'omit', sequences: [at + 1] },
    { kind: 'status', status: 503, path: '/api/contracts' },
    { kind: 'status', status: 503, path: '/api/contracts/C-steel/history' },
  ]);
  server.control.publish(ben.id, { contractId: 'C-steel', from: 'sent', to: 'viewed' });
  server.control.publish(ben.id, { contractId: 'C-steel', from: 'viewed', to: 'signed' });
  const pane = window.getByTestId('contract-pane');
  await expect(pane.getByText('1 change is missing here')).toBeVisible();
  await expect(rowOf(window, 'C-steel')).toHaveAttribute('data-unread', 'false');

  server.control.setFaults([]);
  await window.evaluate(() => pulse.request('connection:retryNow'));
  await expect(pane.getByText('1 change is missing here')).toHaveCount(0);
  await expect(pane.getByTestId('timeline').locator('[data-unread="true"]')).toHaveCount(0);
  await expect(rowOf(window, 'C-steel')).toHaveAttribute('data-unread', 'false');
});

test('the portal opens in the browser by https alone, with the number as a part of the address', async ({
  app,
  server,
}) => {
  const { window, computer } = app;
  const ben = getBen(server);
  const opened = await computer.watchBrowser();
  await signIn(window, server);
  server.control.publish(ben.id, { contractId: 'C-1/2 ?ё', title: 'A strange number', to: 'sent' });
  await expectShown(window, ['C-1/2 ?ё']);
  await openContract(window, 'C-1/2 ?ё');
  await press(window, 'p');
  await expect(
    window.getByText('“A strange number” was not opened: no web portal is set for this server.'),
  ).toBeVisible();

  const refused = await window.evaluate(
    (url) => pulse.request('settings:change', { portals: { [url]: 'http://portal.example.com/{id}' } }),
    server.url,
  );
  expect(refused).toMatchObject({ ok: false, failure: { detail: expect.stringContaining('https') } });
  // What the window wants is not enough: the person is asked outside of it.
  const set = (): Promise<unknown> =>
    window.evaluate(
      (url) =>
        pulse.request('settings:change', { portals: { [url]: 'https://portal.example.com/contracts/{id}' } }),
      server.url,
    );
  const asked = await computer.answerQuestions(false);
  expect(await set()).toMatchObject({ ok: false, failure: { code: 'portalDeclined' } });
  await press(window, 'p');
  expect(await asked()).toEqual(['Open contracts at https://portal.example.com?']);
  expect(await opened()).toEqual([]);
  await computer.answerQuestions(true);
  await set();
  await press(window, 'p');
  await expect.poll(opened).toEqual(['https://portal.example.com/contracts/C-1%2F2%20%3F%D1%91']);
});

test('the reference is copied: number, title, and the portal where there is one', async ({ app, server }) => {
  const { window, computer } = app;
  await signIn(window, server);
  publishPortfolio(server, getBen(server));
  await openContract(window, 'C-steel');
  await leavePointer(window);
  await press(window, 'c');
  await expect(window.getByText('Reference of “Supply of steel profiles” copied')).toBeVisible();
  expect(await computer.readClipboard()).toContain('C-steel');
  expect(await computer.readClipboard()).toContain('Supply of steel profiles');
});
