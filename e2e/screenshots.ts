import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { buildApp, ROOT } from '../scripts/build.ts';
import { withDisplay } from '../scripts/display.ts';
import { findElectron } from '../scripts/electron-runtime.ts';
import { runCommand } from '../scripts/lifetime.ts';
import { getSandboxArguments } from '../scripts/sandbox.ts';
import { startServer } from '../server-mock/index.ts';
import type { MockServer, MockUser } from '../server-mock/types.ts';

/** Makes the pictures of README and docs: the real app against a seeded server, in both themes and languages. */
const FOLDER = join(ROOT, 'docs/screenshots');
const SIZE = { width: 1280, height: 800 };
const NARROW = { width: 480, height: 720 };

/** What the script reads off the window, in the language of each user. */
const WORDS = {
  en: { signIn: /^Sign in/, acknowledge: 'Acknowledge' },
  ru: { signIn: /^Войти/, acknowledge: 'Подтвердить' },
} as const;
type Language = keyof typeof WORDS;

interface Studio {
  readonly app: ElectronApplication;
  readonly window: Page;
  readonly server: MockServer;
  readonly user: MockUser;
  readonly language: Language;
  /** Takes the picture in both themes. */
  shoot(name: string): Promise<void>;
}

async function resize({ app, window }: Studio, size: { width: number; height: number }): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, [width, height]) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
    },
    [size.width, size.height] as const,
  );
  await window.waitForFunction((width) => globalThis.innerWidth === width, size.width);
}

const phaseIs = (window: Page, phase: string): Promise<void> =>
  window.locator(`[data-testid="connection"][data-phase="${phase}"]`).waitFor();

async function closePopup(window: Page): Promise<void> {
  await window.keyboard.press('Escape');
  await window.locator('.connection-popup').waitFor({ state: 'hidden' });
  await window.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
}

/** A day in the life of the user, with the last changes just now. */
function tellStory({ server, user, language }: Studio): string {
  const english = language === 'en';
  const { control } = server;
  control.advance(4, user.id);
  const contractId = 'C-2026-0117';
  const title = english ? 'Supply of steel profiles, lot 4' : 'Поставка стального профиля, лот 4';
  const counterparty = english ? 'Norden Stahl AG' : 'ООО «Ромашка»';
  const changes = [
    { to: 'draft' },
    { from: 'draft', to: 'in_review' },
    { from: 'in_review', to: 'approved' },
    { from: 'approved', to: 'sent' },
    { from: 'sent', to: 'viewed' },
    {
      from: 'viewed',
      to: 'declined',
      severity: 'error' as const,
      actionRequired: true,
      reason: english
        ? 'The price is above the framework agreement. Please send a corrected version with the prices of annex 2.'
        : 'Цена выше, чем в рамочном договоре. Пришлите исправленную версию с ценами из приложения 2.',
    },
  ];
  for (const change of changes) control.publish(user.id, { contractId, title, counterparty, ...change });
  return contractId;
}

async function shootAll(studio: Studio): Promise<void> {
  const { window, server, user, language } = studio;
  const words = WORDS[language];
  await resize(studio, SIZE);
  await studio.shoot('sign-in');

  await window.locator('input[name="username"]').fill(user.username);
  await window.locator('input[name="password"]').fill(`${user.password}?`);
  await window.getByRole('button', { name: words.signIn }).click();
  await window.getByRole('alert').waitFor();
  await studio.shoot('sign-in-wrong');
  await window.locator('input[name="password"]').fill(user.password);
  await window.getByRole('button', { name: words.signIn }).click();
  await phaseIs(window, 'live');
  await window.mouse.move(1, 1);

  const contractId = tellStory(studio);
  const row = window.locator(`[data-contract-id="${contractId}"]`);
  await row.waitFor();
  await row.click();
  await window.getByTestId('timeline').waitFor();
  await window.mouse.move(1, 1);
  await window.locator('[data-event-id]').nth(5).waitFor();
  await studio.shoot('feed');

  await window.getByTestId('connection').click();
  await window.locator('.connection-popup').waitFor();
  await studio.shoot('receipt');
  await closePopup(window);

  await window.getByRole('button', { name: words.acknowledge }).click();
  await window.locator('[data-state="held"]').waitFor();
  await studio.shoot('acknowledge');
  await window.locator('[data-state="sent"]').waitFor({ timeout: 20_000 });

  // A change that never arrives, while what would heal the gap is out of order.
  const at = server.control.published(user.id).length;
  server.control.setFaults([
    { kind: 'omit', sequences: [at + 1] },
    { kind: 'status', status: 503, path: '/api/contracts' },
    { kind: 'status', status: 503, path: `/api/contracts/${contractId}/history` },
  ]);
  server.control.publish(user.id, { contractId, from: 'declined', to: 'changes_requested' });
  server.control.publish(user.id, { contractId, from: 'changes_requested', to: 'in_review' });
  await window.getByTestId('connection').locator('.holes').waitFor();
  await window.getByTestId('connection').click();
  await window.locator('.connection-popup').waitFor();
  await studio.shoot('receipt-hole');
  await closePopup(window);

  server.control.setFaults([{ kind: 'status', status: 503, retryAfter: '30' }]);
  server.control.dropConnections();
  await window
    .getByTestId('connection')
    .filter({ hasText: /[12]\d (?:s|с)/ })
    .waitFor();
  await studio.shoot('reconnecting');
  server.control.setFaults([]);
  await window.evaluate(() => pulse.request('connection:retryNow'));
  await phaseIs(window, 'live');

  await resize(studio, NARROW);
  await studio.shoot('narrow-contract');
  await window.keyboard.press('Escape');
  await window.getByTestId('feed').waitFor();
  await studio.shoot('narrow');
}

async function withStudio(
  language: Language,
  env: Readonly<Record<string, string>>,
  use: (studio: Studio) => Promise<void>,
): Promise<void> {
  const runtime = await findElectron({ log: () => undefined });
  const server = await startServer({
    seed: 11,
    contracts: 60,
    backlog: 160,
    historyEnd: Date.now(),
    heartbeatMs: 500,
  });
  const profile = await mkdtemp(join(tmpdir(), 'contract-pulse-pictures-'));
  const user = server.users.find(({ locale }) => locale === language);
  if (user === undefined) throw new Error(`The server has no user who reads ${language}.`);
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [
      ...(await getSandboxArguments(runtime.executable)),
      `--user-data-dir=${profile}`,
      '--force-device-scale-factor=1',
      ROOT,
    ],
    env: {
      ...(process.env as Record<string, string>),
      ...env,
      LANG: language === 'ru' ? 'ru_RU.UTF-8' : 'en_US.UTF-8',
      LANGUAGE: language,
      CONTRACT_PULSE_SERVER: server.url,
    },
  });
  try {
    const window = await app.firstWindow();
    const shoot = async (name: string): Promise<void> => {
      for (const theme of ['light', 'dark'] as const) {
        await window.emulateMedia({ colorScheme: theme });
        await window.screenshot({
          path: join(FOLDER, `${name}-${theme}-${language}.png`),
          animations: 'disabled',
        });
      }
      console.log(`${name} (${language})`);
    };
    await use({ app, window, server, user, language, shoot });
  } finally {
    await app.close();
    await server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

await runCommand(async () => {
  if (!process.argv.includes('--no-build')) await buildApp(console.log);
  await mkdir(FOLDER, { recursive: true });
  await withDisplay({ log: console.log, always: true }, async (env) => {
    for (const language of ['en', 'ru'] as const) await withStudio(language, env, shootAll);
  });
  return 0;
});
