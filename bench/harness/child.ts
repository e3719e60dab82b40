import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of its own, so that one contender's heap and compiled code are not another's. */
export interface Child {
  /** One request at a time. Rejects with the child's own error, or when it ends before it has answered. */
  ask<T>(request: unknown): Promise<T>;
  /** Resolves when the process is gone. */
  close(): Promise<void>;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  /** Folder for a CPU profile, written when the child ends. */
  readonly profileDir?: string | null;
}

type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string };

const STOP_MS = 5_000;

/** `module` calls `answerParent`. */
export function startChild(module: URL, options: ChildOptions = {}): Child {
  const { profileDir = null } = options;
  const execArgv = [
    '--expose-gc',
    ...(profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]),
  ];
  const child = fork(fileURLToPath(module), options.args ?? [], {
    execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`));
  });

  return {
    async ask<T>(request: unknown): Promise<T> {
      const answered = new Promise<Answer>((resolve) => {
        child.once('message', (message) => resolve(message as Answer));
      });
      child.send({ request });
      const ended = gone.then((why): Answer => ({ ok: false, error: `${fileURLToPath(module)}: ${why}` }));
      const answer = await Promise.race([answered, ended]);
      if (!answer.ok) throw new Error(answer.error);
      return answer.value as T;
    },
    async close() {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** The child's side: answers each request in turn, and ends with its parent. */
export function answerParent(handle: (request: unknown) => unknown): void {
  process.on('message', (message) => {
    const { request } = message as { readonly request: unknown };
    Promise.resolve()
      .then(() => handle(request))
      .then(
        (value) => send({ ok: true, value }),
        (error: unknown) => {
          const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
          send({ ok: false, error: text });
        },
      );
  });
  // exit() rather than a kill: a CPU profile is written at exit.
  process.on('disconnect', () => process.exit());
}

function send(answer: Answer): void {
  if (process.connected) process.send?.(answer);
}

/** Rubbish of what came before must not be collected in what is measured now. */
export function collectGarbage(): void {
  globalThis.gc?.();
}
