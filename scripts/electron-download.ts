import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnLeashed, waitForEnd } from './processes.ts';

/** A download that has not moved a byte for this long is given up, in milliseconds. */
const STALL_MS = 20_000;
/** A host that failed is left alone for this long, in milliseconds; then it is asked again. */
const RETRY_AFTER_MS = 30 * 60_000;

interface Failure {
  readonly at: number;
  readonly version: string;
  readonly reason: string;
}

const failureFile = (cacheRoot: string): string => join(cacheRoot, 'electron-download-failed.json');

/** The reason why the official download of this version failed within the last half hour, if it did. */
export async function readRecentFailure(
  cacheRoot: string,
  version: string,
  now: number,
): Promise<string | undefined> {
  try {
    const failure = JSON.parse(await readFile(failureFile(cacheRoot), 'utf8')) as Partial<Failure>;
    const age = now - Number(failure.at);
    if (failure.version !== version || !(age >= 0 && age < RETRY_AFTER_MS)) return undefined;
    return String(failure.reason);
  } catch {
    return undefined;
  }
}

/** Notes the failure, so that the next half hour of starts does not wait for the same host again. */
export async function rememberFailure(cacheRoot: string, failure: Failure): Promise<void> {
  await mkdir(cacheRoot, { recursive: true });
  await writeFile(failureFile(cacheRoot), JSON.stringify(failure));
}

/** Bytes below a folder; what vanishes while we look counts as nothing. */
async function countBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name))
        .then((found) => found.size)
        .catch(() => 0),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** One line out of what a failed install.js printed; it prints the error's stack without its cause. */
export function explainFailure(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const line =
    lines.find((line) => /^\w*Error\b.*:/.test(line)) ??
    lines.find((line) => line !== '') ??
    'no reason given';
  if (line.includes('fetch failed')) return 'its release host cannot be reached';
  return line.replace(/^\w*Error: /, '').slice(0, 200);
}

/**
 * Lets Electron's own install.js fetch and unpack the official binary (it checks the sha256 against the list in its package).
 * It has no time limit of its own beyond ten seconds for connecting, so it is ended after `stallMs` (20 s) without a new byte.
 * @throws Error with a one-line reason
 */
export async function downloadOfficial(
  electronPackage: string,
  cacheRoot: string,
  stallMs = STALL_MS,
): Promise<void> {
  await mkdir(cacheRoot, { recursive: true });
  // @electron/get writes into os.tmpdir(): a folder of our own shows whether it moves.
  const temporary = await mkdtemp(join(cacheRoot, '.download-'));
  try {
    const { child, stop } = spawnLeashed(process.execPath, [join(electronPackage, 'install.js')], {
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
      stdio: ['ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-16_384)));
    let stalled = false;
    let bytes = -1;
    let movedAt = Date.now();
    const watch = setInterval(
      () => {
        void Promise.all([countBytes(temporary), countBytes(join(electronPackage, 'dist'))]).then(
          ([fetched, unpacked]) => {
            if (fetched + unpacked !== bytes) {
              bytes = fetched + unpacked;
              movedAt = Date.now();
            } else if (Date.now() - movedAt > stallMs && !stalled) {
              stalled = true;
              void stop();
            }
          },
        );
      },
      Math.min(1000, stallMs / 2),
    );
    const ended = await waitForEnd(child).finally(() => clearInterval(watch));
    if (stalled) throw new Error(`nothing arrived for ${stallMs / 1000} s`);
    if (ended.code !== 0) throw new Error(explainFailure(stderr));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
