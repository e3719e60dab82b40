import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
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
  /** SIGTERM to the process and all it started, SIGKILL to what is left after `graceMs`. Resolves when they are gone; may be called again. */
  stop(): Promise<void>;
}

/** Signals the whole group, or the process alone where there are no groups; one that is gone already is no error. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Starts a process that ends when this one does, in a process group of its own. `stdio` beyond the standard three is handed on;
 * standard input belongs to the leash.
 */
export function spawnLeashed(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly stdio?: readonly ('pipe' | 'ignore' | 'inherit')[];
    /** How long it may take to end by itself when stopped, ms. Default 5 000. */
    readonly graceMs?: number;
  },
): Leashed {
  const stdio = ['pipe' as const, ...(options.stdio ?? ['pipe', 'pipe'])];
  const where = {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env ?? process.env,
  };
  const child =
    process.platform === 'win32'
      ? spawn(command, args, { ...where, stdio })
      : spawn('/bin/sh', [LEASH, command, ...args], { ...where, stdio, detached: true });
  // The leash's end may be gone before we let go of it.
  child.stdin?.on('error', () => undefined);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const ended = waitForEnd(child);
    if (!hasEnded(child)) {
      signalGroup(child, 'SIGTERM');
      const kill = setTimeout(() => signalGroup(child, 'SIGKILL'), options.graceMs ?? GRACE_MS);
      await ended;
      clearTimeout(kill);
    }
    // Helpers that outlived the process they served.
    signalGroup(child, 'SIGKILL');
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
