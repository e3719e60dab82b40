import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { build, preview } from 'vite';
import { ROOT } from './fixtures/machine.ts';
import { test as base } from './fixtures/net.ts';

/**
 * The window in a language of its own, in which every text stands in brackets (renderer/testing/pseudo.ts), with every
 * state that its fake main can give it: a word without brackets was written into a component and is in nobody's language.
 */
const test = base.extend<{ open(query: string): Promise<Page> }, { address: string }>({
  address: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const outDir = await mkdtemp(join(ROOT, 'out', 'pseudo-'));
      const root = join(ROOT, 'renderer');
      await build({
        configFile: false,
        root,
        logLevel: 'error',
        oxc: { jsx: { runtime: 'automatic' } },
        build: {
          outDir,
          target: 'chrome130',
          assetsInlineLimit: 0,
          rolldownOptions: { input: join(root, 'testing/index.html') },
        },
      });
      const server = await preview({
        configFile: false,
        root,
        logLevel: 'error',
        build: { outDir },
        preview: { host: '127.0.0.1', port: 0 },
      });
      await use(server.resolvedUrls?.local[0] ?? '');
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  open: async ({ electron, address }, use) => {
    const opened = electron.waitForEvent('window');
    await electron.evaluate(({ BrowserWindow }) => {
      const window = new BrowserWindow({ width: 1280, height: 800 });
      return window.loadURL('about:blank');
    });
    const page = await opened;
    await use(async (query) => {
      await page.goto(`${address}testing/index.html?pseudo=1&${query}`);
      return page;
    });
  },
});

async function expectEveryWordTranslated(page: Page, screen: string): Promise<void> {
  const loose = await page.evaluate(() => (window as unknown as { looseWords(): string[] }).looseWords());
  expect.soft(loose, screen).toEqual([]);
}

const LIST = 'count=60&saved=3&gap=1';

test('no word of the list and of a contract is written into a component', async ({ open }) => {
  const page = await open(LIST);
  const row = (n: number) => page.locator(`[data-contract-id="C-2026-00000${n}"]`);
  await expect(row(1)).toBeVisible();
  await expectEveryWordTranslated(page, 'list');
  for (const n of [1, 3, 6, 7]) {
    await row(n).click();
    await expect(page.getByTestId('timeline')).toBeVisible();
    await page.locator('.contract-details summary').click();
    await expectEveryWordTranslated(page, `contract ${n}`);
  }
  await row(2).click({ button: 'right' });
  await expect(page.getByRole('menu')).toBeVisible();
  await expectEveryWordTranslated(page, 'row menu');
  await page.keyboard.press('Escape');
  await row(2).click();
  for (const [key, screen] of [
    ['x', 'bulk bar'],
    ['h', 'snooze menu'],
    ['Escape', 'selection'],
    ['f', 'filter menu'],
    ['Escape', 'list again'],
    ['Shift+S', 'save view'],
    ['Escape', 'list once more'],
    ['Control+k', 'palette'],
    ['Escape', 'list'],
    ['?', 'cheat sheet'],
  ] as const) {
    await page.keyboard.press(key);
    await expectEveryWordTranslated(page, screen);
  }
});

test('no word of the overview, the absence and the settings is written into a component', async ({
  open,
}) => {
  const page = await open('count=300&away=missing&settings=partly');
  await expect(page.getByTestId('away-item').first()).toBeVisible();
  for (const way of (await page.locator('.away-steps').all()).slice(0, 3)) await way.click();
  await expectEveryWordTranslated(page, 'absence');
  await page.keyboard.press('g');
  await page.keyboard.press('v');
  await expect(page.getByTestId('figure-stages')).toBeVisible();
  await page.getByTestId('day-chart').focus();
  await page.keyboard.press('ArrowLeft');
  await expectEveryWordTranslated(page, 'overview');
  for (const name of ['stages', 'changes', 'due', 'amounts'])
    await page.getByTestId(`figure-${name}`).locator('.figure-controls > .button').click();
  await expectEveryWordTranslated(page, 'overview as tables');
  await page.keyboard.press('Control+,');
  await expect(page.getByTestId('storage-facts')).toContainText('MB');
  await page.locator('[data-setting=quietHours]').getByRole('switch').click();
  await page.locator('[data-setting=portals] input').fill('http://portal.example.com');
  await expectEveryWordTranslated(page, 'settings');
  await page.locator('[data-setting=erase] button').click();
  await expect(page.getByTestId('leave-dialog')).toBeVisible();
  await expectEveryWordTranslated(page, 'erase');
});

test(
  'no word of leaving with something unsent is written into a component',
  { tag: '@nightly' },
  async ({ open }) => {
    for (const connection of ['live', 'offline', 'refused']) {
      const page = await open(`count=9&unsent=2&connection=${connection}`);
      const dialog = page.getByTestId('leave-dialog');
      for (const what of [2, 3]) {
        await page.locator('.account').click();
        await page.locator('.menu-item').nth(what).click();
        await expect(dialog).toBeVisible();
        await expectEveryWordTranslated(page, `leaving ${what}, ${connection}`);
        await dialog
          .locator('.button', { hasText: /./ })
          .nth(what === 2 ? 2 : 1)
          .click();
        await expectEveryWordTranslated(page, `waiting to leave ${what}, ${connection}`);
        await dialog.locator('.button').first().click();
        await expect(dialog).toHaveCount(0);
      }
    }
  },
);

const STATES: readonly string[] = [
  'session=signed_out',
  'session=expired',
  'session=revoked',
  'session=locked',
  'session=keychain',
  'count=0',
  'count=0&receipt=nothing_yet',
  'list=error',
  ...['connecting', 'catching', 'waiting', 'offline', 'sign_in', 'refused', 'stopped', 'long_poll'].map(
    (connection) => `count=9&connection=${connection}`,
  ),
  ...['gaps', 'confirming', 'no_gap_seen', 'no_baseline', 'nothing_yet'].map(
    (receipt) => `count=9&receipt=${receipt}`,
  ),
  ...[
    'aside',
    'corrupt',
    'newer_version',
    'read_only',
    'locked',
    'disk_full',
    'unknown',
    'restarted',
    'ended',
  ].map((storage) => `count=9&storage=${storage}`),
  ...['held', 'sending', 'unconfirmed', 'sent', 'failed', 'superseded'].map((ack) => `count=9&ack=${ack}`),
  'count=9&notice=1',
];

test('no word of any state is written into a component', { tag: '@nightly' }, async ({ open }) => {
  for (const state of STATES) {
    const page = await open(state);
    await expect(page.locator('.row-line, .empty, form, .restoring p').first()).toBeVisible();
    if (state === 'session=keychain') await expect(page.locator('.restoring p')).toContainText('keychain');
    // A number that nobody knows yet is not shown, not even as 0.
    const counts = page.locator('.view-count, .feed-count');
    if (state.includes('nothing_yet') && state.startsWith('count=0')) await expect(counts).toHaveCount(0);
    if (state === 'count=0') await expect(counts).not.toHaveCount(0);
    if (state.includes('ack=')) await page.getByTestId('row').first().click();
    if (state.includes('connection=') || state.includes('receipt=')) {
      await page.getByTestId('connection').click();
      await expect(page.getByTestId('receipt')).toBeVisible();
    }
    await expectEveryWordTranslated(page, state);
  }
});

test('no word of a failed sign-in is written into a component', { tag: '@nightly' }, async ({ open }) => {
  const problems = ['wrong_password', 'throttled', 'unreachable', 'certificate', 'not_conforming'];
  const others = [
    'wrong_key',
    'bad_profile',
    'unusable_key',
    'unusable_user_id',
    'redirected',
    'misdirected',
    'unusable_token',
    'server_error',
    'forbidden',
    'api_key',
    'other_sign_in',
    'gateway',
    'bad_address',
    'busy',
    'issuer_unreachable',
    'issuer_malformed',
    'issuer_mismatch',
    'issuer_elsewhere',
    'issuer_refused',
    'access_denied',
    'wrong_state',
    'browser_timeout',
    'no_browser',
    'cancelled',
    'no_refresh_token',
    'clock_skew',
    'no_user_id',
    'token_refused',
  ];
  for (const problem of [...problems, ...others]) {
    const page = await open(`session=signed_out&problem=${problem}`);
    const fields = page.locator('form input');
    await expect(fields).toHaveCount(3);
    for (const field of await fields.all()) await field.fill('https://contracts.example.com');
    await page.locator('form [type=submit]').click();
    await expect(page.getByRole('alert').first()).toBeVisible();
    await expectEveryWordTranslated(page, problem);
  }
});
