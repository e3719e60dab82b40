import type { Locator, Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { DAY_MS, publishPortfolio } from './fixtures/portfolio.ts';
import { leavePointer, press, rowOf, shownIds, signIn, viewOf } from './fixtures/window.ts';

// The app's day is that of UTC: what was before ends with yesterday, whatever the hour of the test.
const today = Date.now() - (Date.now() % DAY_MS);

test.use({ serverOptions: { contracts: 40, backlog: 300, historyEnd: today - 1, seed: 5 } });

async function openOverview(window: Page): Promise<void> {
  await press(window, 'g', 'v');
  await expect(window.getByTestId('figure-stages')).toBeVisible();
}

/** Each bar's number, by what is written on it. */
const readBars = (figure: Locator): Promise<(readonly [string, number])[]> =>
  figure
    .locator('button[data-count]')
    .evaluateAll((bars) =>
      bars.map(
        (bar) =>
          [
            bar.querySelector('.bar-name')?.textContent ?? '',
            Number(bar.getAttribute('data-count')),
          ] as const,
      ),
    );

const readTable = (figure: Locator): Promise<string[][]> =>
  figure
    .locator('tbody tr, tfoot tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));

/** How many contracts the list says it shows. */
const listed = (window: Page) => window.getByTestId('feed');

const sum = (bars: readonly (readonly [string, number])[]): number =>
  bars.reduce((before, [, count]) => before + count, 0);

test.beforeEach(async ({ app, server }) => {
  await signIn(app.window, server);
  publishPortfolio(server, getBen(server));
  await expect(rowOf(app.window, 'C-steel')).toBeVisible();
});

test('each bar leads to as many contracts as it says, and together they are all there are', async ({
  app,
}) => {
  const { window } = app;
  await openOverview(window);
  const all = Number(/\d+/.exec(await viewOf(window, 'All').innerText())?.[0]);
  expect(sum(await readBars(window.getByTestId('figure-stages')))).toBe(all);
  const overdue = Number(/\d+/.exec(await viewOf(window, 'Overdue').innerText())?.[0]);
  const soon = Number(/\d+/.exec(await viewOf(window, 'Due soon').innerText())?.[0]);
  expect(sum(await readBars(window.getByTestId('figure-due')))).toBe(overdue + soon);

  for (const name of ['figure-stages', 'figure-due']) {
    const bars = window.getByTestId(name).locator('button[data-count]:not([data-count="0"])');
    const many = await bars.count();
    expect(many).toBeGreaterThan(2);
    for (let at = 0; at < many; at += 1) {
      const count = (await bars.nth(at).getAttribute('data-count')) ?? '';
      await bars.nth(at).click();
      await expect(listed(window)).toHaveAttribute('aria-rowcount', count);
      await leavePointer(window);
      await openOverview(window);
    }
  }
});

test('each drawing can be read as a table of the same numbers', async ({ app }) => {
  const { window } = app;
  await openOverview(window);
  const stages = window.getByTestId('figure-stages');
  const bars = await readBars(stages);
  await stages.getByRole('button', { name: 'Show as table' }).click();
  const rows = await readTable(stages);
  expect(rows.slice(0, -1).map(([status, , count]) => [status, Number(count)])).toEqual(bars);
  expect(rows.at(-1)).toEqual(['Total', '', String(sum(bars))]);

  const due = window.getByTestId('figure-due');
  const steps = await readBars(due);
  await due.getByRole('button', { name: 'Show as table' }).click();
  expect((await readTable(due)).map(([, count]) => Number(count))).toEqual(steps.map(([, count]) => count));

  const changes = window.getByTestId('figure-changes');
  await changes.getByRole('button', { name: 'Show as table' }).click();
  const days = await readTable(changes);
  // Newest first, each of the thirty days once, then their sum.
  expect(days).toHaveLength(31);
  expect(new Set(days.map(([day]) => day)).size).toBe(31);
  expect(days[0]?.slice(1)).toEqual(['1', '1', '2', '2', '6']);
  for (let column = 1; column <= 5; column += 1) {
    const numbers = days.map((cells) => Number(cells[column]));
    expect(numbers.slice(0, -1).reduce((one, other) => one + other)).toBe(numbers.at(-1));
  }
});

test('the figures follow what happens while they are looked at', async ({ app, server }) => {
  const { window } = app;
  await openOverview(window);
  const bar = window.getByTestId('status-on_hold');
  const before = (await bar.count()) === 0 ? 0 : Number(await bar.getAttribute('data-count'));
  server.control.publish(getBen(server).id, { contractId: 'C-steel', from: 'sent', to: 'on_hold' });
  await expect(bar).toHaveAttribute('data-count', String(before + 1));
});

test('who comes back finds the list as it was left, whatever has come meanwhile', async ({ app, server }) => {
  const { window } = app;
  const list = window.getByTestId('feed');
  await press(window, 'End', 'k', 'k', 'k');
  await expect(list).toBeFocused();
  const place = async () => ({
    shown: await shownIds(window),
    active: await list.getAttribute('aria-activedescendant'),
    top: await list.evaluate((scroller) => scroller.scrollTop),
  });
  await expect.poll(async () => (await place()).top).toBeGreaterThan(0);
  const before = await place();
  await openOverview(window);
  const bar = window.getByTestId('status-on_hold');
  const held = (await bar.count()) === 0 ? 0 : Number(await bar.getAttribute('data-count'));
  server.control.publish(getBen(server).id, { contractId: before.shown.at(-1) ?? '', to: 'on_hold' });
  await expect(bar).toHaveAttribute('data-count', String(held + 1));
  await press(window, 'Escape');
  await expect(list).toBeFocused();
  await expect.poll(place).toEqual(before);
});
