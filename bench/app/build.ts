import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, createBuilder } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Beside the ordinary build, which others may be using: what is measured is built from the sources as they are now. */
const OUT = join(ROOT, 'out/bench');

export interface Built {
  /** The folder to give to Electron: the app under the driver. */
  readonly app: string;
  /** Pages of the peers, by file name. */
  readonly pages: string;
}

let building: Promise<Built> | null = null;

/** Once in a process. Rejects with what the builder said. */
export function buildAll(log: (line: string) => void): Promise<Built> {
  building ??= buildNow(log);
  return building;
}

async function buildNow(log: (line: string) => void): Promise<Built> {
  const startedAt = performance.now();
  const app = join(OUT, 'app');
  const pages = join(OUT, 'pages');
  const outDir = (name: string): { build: { outDir: string } } => ({
    build: { outDir: join(app, 'out', name) },
  });
  const builder = await createBuilder({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    ...outDir('renderer'),
    environments: { client: outDir('renderer'), main: outDir('main'), preload: outDir('preload') },
  });
  await builder.buildApp();
  await buildMain('bench/app/driver.ts', join(app, 'driver'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('pages', import.meta.url)),
    base: './',
    plugins: [react()],
    build: {
      target: 'chrome130',
      outDir: pages,
      emptyOutDir: true,
      modulePreload: false,
      rolldownOptions: {
        input: ['bare', 'by-hand', 'static'].map((name) =>
          fileURLToPath(new URL(`pages/${name}.html`, import.meta.url)),
        ),
      },
    },
  });
  await mkdir(app, { recursive: true });
  const manifest = {
    name: 'contract-pulse',
    productName: 'Contract Pulse',
    version: '0.1.0',
    type: 'module',
    main: 'driver/main.js',
  };
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest));
  log(`built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return { app, pages };
}

/** One module for Electron's main process, as `main.js`. */
export function buildMain(entry: string, outDir: string): Promise<unknown> {
  return build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    build: {
      ssr: join(ROOT, entry),
      outDir,
      target: 'node20',
      minify: false,
      emptyOutDir: true,
      rolldownOptions: { external: ['electron'], output: { entryFileNames: 'main.js' } },
    },
  });
}
