import { spawn, type ChildProcess } from 'node:child_process';
import { askChild } from '../harness/child.ts';
import { now, type DriverRequest } from './protocol.ts';

/** An Electron under measurement. */
export interface Electron {
  /** Just before its process was made, on the machine's clock, ms. */
  readonly startedAt: number;
  readonly pid: number;
  /** A DriverRequest, where the driver is at work. Requests may overlap. Rejects when it ends or has an error of its own. */
  ask<T>(request: unknown): Promise<T>;
  /** Evaluates JavaScript in the page. */
  page<T>(code: string): Promise<T>;
  /** Ends it as its user does and waits until it is gone. */
  quit(): Promise<void>;
  /** Ends it at once: a frozen page would take its time. */
  kill(): Promise<void>;
  readonly gone: Promise<unknown>;
}

const QUIT_MS = 15_000;
/** Of its output, for a failure's message. */
const KEPT_LINES = 20;

export function startElectron(options: {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}): Electron {
  const startedAt = now();
  const child: ChildProcess = spawn(options.executable, options.args, {
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Two versions of V8 do not read each other's structured clones.
    serialization: 'json',
  });
  let lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding('utf8').on('data', (text: string) => {
      lines = [...lines, ...text.trim().split('\n')].slice(-KEPT_LINES);
    });
  }
  const { ask, gone } = askChild(child, () => `Electron (its last lines: ${lines.join(' | ')})`);

  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await gone;
  }

  return {
    startedAt,
    pid: child.pid ?? 0,
    ask: (request) => ask(request),
    page: (code) => ask({ kind: 'page', code } satisfies DriverRequest),
    async quit() {
      await ask({ kind: 'quit' } satisfies DriverRequest).catch(() => undefined);
      const timer = setTimeout(() => child.kill('SIGKILL'), QUIT_MS);
      await gone;
      clearTimeout(timer);
    },
    kill,
    gone,
  };
}
