import react from '@vitejs/plugin-react';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What main and preload find at run time instead of in their bundle. */
const external = [
  'electron',
  '@photostructure/sqlite',
  ...builtinModules,
  ...builtinModules.map((m) => `node:${m}`),
];

/** Electron 33 is the oldest runtime: Node 20.18 in main, Chromium 130 in the window. */
const node = { target: 'node20', minify: false, sourcemap: true, emptyOutDir: true } as const;

export default defineConfig({
  root: at('./renderer'),
  base: './',
  plugins: [react()],
  // Nothing inlined as data: the window's policy lets in files of its own only.
  build: { target: 'chrome130', outDir: at('./out/renderer'), emptyOutDir: true, assetsInlineLimit: 0 },
  environments: {
    main: {
      consumer: 'server',
      resolve: {
        external: true,
        noExternal: [/^valibot/, /^csv-stringify/, /^openid-client/, /^oauth4webapi/, /^jose/],
      },
      build: {
        ...node,
        ssr: true,
        outDir: at('./out/main'),
        rolldownOptions: {
          external,
          input: {
            main: at('./electron/main.ts'),
            'ledger-worker': at('./electron/ledger/worker/worker.ts'),
          },
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        },
      },
    },
    preload: {
      consumer: 'server',
      // A sandboxed preload can require nothing but electron: it is one file.
      resolve: { noExternal: true },
      build: {
        ...node,
        ssr: true,
        outDir: at('./out/preload'),
        rolldownOptions: {
          external,
          input: { preload: at('./electron/preload.ts') },
          output: { format: 'cjs', entryFileNames: '[name].cjs' },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) {
        if (environment.name !== 'ssr') await builder.build(environment);
      }
    },
  },
});
