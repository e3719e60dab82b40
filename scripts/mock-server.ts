import { join } from 'node:path';
import { ROOT } from './build.ts';
import { onLine, spawnLeashed, waitForEnd } from './processes.ts';

/** How long the server may take to listen, in milliseconds; a large backlog is simulated first. */
const READY_MS = 60_000;

/** It names its users line by line right after its address; this long without one, and they have all been named. In milliseconds. */
const QUIET_MS = 150;

export interface DemoUser {
  readonly username: string;
  readonly password: string;
}

export interface DemoServer {
  readonly url: string;
  readonly users: readonly DemoUser[];
  /** Resolves with its exit code when it ends by itself or is stopped. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** The address in a line of the server's command, if it announces one. */
export function readAddress(line: string): string | undefined {
  return /^server-mock listening on (https?:\/\/\S+)$/.exec(line.trim())?.[1];
}

/** The user in a line like `demo user: anna / password secret`, if there is one. */
export function readDemoUser(line: string): DemoUser | undefined {
  const [, username, password] = /^demo user: (\S+) \/ (?:password:? )?(\S+)/.exec(line.trim()) ?? [];
  return username === undefined || password === undefined ? undefined : { username, password };
}

/**
 * Starts server-mock's command and waits until it listens and has named its demo users.
 * @throws Error with its last words when it ends before that
 */
export function startDemoServer(
  args: readonly string[],
  onOther: (line: string) => void = () => undefined,
): Promise<DemoServer> {
  const { child, stop } = spawnLeashed(process.execPath, [join(ROOT, 'server-mock/cli.ts'), ...args], {
    cwd: ROOT,
  });
  const ended = waitForEnd(child).then((end) => end.code);
  const users: DemoUser[] = [];
  let url: string | undefined;
  let words = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      void stop().then(() => reject(new Error(`server-mock ${why}.\n${words}`.trimEnd())));
    };
    const timer = setTimeout(() => fail(`did not listen within ${READY_MS / 1000} s`), READY_MS);
    let quiet: NodeJS.Timeout | undefined;
    const settle = (): void => {
      if (url === undefined || users.length === 0) return;
      const found = { url, users, ended, stop };
      clearTimeout(timer);
      clearTimeout(quiet);
      quiet = setTimeout(() => resolve(found), QUIET_MS);
    };
    const take = (line: string): void => {
      words = `${words}${line}\n`.slice(-4000);
      const address = readAddress(line);
      const user = readDemoUser(line);
      if (address !== undefined) url = address;
      else if (user !== undefined) users.push(user);
      else return onOther(line);
      settle();
    };
    if (child.stdout !== null) onLine(child.stdout, take);
    if (child.stderr !== null) onLine(child.stderr, take);
    void ended.then((code) => {
      clearTimeout(timer);
      fail(`ended with code ${code} before it listened`);
    });
  });
}
