import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { expectShown, press, rowOf, shownIds, signIn } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

const ALL = ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel'];

test.beforeEach(async ({ app, server }) => {
  await signIn(app.window, server);
  publishPortfolio(server, getBen(server));
  await expectShown(app.window, ALL);
});

const searchField = (window: Page) => window.getByRole('textbox', { name: 'Search contracts' });

test('words are found in titles, parties, numbers and reasons, in both alphabets, by their beginnings', async ({
  app,
}) => {
  const { window } = app;
  await press(window, '/');
  await expect(searchField(window)).toBeFocused();
  for (const [words, found] of [
    ['steel', ['C-steel']],
    ['STE', ['C-steel']],
    ['teel', []],
    ['ёлок', ['C-trees']],
    ['елок', ['C-trees']],
    ['ЕЛ гирл', ['C-trees']],
    ['ромашка', ['C-trees']],
    ['norden', ['C-care', 'C-steel']],
    ['norden maint', ['C-care']],
    ['c-lea', ['C-lease']],
    ['framework agr', ['C-lease']],
    ['исправить', ['C-care']],
    ['', ALL],
  ] as const) {
    await searchField(window).fill(words);
    await expect.poll(() => shownIds(window), `found for “${words}”`).toEqual(found);
  }
});

test(
  'what was found is marked in the row, also an earlier reason that the row does not show',
  { tag: '@nightly' },
  async ({ app, server }) => {
    const { window } = app;
    server.control.publish(getBen(server).id, {
      contractId: 'C-lease',
      from: 'declined',
      to: 'in_review',
      actionRequired: false,
    });
    await expect(rowOf(window, 'C-lease')).toContainText('In review');
    await press(window, '/');
    await window.keyboard.type('framework');
    await expectShown(window, ['C-lease']);
    await expect(rowOf(window, 'C-lease')).toContainText('above the framework agreement');
    await expect(rowOf(window, 'C-lease').locator('mark')).toHaveText(['framework']);
    await searchField(window).fill('елок');
    await expectShown(window, ['C-trees']);
    await expect(rowOf(window, 'C-trees').locator('mark')).toHaveText(['ёлок']);
  },
);

test('the search keeps the keyboard, however fast its key follows another', async ({ app }) => {
  const { window } = app;
  // In one go, before anything is drawn; a letter that went astray would do something to a contract.
  await window.evaluate(() => {
    for (const [key, code] of [
      ['g', 'KeyG'],
      ['a', 'KeyA'],
      ['/', 'Slash'],
    ] as const)
      (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }),
      );
  });
  await window.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await expect(searchField(window)).toBeFocused();
});
