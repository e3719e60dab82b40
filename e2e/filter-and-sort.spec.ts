import type { Locator, Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { expectBare, expectShown, goTo, leavePointer, press, signIn } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

const ALL = ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel'];

test.beforeEach(async ({ app, server }) => {
  await signIn(app.window, server);
  publishPortfolio(server, getBen(server));
  await expectShown(app.window, ALL);
});

/** Opens the editor of one condition; the list stays in sight behind it. */
async function filterBy(window: Page, condition: string): Promise<Locator> {
  await expectBare(window);
  await press(window, 'f');
  await window.getByTestId('filter-menu').getByRole('menuitem', { name: condition, exact: true }).click();
  const editor = window.getByTestId('filter-editor');
  await expect(editor).toBeVisible();
  return editor;
}

async function choose(window: Page, condition: string, ...options: readonly string[]): Promise<void> {
  const editor = await filterBy(window, condition);
  for (const name of options) await editor.getByRole('option', { name }).click();
  await press(window, 'Escape');
  await expect(editor).toHaveCount(0);
  await leavePointer(window);
}

async function clear(window: Page): Promise<void> {
  await window.getByRole('button', { name: 'Clear', exact: true }).click();
  await leavePointer(window);
  await expectShown(window, ALL);
}

test('contracts are filtered by status, severity, party and who changed them, any of each and all together', async ({
  app,
}) => {
  const { window } = app;
  await choose(window, 'Status', 'Viewed', 'Approved');
  await expectShown(window, ['C-van', 'C-trees']);
  await clear(window);
  await choose(window, 'Severity', 'Problem', 'Warning');
  await expectShown(window, ['C-care', 'C-lease']);
  await choose(window, 'Party', 'Norden Stahl AG');
  await expectShown(window, ['C-care']);
  await window.getByRole('button', { name: 'Remove the filter Severity' }).click();
  await leavePointer(window);
  await expectShown(window, ['C-care', 'C-steel']);
  await choose(window, 'Changed by', 'James Whitfield');
  await expect(window.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await clear(window);
  await choose(window, 'Changed by', 'Игорь Лебедев', 'James Whitfield');
  await expectShown(window, ['C-done', 'C-lease', 'C-trees']);
});

test(
  'amounts are compared in their own currency, to the last digit',
  { tag: '@nightly' },
  async ({ app, server }) => {
    const { window } = app;
    server.control.publish(getBen(server).id, {
      contractId: 'C-huge',
      title: 'Too large for a float',
      counterparty: 'Acme Ltd',
      amount: { value: '9007199254740993.01', currency: 'EUR' },
      dueAt: null,
      to: 'draft',
    });
    await expectShown(window, ['C-huge', ...ALL]);
    const within = async (currency: string, min: string, max: string): Promise<void> => {
      const chip = window.getByRole('button', { name: /^Change the filter Amount/ });
      if ((await chip.count()) > 0) await chip.click();
      else await filterBy(window, 'Amount');
      const editor = window.getByTestId('filter-editor');
      await editor.getByLabel('Currency').selectOption(currency);
      await editor.getByLabel('At least').fill(min);
      await editor.getByLabel('At most').fill(max);
      await editor.getByRole('button', { name: 'Apply' }).click();
      await leavePointer(window);
    };
    await within('EUR', '99.95', '18000');
    await expectShown(window, ['C-van', 'C-care']);
    await within('EUR', '9007199254740993.01', '');
    await expectShown(window, ['C-huge']);
    await within('EUR', '9007199254740993.02', '');
    await expect(window.getByTestId('row')).toHaveCount(0);
    await within('RUB', '', '1,000,000');
    await expectShown(window, ['C-trees']);
  },
);

test(
  'contracts are filtered by when they are due and when they changed',
  { tag: '@nightly' },
  async ({ app }) => {
    const { window } = app;
    await (await filterBy(window, 'Due')).getByRole('button', { name: 'Next 7 days' }).click();
    await expectShown(window, ['C-steel']);
    await clear(window);
    await (await filterBy(window, 'Due')).getByRole('button', { name: 'No due date' }).click();
    await expectShown(window, ['C-lease']);
    await clear(window);
    await (await filterBy(window, 'Changed')).getByRole('button', { name: 'Today' }).click();
    await expectShown(window, ALL);
    await expect(window.getByRole('button', { name: /^Change the filter Changed/ })).toBeVisible();
    await clear(window);
    const editor = await filterBy(window, 'Changed');
    await editor.getByLabel('To', { exact: true }).fill('2020-01-01');
    await editor.getByRole('button', { name: 'Apply' }).click();
    await expect(window.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  },
);

test('the list is put in order, rows without a value last in both directions', async ({ app }) => {
  const { window } = app;
  const sortBy = async (name: string): Promise<void> => {
    await window.getByTestId('sort').click();
    await window.getByRole('menuitemradio', { name }).click();
    await leavePointer(window);
  };
  await sortBy('Due date');
  await expectShown(window, ['C-van', 'C-done', 'C-trees', 'C-steel', 'C-care', 'C-lease']);
  await sortBy('Descending');
  await expectShown(window, ['C-care', 'C-steel', 'C-trees', 'C-done', 'C-van', 'C-lease']);
  // By currency, then by number: 99.95 is less than 18,000 and 1,250,000.
  await sortBy('Amount');
  await sortBy('Ascending');
  await expectShown(window, ['C-care', 'C-van', 'C-steel', 'C-trees', 'C-lease', 'C-done']);
  await sortBy('Title');
  await expectShown(window, ['C-done', 'C-lease', 'C-care', 'C-steel', 'C-van', 'C-trees']);
  await sortBy('Severity');
  await expect.poll(() => window.getByTestId('row').first().getAttribute('data-contract-id')).toBe('C-lease');
});

test('view, words, filter and order are as they were left after a restart', async ({
  app,
  launch,
  server,
}) => {
  const { window, profile, quit } = app;
  await goTo(window, 'Overdue');
  await choose(window, 'Status', 'Viewed', 'Approved');
  await window.getByTestId('sort').click();
  await window.getByRole('menuitemradio', { name: 'Amount' }).click();
  await leavePointer(window);
  // The largest first, in each currency by itself.
  await expectShown(window, ['C-van', 'C-trees']);
  await expectBare(window);
  await press(window, '/');
  await window.keyboard.type('van');
  await expectShown(window, ['C-van']);
  await quit();

  const again = await launch({ profile, env: { CONTRACT_PULSE_SERVER: server.url } });
  await signIn(again.window, server);
  await expectShown(again.window, ['C-van']);
  await expect(again.window.getByRole('textbox', { name: 'Search contracts' })).toHaveValue('van');
  await expect(again.window.getByTestId('filter-chip')).toContainText('Status');
  await expect(again.window.getByTestId('sort')).toContainText('Amount');
});
