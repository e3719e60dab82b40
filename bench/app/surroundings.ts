import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { startXvfb } from '../../scripts/display.ts';
import { findElectron } from '../../scripts/electron-runtime.ts';
import { getSandboxArguments } from '../../scripts/sandbox.ts';
import { ensureRuntimePackages } from '../../scripts/system.ts';
import { buildAll } from './build.ts';
import { startElectron, type Electron } from './electron.ts';
import { ANNA, API_KEY } from './protocol.ts';

/** What Electrons under measurement share: a runtime, the built app, the peers' pages, a folder for their data. */
export interface Surroundings {
  readonly electron: string;
  readonly pageOrigin: string;
  /** A fresh folder, removed at the end. */
  newFolder(): Promise<string>;
  /** The built app on this profile; with a server it signs Anna in by itself unless somebody is signed in. */
  startApp(options: {
    readonly profile: string;
    readonly server: string;
    readonly env?: Readonly<Record<string, string>>;
  }): Promise<Electron>;
  /** A main process of its own, built to this file. */
  startMain(file: string, env: Readonly<Record<string, string>>): Promise<Electron>;
  /** One window with a peer's page. `query` is what it is told. */
  startPage(options: {
    readonly page: 'bare' | 'by-hand' | 'static';
    readonly query?: Readonly<Record<string, string>>;
    readonly rows?: string;
  }): Promise<Electron>;
}

/** Names of variables that would steer an Electron. */
const STEERING = /^(?:CONTRACT_PULSE_|ELECTRON_|BENCH_|DBUS_|NODE_OPTIONS|XDG_CURRENT_DESKTOP)/;
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves the peers' pages: a page of a file: address has no origin that a server could allow. */
async function servePages(folder: string): Promise<{ readonly origin: string; close(): void }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const name = basename(path);
    const file = join(folder, ...(path.startsWith('/assets/') ? ['assets'] : []), name);
    response.setHeader('content-type', TYPES[extname(name)] ?? 'text/plain');
    createReadStream(file)
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Starts all of it for `use`, and ends it. Rejects with what is missing and how to get it. */
export async function withSurroundings<T>(
  log: (line: string) => void,
  use: (surroundings: Surroundings) => Promise<T>,
): Promise<T> {
  const runtime = await findElectron({ log });
  await ensureRuntimePackages({ log, executable: runtime.executable, virtualDisplay: true });
  const built = await buildAll(log);
  const sandbox = await getSandboxArguments(runtime.executable);
  const pages = await servePages(built.pages);
  const folder = await mkdtemp(join(tmpdir(), 'pulse-bench-'));
  const running = new Set<Electron>();
  const kept = Object.entries(process.env).filter(([name]) => !STEERING.test(name));
  const common = {
    ...Object.fromEntries(kept),
    LANG: 'en_US.UTF-8',
    LANGUAGE: 'en',
    TZ: 'UTC',
  };

  async function start(
    profile: string,
    env: Readonly<Record<string, string>>,
    app = built.app,
  ): Promise<Electron> {
    // Of its own: a window behind another one paints nothing, and only one has the focus.
    const display = process.platform === 'linux' ? await startXvfb() : null;
    const started = startElectron({
      executable: runtime.executable,
      args: [...sandbox, '--js-flags=--expose-gc', `--user-data-dir=${profile}`, app],
      env: { ...common, ...display?.env, ...env },
    });
    const gone = started.gone.then(() => display?.stop());
    const one = { ...started, gone };
    running.add(one);
    void gone.then(() => running.delete(one));
    return one;
  }
  const newFolder = (): Promise<string> => mkdtemp(join(folder, 'profile-'));

  try {
    return await use({
      electron: runtime.version,
      pageOrigin: pages.origin,
      newFolder,
      startApp: ({ profile, server, env = {} }) =>
        start(profile, {
          CONTRACT_PULSE_SERVER: server,
          CONTRACT_PULSE_DEMO_USER: ANNA.username,
          CONTRACT_PULSE_DEMO_PASSWORD: ANNA.password,
          ...env,
        }),
      startMain: async (file, env) => start(await newFolder(), env, file),
      async startPage({ page, query = {}, rows = 'none' }) {
        const address = new URL(`${page}.html`, pages.origin);
        for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
        return start(await newFolder(), {
          BENCH_PAGE: address.href,
          BENCH_API_KEY: API_KEY,
          BENCH_ROWS: rows,
        });
      },
    });
  } finally {
    await Promise.all([...running].map((one) => one.kill().then(() => one.gone)));
    pages.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
