import { expect } from 'playwright/test';
import type { Page } from 'playwright';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import {
  expectBare,
  expectShown,
  goTo,
  leavePointer,
  openContract,
  press,
  rowOf,
  signIn,
} from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

const ALL = ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel'];
const ACKNOWLEDGEMENTS = /^\/api\/contracts\/([^/]+)\/acknowledgements$/;

test.beforeEach(async ({ app, server }) => {
  await signIn(app.window, server);
  publishPortfolio(server, getBen(server));
  await expectShown(app.window, ALL);
});

/** One contract is open, marked in the list, and has the keyboard. */
async function expectOpen(window: Page, contractId: string): Promise<void> {
  await expect(window.getByTestId('contract-pane')).toHaveAttribute('data-contract-id', contractId);
  await expect(window.locator('.row.open')).toHaveAttribute('data-contract-id', contractId);
  await expect(window.locator('.row.active')).toHaveAttribute('data-contract-id', contractId);
}

test('j moves the open contract, and a acknowledges that one to the server', async ({ app, server }) => {
  const { window } = app;
  await openContract(window, 'C-care');
  await press(window, 'j');
  await expectOpen(window, 'C-lease');
  await expect(window.getByTestId('contract-pane')).toContainText('Office lease, 4th floor');
  await press(window, 'a');
  const sent = () => server.control.requests().flatMap(({ path }) => ACKNOWLEDGEMENTS.exec(path)?.[1] ?? []);
  await expect.poll(sent).toEqual(['C-lease']);
  await expect(window.getByTestId('contract-pane').locator('.action')).toHaveAttribute('data-state', 'sent');
  await expect(rowOf(window, 'C-care')).toContainText('Needs you');
});

/** Presses the middle of the contract's row, and lets go once the rows have moved by more than one under the pointer. */
async function pressWhileRowsMove(window: Page, contractId: string): Promise<void> {
  const { x, y, width, height } = (await rowOf(window, contractId).boundingBox())!;
  await window.mouse.move(x + width / 2, y + height / 2);
  await window.mouse.down();
  await window.evaluate(() => pulse.request('settings:change', { density: 'compact' }));
  const under = ([left, top]: readonly [number, number]): string | null =>
    document.elementFromPoint(left, top)?.closest('[data-contract-id]')?.getAttribute('data-contract-id') ??
    null;
  await expect
    .poll(() => window.evaluate(under, [x + width / 2, y + height / 2] as const))
    .not.toBe(contractId);
  await window.mouse.up();
}

test('what the button goes down on is what opens, though the rows move before it comes up', async ({
  app,
}) => {
  const { window } = app;
  await pressWhileRowsMove(window, 'C-lease');
  await expectOpen(window, 'C-lease');
});

test('a press that strays to another row opens nothing', async ({ app }) => {
  const { window } = app;
  const from = (await rowOf(window, 'C-care').boundingBox())!;
  const to = (await rowOf(window, 'C-trees').boundingBox())!;
  await window.mouse.move(from.x + 200, from.y + 20);
  await window.mouse.down();
  await window.mouse.move(to.x + 200, to.y + 20);
  await window.mouse.up();
  // A click is answered before the next frame.
  await window.evaluate(() => new Promise((painted) => requestAnimationFrame(painted)));
  expect(await window.getByTestId('contract-pane').getAttribute('data-contract-id')).toBeNull();
});

test('where the button that was clicked is gone, a menu gives the keyboard to the list, and z takes back', async ({
  app,
}) => {
  const { window } = app;
  const pane = window.getByTestId('contract-pane');
  const search = window.getByLabel('Search contracts');
  const snoozeAndTakeBack = async (): Promise<void> => {
    await press(window, 'h');
    await expect(window.getByTestId('snooze-menu')).toBeVisible();
    await press(window, 'Enter');
    await expect(pane.getByRole('button', { name: 'Bring it back' })).toBeVisible();
    await expectBare(window);
    await press(window, 'z');
    await expect(pane.getByRole('button', { name: 'Bring it back' })).toHaveCount(0);
    await expect(search).toHaveValue('');
  };
  await openContract(window, 'C-lease');
  await pane.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(pane.locator('.action')).toHaveAttribute('data-state', 'sent');
  await snoozeAndTakeBack();
  await press(window, 'h');
  await expect(window.getByTestId('snooze-menu')).toBeVisible();
  await press(window, 'Enter');
  await pane.getByRole('button', { name: 'Bring it back' }).click();
  await expect(pane.getByRole('button', { name: 'Bring it back' })).toHaveCount(0);
  await snoozeAndTakeBack();
});

test('keys and messages follow the contract that a click, a search or the palette has opened', async ({
  app,
}) => {
  const { window } = app;
  await openContract(window, 'C-van');
  await press(window, 'm');
  await expect(window.getByText('“Van rental” muted')).toBeVisible();
  await press(window, '/');
  await window.keyboard.type('norden');
  await expectShown(window, ['C-care', 'C-steel']);
  // Not in the list any more: it is open, and no row pretends to be meant.
  await press(window, 'Enter');
  await expect(window.getByTestId('contract-pane')).toHaveAttribute('data-contract-id', 'C-van');
  await expect(window.locator('.row.active')).toHaveCount(0);
  await press(window, 'm');
  await expect(window.getByText('“Van rental” notifies again')).toBeVisible();
  await press(window, 'j');
  await expectOpen(window, 'C-care');
  await press(window, 'u');
  await expect(window.getByText(/^“Server maintenance” marked (un)?read$/)).toBeVisible();
});

test('a menu on another row names it and is for that one; the open contract stays the active one', async ({
  app,
}) => {
  const { window } = app;
  await openContract(window, 'C-care');
  await rowOf(window, 'C-trees').click({ button: 'right' });
  const menu = window.getByRole('menu', { name: 'Actions for “Поставка ёлок и гирлянд”' });
  await menu.getByRole('menuitem', { name: /^Mute/ }).click();
  await expect(window.getByText('“Поставка ёлок и гирлянд” muted')).toBeVisible();
  await leavePointer(window);
  await expectBare(window);
  await expectOpen(window, 'C-care');
  await press(window, 'c');
  await expect(window.getByText('Reference of “Server maintenance” copied')).toBeVisible();
});

test('while rows are selected the pane says so, and the open contract is back afterwards', async ({
  app,
}) => {
  const { window } = app;
  await openContract(window, 'C-care');
  await rowOf(window, 'C-van').click({ modifiers: ['ControlOrMeta'] });
  await rowOf(window, 'C-steel').click({ modifiers: ['ControlOrMeta'] });
  await leavePointer(window);
  const pane = window.getByTestId('contract-pane');
  await expect(pane).toContainText('2 contracts selected');
  await expect(window.locator('.row.open')).toHaveCount(0);
  await expect(pane.getByRole('button', { name: /^Acknowledge/ })).toHaveCount(0);
  await press(window, 'm');
  await expect(window.getByText('2 contracts muted')).toBeVisible();
  await press(window, 'Escape');
  await expectOpen(window, 'C-care');
  await expect(pane).toContainText('Server maintenance');
});

test('acknowledged, it leaves the list at its time, and j goes on with the next', async ({ app }) => {
  const { window } = app;
  await goTo(window, 'Needs you');
  await expectShown(window, ['C-care', 'C-lease']);
  await press(window, 'Enter');
  await expectOpen(window, 'C-care');
  await press(window, 'a');
  await expect(window.getByTestId('contract-pane').locator('.action')).toHaveAttribute('data-state', 'sent');
  await press(window, 'j');
  await expectOpen(window, 'C-lease');
});

test('passing through by a key held down reads nothing and asks for little; where it rests is read', async ({
  app,
}) => {
  const { window } = app;
  await openContract(window, 'C-done');
  await expect(rowOf(window, 'C-done')).toHaveAttribute('data-unread', 'false');
  await window.keyboard.down('j');
  for (let repeat = 0; repeat < 4; repeat += 1) await window.keyboard.down('j');
  await window.keyboard.up('j');
  await expectOpen(window, 'C-steel');
  await expect(rowOf(window, 'C-steel')).toHaveAttribute('data-unread', 'false');
  for (const passed of ['C-van', 'C-care', 'C-lease', 'C-trees'])
    await expect(rowOf(window, passed)).toHaveAttribute('data-unread', 'true');
});
