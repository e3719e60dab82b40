import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { spawnLeashed, waitForEnd } from './processes.ts';

/** How long Xvfb may take to say its display number, in milliseconds. */
const READY_MS = 60_000;

export interface Display {
  /** For example ":99". */
  readonly display: string;
  /** What a program needs to reach it: DISPLAY and XAUTHORITY. */
  readonly env: { readonly DISPLAY: string; readonly XAUTHORITY: string };
  /** Ends the server; it also ends by itself when this process does, however it does. */
  stop(): Promise<void>;
}

/** One entry of an Xauthority file that fits any display (family 0xFFFF is FamilyWild of X11/Xauth.h): big-endian counted strings. */
function makeAuthority(cookie: Uint8Array): Buffer {
  const counted = (bytes: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
  const none = Buffer.alloc(0);
  return Buffer.concat([
    Buffer.from([0xff, 0xff]),
    ...[none, none, Buffer.from('MIT-MAGIC-COOKIE-1'), cookie].map(counted),
  ]);
}

/** The number that Xvfb writes to its -displayfd once it takes connections. */
function readDisplayNumber(stream: Readable, ended: Promise<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () => reject(new Error(`it was not ready after ${READY_MS / 1000} s`)),
      READY_MS,
    );
    const settle = (done: () => void): void => {
      clearTimeout(timer);
      done();
    };
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) settle(() => resolve(text.trim()));
    });
    void ended.then(() => settle(() => reject(new Error('it ended at once'))));
  });
}

/**
 * Starts a virtual X display on a free number, open only to who has its cookie.
 * @throws Error when Xvfb is not installed or does not come up
 */
export async function startXvfb(options: { readonly size?: string } = {}): Promise<Display> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-pulse-display-'));
  const authority = join(folder, 'Xauthority');
  await writeFile(authority, makeAuthority(randomBytes(16)), { mode: 0o600 });
  const server = spawnLeashed(
    'Xvfb',
    [
      '-displayfd',
      '3',
      '-screen',
      '0',
      options.size ?? '1600x1000x24',
      '-nolisten',
      'tcp',
      '-auth',
      authority,
      '-noreset',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  server.child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const stop = async (): Promise<void> => {
    await server.stop();
    process.off('exit', removeFolder);
    removeFolder();
  };
  try {
    const number = await readDisplayNumber(server.child.stdio[3] as Readable, waitForEnd(server.child));
    return { display: `:${number}`, env: { DISPLAY: `:${number}`, XAUTHORITY: authority }, stop };
  } catch (error) {
    await stop();
    const why = said.trim().split('\n').at(-1) ?? '';
    throw new Error(
      `Xvfb could not be started: ${(error as Error).message}${why === '' ? '' : ` (${why})`}. Is the xvfb package installed?`,
      { cause: error },
    );
  }
}

/** Whether windows can be shown as things are. */
export function hasDisplay(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  return platform !== 'linux' || Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}

/**
 * Runs `use` with the variables of a display: the machine's own when there is one, otherwise (or with `always`) a virtual one, which is
 * stopped afterwards.
 */
export async function withDisplay<T>(
  options: { readonly log: (line: string) => void; readonly always?: boolean },
  use: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const own = hasDisplay(process.env, process.platform);
  if (process.platform !== 'linux' || (own && options.always !== true)) return use({});
  const display = await startXvfb();
  if (!own) options.log(`There is no display here: windows go to a virtual one (Xvfb ${display.display}).`);
  try {
    return await use(display.env);
  } finally {
    await display.stop();
  }
}
