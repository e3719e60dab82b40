import { watch } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, createServer } from 'vite';
import type { AppProcess } from './app-process.ts';
import { startApp } from './app-process.ts';
import { ROOT } from './build.ts';
import { runCommand } from './lifetime.ts';
import type { Lifetime } from './lifetime.ts';
import { prepare, readOptions, toExitCode } from './start.ts';

const HELP = `npm run dev -- [options]      like npm start, with the window's code reloaded as it is edited and
                              the app restarted when electron/ or protocol/ changes

The options are those of npm start: npm start -- --help`;
/** Folders whose code runs in main or preload. */
const MAIN_FOLDERS = ['electron', 'protocol'];
/** Editors write a file several times; one rebuild follows the last write, in milliseconds. */
const SETTLE_MS = 150;

/** Builds main and preload, not the window. */
async function buildMain(): Promise<void> {
  const builder = await createBuilder({
    root: join(ROOT, 'renderer'),
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
  });
  for (const name of ['main', 'preload']) {
    const environment = builder.environments[name];
    if (environment === undefined) throw new Error(`vite.config.ts has no environment ${name}.`);
    await builder.build(environment);
  }
}

/** Calls back once after each burst of changes in the folders, tests aside. */
function watchFolders(folders: readonly string[], onChange: () => void): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const watchers = folders.map((folder) =>
    watch(join(ROOT, folder), { recursive: true }, (_, name) => {
      if (name === null || !/\.tsx?$/.test(name) || name.includes('.test.')) return;
      clearTimeout(timer);
      timer = setTimeout(onChange, SETTLE_MS);
    }),
  );
  return async () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

/** Serves the window's code with hot reload; answers its address. */
async function serveWindow(life: Lifetime): Promise<string> {
  const server = await createServer({
    root: join(ROOT, 'renderer'),
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: 0 },
  });
  life.defer(() => server.close());
  await server.listen();
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('The dev server of the window has no address.');
  return url;
}

async function dev(life: Lifetime): Promise<number> {
  const log = (line: string): void => console.log(line);
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    log(HELP);
    return 0;
  }
  await buildMain();
  const { runtime, args, env, lost } = await prepare(options, life, log);
  const url = await serveWindow(life);
  log(`Window served from ${url}`);

  const launch = (): Promise<AppProcess> =>
    startApp({
      runtime,
      args,
      env: { ...env, CONTRACT_PULSE_DEV_URL: url },
      onLine: log,
      verbose: options.verbose,
    });
  let app = await launch();
  life.defer(() => app.stop());

  let changed = (): void => undefined;
  let nextChange = new Promise<'changed'>((resolve) => (changed = () => resolve('changed')));
  life.defer(watchFolders(MAIN_FOLDERS, () => changed()));
  for (;;) {
    const event = await Promise.race([app.ended, lost, nextChange]);
    if (event !== 'changed') {
      if (typeof event === 'string') throw new Error(event);
      return toExitCode(event, log);
    }
    nextChange = new Promise((resolve) => (changed = () => resolve('changed')));
    try {
      await buildMain();
    } catch (error) {
      log(
        `Not restarted, the change does not build: ${error instanceof Error ? error.message : String(error)}`,
      );
      continue;
    }
    log('Main process changed: restarting the app.');
    await app.stop();
    app = await launch();
  }
}

if (import.meta.main) await runCommand(dev);
