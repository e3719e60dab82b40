import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright';
import { withDisplay } from '../scripts/display.ts';
import { findElectron } from '../scripts/electron-runtime.ts';
import { getSandboxArguments } from '../scripts/sandbox.ts';

/** Draws the PNGs in electron/shell/assets from their SVG sources, with Electron itself: `node e2e/icons.ts`. */
const ASSETS = fileURLToPath(new URL('../electron/shell/assets/', import.meta.url));
const WANTED = [
  { source: 'icon.svg', png: 'icon.png', pixels: 1024 },
  { source: 'icon.svg', png: 'window-icon.png', pixels: 128 },
  { source: 'dot.svg', png: 'dot.png', pixels: 32 },
];
const MAIN = `import { app, BrowserWindow } from 'electron';
app.whenReady().then(() => new BrowserWindow({ width: 1100, height: 1100, show: false }).loadURL('data:text/html,<title>icons</title>'));`;

await withDisplay({ log: console.log }, async (env) => {
  const runtime = await findElectron({ log: console.log });
  const folder = await mkdtemp(join(tmpdir(), 'contract-pulse-icons-'));
  await writeFile(join(folder, 'main.mjs'), MAIN);
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [
      ...(await getSandboxArguments(runtime.executable)),
      `--user-data-dir=${folder}`,
      join(folder, 'main.mjs'),
    ],
    env: { ...(process.env as Record<string, string>), ...env },
  });
  try {
    const page = await app.firstWindow();
    for (const { source, png, pixels } of WANTED) {
      const svg = await readFile(join(ASSETS, source), 'utf8');
      const url = await page.evaluate(
        async ([text, size]) => {
          const image = new Image();
          image.src = `data:image/svg+xml;base64,${btoa(text as string)}`;
          await image.decode();
          const canvas = document.createElement('canvas');
          canvas.width = canvas.height = size as number;
          canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
          return canvas.toDataURL('image/png');
        },
        [svg, pixels] as const,
      );
      await writeFile(join(ASSETS, png), Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
      console.log(`${png}: ${pixels} × ${pixels}`);
    }
  } finally {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
});
