import { fileURLToPath } from 'node:url';
import { run } from './processes.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A program of a dependency, by the path of its JavaScript: works the same on every platform. */
export function binPath(path: string): string {
  return fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));
}

/**
 * Builds window, main and preload into out/.
 * @throws Error with what the builder said
 */
export async function buildApp(log: (line: string) => void): Promise<void> {
  const started = performance.now();
  const built = await run(process.execPath, [binPath('vite/bin/vite.js'), 'build', '--app'], { cwd: ROOT });
  if (built.code !== 0)
    throw new Error(`The app could not be built.\n${built.stdout}${built.stderr}`.trimEnd());
  log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}
