import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import type { Settings } from '../protocol/settings.ts';
import type { MockServer } from '../server-mock/types.ts';
import { getBen, test, type RunningApp } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { rowOf, signIn } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

/** What a row says, each in the order read. */
const PARTS = {
  title: '.row-title .truncate',
  party: '.row-meta > .truncate',
  status: '.chip:not(.was)',
  amount: '.row-amount',
  time: '.row-time',
} as const;

async function resize({ computer, window }: RunningApp, width: number, height: number): Promise<void> {
  await computer.resize(width, height);
  await window.waitForFunction((wide) => globalThis.innerWidth === wide, width);
}

/** Signed in, in a window of this size with these settings, and the portfolio in the list. */
async function begin(
  app: RunningApp,
  server: MockServer,
  width: number,
  height: number,
  settings: Partial<Settings>,
): Promise<Page> {
  await signIn(app.window, server);
  publishPortfolio(server, getBen(server));
  await resize(app, width, height);
  await app.window.evaluate((chosen) => pulse.request('settings:change', chosen), settings);
  return app.window;
}

/** The parts of a row that are seen: drawn, within the row, over none of the others. */
const seenIn = (window: Page, contractId: string): Promise<readonly string[]> =>
  rowOf(window, contractId).evaluate((row, parts) => {
    const frame = row.getBoundingClientRect();
    const boxes = Object.entries(parts).map(
      ([name, selector]) => [name, row.querySelector(selector)!.getBoundingClientRect()] as const,
    );
    const overlap = (one: DOMRect, other: DOMRect): boolean =>
      one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
    return boxes
      .filter(
        ([name, box]) =>
          box.width > 16 &&
          box.height > 0 &&
          box.left >= frame.left &&
          box.right <= frame.right &&
          box.top >= frame.top &&
          box.bottom <= frame.bottom &&
          boxes.every(([other, its]) => other === name || !overlap(box, its)),
      )
      .map(([name]) => name);
  }, PARTS);

/** Nothing is cut at its side, and each of its lines is seen; by their middles, for some fonts are taller than their lines. */
const isWhole = (window: Page, contractId: string, part: string): Promise<boolean> =>
  rowOf(window, contractId)
    .locator(part)
    .first()
    .evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      const text = document.createRange();
      text.selectNodeContents(element);
      const middles = Array.from(text.getClientRects(), (line) => (line.top + line.bottom) / 2);
      return (
        element.scrollWidth <= element.clientWidth &&
        middles.every((middle) => middle > top && middle < bottom)
      );
    });

test('a compact row says what, who, status, how much and when beside sidebar and contract; in less room how much goes first, then who', async ({
  app,
  server,
}) => {
  const window = await begin(app, server, 1280, 800, { density: 'compact' });
  for (const contractId of ['C-steel', 'C-trees', 'C-lease'])
    await expect.poll(() => seenIn(window, contractId)).toEqual(Object.keys(PARTS));
  await resize(app, 1100, 800);
  await expect.poll(() => seenIn(window, 'C-steel')).toEqual(['title', 'party', 'status', 'time']);
  await resize(app, 800, 800);
  await expect.poll(() => seenIn(window, 'C-steel')).toEqual(['title', 'status', 'time']);
});

for (const density of ['comfortable', 'compact'] as const)
  test(`at 200 % text in a narrow window a ${density} row has its whole title, and all that belongs to it`, async ({
    app,
    server,
  }) => {
    const window = await begin(app, server, 480, 720, { density, textScale: 200 });
    for (const contractId of ['C-lease', 'C-care', 'C-done']) {
      const row = rowOf(window, contractId);
      await row.scrollIntoViewIfNeeded();
      await expect.poll(() => isWhole(window, contractId, PARTS.title)).toBe(true);
    }
    await expect.poll(() => seenIn(window, 'C-lease')).toEqual(Object.keys(PARTS));
    expect(await isWhole(window, 'C-lease', PARTS.status)).toBe(true);
    expect(await isWhole(window, 'C-lease', PARTS.amount)).toBe(true);
  });
