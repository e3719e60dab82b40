import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { ROOT } from '../../scripts/build.ts';
import { findElectron } from '../../scripts/electron-runtime.ts';
import { getSandboxArguments } from '../../scripts/sandbox.ts';
import { startServer } from '../../server-mock/index.ts';
import type { MockServer, MockUser, ServerOptions } from '../../server-mock/types.ts';

export const FOLDER = join(ROOT, 'docs/screenshots');
export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 480, height: 720 };
export type Language = 'en' | 'ru';

export interface Studio {
  readonly server: MockServer;
  readonly user: MockUser;
  readonly language: Language;
  /** The app that runs now; `reopen` changes it. */
  readonly app: ElectronApplication;
  readonly window: Page;
  /** Takes the picture in both themes, of the whole window. */
  shoot(name: string): Promise<void>;
  resize(size: { readonly width: number; readonly height: number }): Promise<void>;
  quit(): Promise<void>;
  /** Starts the app again, in the folder it had. */
  reopen(): Promise<void>;
}

const run = promisify(execFile);
let canReduce: Promise<boolean> | undefined;

/** The window has few colours: with ImageMagick at hand a picture is a third of its size. */
async function reduce(path: string): Promise<void> {
  canReduce ??= run('convert', ['-version']).then(
    () => true,
    () => false,
  );
  if (!(await canReduce)) return;
  await run('convert', [path, '-strip', '+dither', '-colors', '256', `PNG8:${path}`]);
}

/** A server, an app in a fresh folder and a person who reads that language, until `use` is done. */
export async function withStudio(
  options: {
    readonly language: Language;
    readonly env: Readonly<Record<string, string>>;
    readonly server?: Partial<ServerOptions>;
  },
  use: (studio: Studio) => Promise<void>,
): Promise<void> {
  const { language } = options;
  const runtime = await findElectron({ log: () => undefined });
  const sandboxArguments = await getSandboxArguments(runtime.executable);
  const server = await startServer({
    seed: 11,
    contracts: 60,
    backlog: 160,
    historyEnd: Date.now(),
    heartbeatMs: 500,
    ...options.server,
  });
  const user = server.users.find(({ locale }) => locale === language);
  if (user === undefined) throw new Error(`The server has no user who reads ${language}.`);
  const profile = await mkdtemp(join(tmpdir(), 'contract-pulse-pictures-'));
  await mkdir(FOLDER, { recursive: true });

  const start = (): Promise<ElectronApplication> =>
    _electron.launch({
      executablePath: runtime.executable,
      args: [...sandboxArguments, `--user-data-dir=${profile}`, '--force-device-scale-factor=1', ROOT],
      env: {
        ...(process.env as Record<string, string>),
        ...options.env,
        LANG: language === 'ru' ? 'ru_RU.UTF-8' : 'en_US.UTF-8',
        LANGUAGE: language,
        CONTRACT_PULSE_SERVER: server.url,
      },
    });
  let app = await start();
  let window = await app.firstWindow();
  const studio: Studio = {
    server,
    user,
    language,
    get app() {
      return app;
    },
    get window() {
      return window;
    },
    async shoot(name) {
      for (const theme of ['light', 'dark'] as const) {
        await window.emulateMedia({ colorScheme: theme });
        const path = join(FOLDER, `${name}-${theme}-${language}.png`);
        await window.screenshot({ path, animations: 'disabled' });
        await reduce(path);
      }
      console.log(`${name} (${language})`);
    },
    async resize({ width, height }) {
      await app.evaluate(
        ({ BrowserWindow }, [wide, high]) => BrowserWindow.getAllWindows()[0]?.setContentSize(wide, high),
        [width, height] as const,
      );
      await window.waitForFunction((wide) => globalThis.innerWidth === wide, width);
    },
    quit: () => app.close(),
    async reopen() {
      app = await start();
      window = await app.firstWindow();
      await studio.resize(WIDE);
    },
  };
  try {
    await studio.resize(WIDE);
    await use(studio);
  } finally {
    await app.close().catch(() => undefined);
    await server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export const phaseIs = (window: Page, phase: string): Promise<void> =>
  window.locator(`[data-testid="connection"][data-phase="${phase}"]`).waitFor({ timeout: 120_000 });

/** Signs in and waits until changes arrive live. */
export async function signIn({ window, user }: Studio): Promise<void> {
  await window.locator('input[name="username"]').fill(user.username);
  await window.locator('input[name="password"]').fill(user.password);
  await window.locator('input[name="password"]').press('Enter');
  await phaseIs(window, 'live');
  await window.mouse.move(1, 1);
}

/** No ring around what nobody has just pressed. */
export async function leaveFocus(window: Page): Promise<void> {
  await window.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
}
