import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of its own, so that one contender's heap and compiled code are not another's. */
export interface Child {
  /** Rejects with the child's own error, or when it ends before it has answered. */
  ask<T>(request: unknown): Promise<T>;
  /** Resolves when the process is gone. */
  close(): Promise<void>;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  /** Folder for a CPU profile, written when the child ends. */
  readonly profileDir?: string | null;
  /** More of Node's own options. */
  readonly execArgv?: readonly string[];
}

type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string };
interface Call {
  readonly id: number;
  readonly request: unknown;
}

const STOP_MS = 5_000;

/** `module` calls `answerParent`. */
export function startChild(module: URL, options: ChildOptions = {}): Child {
  const { profileDir = null } = options;
  const execArgv = [
    '--expose-gc',
    ...(options.execArgv ?? []),
    ...(profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]),
  ];
  const child = fork(fileURLToPath(module), options.args ?? [], {
    execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { ask, gone } = askChild(child, () => fileURLToPath(module));

  return {
    ask,
    async close() {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** The parent's side for any child that calls `answerParent`. Requests may overlap; `gone` tells how the child ended. */
export function askChild(
  child: ChildProcess,
  describe: () => string,
): { ask<T>(request: unknown): Promise<T>; readonly gone: Promise<string> } {
  const gone = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`));
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let nextId = 1;
  child.on('message', (message) => {
    const { id, answer } = message as { readonly id: number; readonly answer: Answer };
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  return {
    async ask<T>(request: unknown): Promise<T> {
      const id = nextId++;
      const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
      if (child.connected) child.send({ id, request } satisfies Call);
      const ended = gone.then((why): Answer => ({ ok: false, error: `${describe()}: ${why}` }));
      const answer = await Promise.race([answered, ended]);
      if (!answer.ok) throw new Error(answer.error);
      return answer.value as T;
    },
    gone,
  };
}

/** The child's side: answers each request, and ends with its parent. */
export function answerParent(handle: (request: unknown) => unknown): void {
  process.on('message', (message) => {
    const { id, request } = message as Call;
    Promise.resolve()
      .then(() => handle(request))
      .then(
        (value) => send(id, { ok: true, value }),
        (error: unknown) => {
          const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
          send(id, { ok: false, error: text });
        },
      );
  });
  // exit() rather than a kill: a CPU profile is written at exit.
  process.on('disconnect', () => process.exit());
}

function send(id: number, answer: Answer): void {
  if (process.connected) process.send?.({ id, answer });
}

/** Rubbish of what came before must not be collected in what is measured now. */
export function collectGarbage(): void {
  globalThis.gc?.();
}
