import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LEASH = fileURLToPath(new URL('./leash.sh', import.meta.url));
/** How long a process may take to end by itself after SIGTERM, in milliseconds. */
const GRACE_MS = 5000;

export interface Finished {
  /** Exit code, or null when a signal ended it; 127 when there is no such program. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** True once the process has ended, however it ended. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Resolves when the process has ended; at once when it has already. A process that could not be started ends with -2. */
export function waitForEnd(
  child: ChildProcess,
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  if (hasEnded(child)) return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: -2, signal: null }));
  });
}

export interface Leashed {
  readonly child: ChildProcess;
  /** SIGTERM, and SIGKILL to all that is left when the process has ended or `graceMs` are over. May be called again. */
  stop(): Promise<void>;
}

export interface LeashOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Standard output, standard error and what follows; standard input belongs to the leash. Default pipes for the two. */
  readonly stdio?: readonly ('pipe' | 'ignore' | 'inherit')[];
  /** How long it may take to end by itself when stopped, ms. Default 5 000. */
  readonly graceMs?: number;
  /**
   * Who gets SIGTERM: the process alone, which then sees to its own helpers (Chromium crashes when they are taken from it), or
   * everything it started. Default process.
   */
  readonly reach?: 'process' | 'group';
}

/** Signals the process, or with everything it started; one that is gone already is no error. */
function sendSignal(child: ChildProcess, signal: NodeJS.Signals, reach: 'process' | 'group'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(reach === 'group' && process.platform !== 'win32' ? -child.pid : child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Starts a process that ends when this one does, however that ends, in a process group of its own. */
export function spawnLeashed(command: string, args: readonly string[], options: LeashOptions): Leashed {
  const { env = process.env, stdio = ['pipe', 'pipe'], graceMs = GRACE_MS, reach = 'process' } = options;
  const how: SpawnOptions = { env, stdio: ['pipe', ...stdio] };
  if (options.cwd !== undefined) how.cwd = options.cwd;
  const child =
    process.platform === 'win32'
      ? spawn(command, args, how)
      : spawn('/bin/sh', [LEASH, reach, command, ...args], { ...how, detached: true });
  // The leash's end may be gone before we let go of it.
  child.stdin?.on('error', () => undefined);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const ended = waitForEnd(child);
    if (!hasEnded(child)) {
      sendSignal(child, 'SIGTERM', 'process');
      const kill = setTimeout(() => sendSignal(child, 'SIGKILL', 'group'), graceMs);
      await ended;
      clearTimeout(kill);
    }
    // Helpers that outlived the process they served.
    sendSignal(child, 'SIGKILL', 'group');
  };
  return { child, stop: () => (stopping ??= stop()) };
}

/** Calls back for each full line of a stream. */
export function onLine(stream: Readable, callback: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', callback);
}

/** Runs a program to its end and collects its output. It ends with this process if it has not ended before. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  const { child } = spawnLeashed(command, args, options);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, signal: null, stdout, stderr: error.message }));
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
