import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Display } from './display.ts';
import { onLine, run, spawnLeashed, waitForEnd } from './processes.ts';
import type { Leashed } from './processes.ts';

/** How long each of the services may take to answer, in milliseconds. */
const READY_MS = 60_000;
const SECRETS = 'org.freedesktop.secrets';
const DUNST_CONFIG = `[global]
    mouse_left_click = do_action, close_current
    history_length = 100
    idle_threshold = 0
    show_age_threshold = -1
    sort = false

[urgency_low]
    timeout = 0

[urgency_normal]
    timeout = 0
`;

export interface DesktopSession {
  /** For a program of this session: DBUS_SESSION_BUS_ADDRESS and what makes Chromium choose the keyring. */
  readonly env: Readonly<Record<string, string>>;
  /** What dunst printed of the toasts it has shown, line by line. */
  readonly toasts: readonly string[];
  /** Locks the keyring, as after an automatic login: whoever asks for it next is asked for its password. */
  lockKeyring(): Promise<void>;
  /** Closes the keyring's prompt, as Cancel does; false: there was none. */
  dismissPrompt(): Promise<boolean>;
  unlockKeyring(): Promise<void>;
  /** How many toasts are on the screen. */
  countToasts(): Promise<number>;
  /** Dismisses all toasts but the newest, and presses that one, as a click does. */
  pressNewestToast(): Promise<void>;
  stop(): Promise<void>;
}

/** The address a bus prints to its third descriptor. */
function readAddress(bus: Leashed): Promise<string> {
  const printed = new Promise<string>((resolve) => {
    onLine(bus.child.stdio[3] as Readable, resolve);
  });
  const ended = waitForEnd(bus.child).then(() => {
    throw new Error('dbus-daemon ended at once. Is the dbus package installed?');
  });
  return Promise.race([printed, ended]);
}

/** The process that owns the name on the bus; null: nobody. */
async function findOwner(name: string, env: NodeJS.ProcessEnv): Promise<number | null> {
  const ask = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
  const method = 'org.freedesktop.DBus.GetConnectionUnixProcessID';
  const { stdout } = await run('dbus-send', [...ask, method, `string:${name}`], { env });
  const pid = /uint32 (\d+)/.exec(stdout)?.[1];
  return pid === undefined ? null : Number(pid);
}

/** Ends it, and waits until it has left the bus; false: nobody owned the name. */
async function endOwner(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const pid = await findOwner(name, env);
  if (pid === null) return false;
  process.kill(pid);
  const deadline = Date.now() + READY_MS;
  while ((await findOwner(name, env)) === pid) {
    if (Date.now() > deadline) throw new Error(`${name} does not leave the session bus.`);
    await wait(50);
  }
  return true;
}

/** Waits until somebody owns the name on the bus. @throws Error when nobody does in time */
async function waitForName(name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const deadline = Date.now() + READY_MS;
  const ask = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
  for (;;) {
    const answer = await run('dbus-send', [...ask, 'org.freedesktop.DBus.NameHasOwner', `string:${name}`], {
      env,
    });
    if (answer.stdout.includes('boolean true')) return;
    if (Date.now() > deadline)
      throw new Error(`${name} did not come up on the session bus. ${answer.stderr.trim()}`);
    await wait(50);
  }
}

/**
 * A desktop session as a user has one, for tests of keychain and toasts: a bus of its own, an unlocked gnome-keyring that keeps its file
 * in a temporary folder, and dunst on the given display. It ends with this process.
 * @throws Error when a service does not come up
 */
export async function startDesktopSession(display: Pick<Display, 'env'>): Promise<DesktopSession> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-pulse-session-'));
  const runtime = join(folder, 'runtime');
  await mkdir(runtime, { mode: 0o700 });
  await writeFile(join(folder, 'dunstrc'), DUNST_CONFIG);
  const started: Leashed[] = [];
  const stop = async (): Promise<void> => {
    for (let service = started.pop(); service !== undefined; service = started.pop()) await service.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const launch = (
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    more: readonly 'pipe'[] = [],
  ): Leashed => {
    const service = spawnLeashed(command, args, { env, stdio: ['pipe', 'ignore', ...more] });
    started.push(service);
    return service;
  };
  try {
    const own = { ...process.env, ...display.env, XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: folder };
    const bus = launch('dbus-daemon', ['--session', '--nofork', '--print-address=3'], own, ['pipe']);
    const env = { ...own, DBUS_SESSION_BUS_ADDRESS: await readAddress(bus) };
    // The password of the throw-away keyring comes on standard input; without it the first use would open a prompt.
    const unlockKeyring = async (): Promise<void> => {
      await endOwner(SECRETS, env);
      launch(
        '/bin/sh',
        ['-c', 'printf test | gnome-keyring-daemon --foreground --unlock --components=secrets'],
        env,
      );
      await waitForName(SECRETS, env);
    };
    await unlockKeyring();
    const dunst = launch('dunst', ['-conf', join(folder, 'dunstrc'), '-print'], env);
    const toasts: string[] = [];
    if (dunst.child.stdout !== null) onLine(dunst.child.stdout, (line) => void toasts.push(line));
    await waitForName('org.freedesktop.Notifications', env);
    const countToasts = async (): Promise<number> =>
      Number((await run('dunstctl', ['count', 'displayed'], { env })).stdout);
    return {
      // XDG_CURRENT_DESKTOP decides which keychain Chromium looks for.
      env: {
        ...display.env,
        DBUS_SESSION_BUS_ADDRESS: env.DBUS_SESSION_BUS_ADDRESS,
        XDG_CURRENT_DESKTOP: 'GNOME',
      },
      toasts,
      async lockKeyring() {
        await endOwner(SECRETS, env);
        launch('gnome-keyring-daemon', ['--foreground', '--components=secrets'], env);
        await waitForName(SECRETS, env);
      },
      dismissPrompt: () => endOwner('org.gnome.keyring.SystemPrompter', env),
      unlockKeyring,
      countToasts,
      pressNewestToast: async () => {
        // dunst 1.9 refuses every position but the top, where the oldest is.
        for (let older = (await countToasts()) - 1; older > 0; older -= 1)
          await run('dunstctl', ['close'], { env });
        const pressed = await run('dunstctl', ['action'], { env });
        if (pressed.code !== 0)
          throw new Error(`dunstctl could not press the toast: ${pressed.stderr.trim()}`);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
