import { expect, it } from 'vitest';
import { examine, formatReport } from './doctor.ts';
import type { DoctorDependencies, Finding } from './doctor.ts';
import type { Finished } from './processes.ts';

const DEBIAN = 'ID=debian\nVERSION_ID="12"\n';
const GOOD_LIBRARIES = '\tlibgtk-3.so.0 => /lib/libgtk-3.so.0 (0x0)\n';
const SECRETS = 'string "org.freedesktop.secrets"';
const ended = (stdout: string, code = 0): Finished => ({ code, signal: null, stdout, stderr: '' });

/** A machine that answers commands by their beginning; what it does not know does not exist. */
function makeWorld(
  answers: Readonly<Record<string, Finished>>,
  more: Partial<DoctorDependencies> = {},
): DoctorDependencies {
  const run = async (command: string, args: readonly string[]): Promise<Finished> => {
    const line = [command, ...args].join(' ');
    const key = Object.keys(answers).find((known) => line.includes(known));
    return (key === undefined ? undefined : answers[key]) ?? ended('', 127);
  };
  return {
    system: { platform: 'linux', isRoot: false, run, read: async () => DEBIAN, pause: async () => undefined },
    env: { DISPLAY: ':0', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus' },
    scriptNode: '24.21.0',
    inspectElectron: async () => ({
      distPath: '/e',
      executable: '/e/electron',
      version: '45.4.1',
      source: 'installed',
    }),
    inspectSandbox: async () => 'available',
    cacheRoot: '/home/me/.cache/contract-pulse',
    countFree: async () => 50e9,
    arch: 'x64',
    ...more,
  };
}

const HEALTHY: Readonly<Record<string, Finished>> = {
  'node" --version': ended('v20.20.2\n'),
  'npm --version': ended('11.0.0\n'),
  'ldd /e/electron': ended(GOOD_LIBRARIES),
  '.ListNames': ended(SECRETS),
  ListActivatableNames: ended(''),
};

const find = (findings: readonly Finding[], name: string): Finding | undefined =>
  findings.find((finding) => finding.name === name);

it('reports a healthy machine in aligned lines', async () => {
  const findings = await examine(makeWorld(HEALTHY));
  expect(formatReport(findings)).toBe(
    [
      'Node (machine)  ok       20.20.2',
      'Node (scripts)  ok       24.21.0',
      'npm             ok       11.0.0',
      'Electron        ok       45.4.1 (installed) in /e',
      'Sandbox         ok       available',
      'Libraries       ok       all there',
      'Display         ok       :0',
      'Keychain        ok       Secret Service answers',
      'Cache           ok       /home/me/.cache/contract-pulse, 50.0 GB free',
      '',
      'The app can start: npm start',
    ].join('\n'),
  );
});

it('names each missing library, the command that installs it, and the verdict', async () => {
  const answers = {
    ...HEALTHY,
    'ldd /e/electron': ended('\tlibgtk-3.so.0 => not found\n\tlibnss3.so => not found\n'),
  };
  const deps = makeWorld({ ...answers, 'libgtk-3-0t64': ended('Package: libgtk-3-0t64\n') });
  const findings = await examine(deps);
  expect(find(findings, 'Libraries')).toEqual({
    name: 'Libraries',
    state: 'missing',
    detail: 'libgtk-3.so.0 libnss3.so',
    remedy: 'Run: sudo apt-get install libgtk-3-0t64 libnss3',
  });
  expect(formatReport(findings)).toMatch(/\nThe app cannot start yet: Libraries\.$/);
});

it('names the libraries alone on other distributions', async () => {
  const deps = makeWorld({ ...HEALTHY, 'ldd /e/electron': ended('\tlibfoo.so.1 => not found\n') });
  const findings = await examine({ ...deps, system: { ...deps.system, read: async () => 'ID=fedora\n' } });
  expect(find(findings, 'Libraries')?.remedy).toMatch(/package manager: libfoo\.so\.1$/);
});

it('tells a virtual display from none at all', async () => {
  const without = await examine(makeWorld(HEALTHY, { env: {} }));
  expect(find(without, 'Display')).toMatchObject({
    state: 'missing',
    remedy: 'Run: sudo apt-get install xvfb xauth',
  });
  const programs = { 'command -v "$1" sh Xvfb': ended('/usr/bin/Xvfb'), 'sh xauth': ended('/usr/bin/xauth') };
  const virtual = await examine(makeWorld({ ...programs, ...HEALTHY }, { env: {} }));
  expect(find(virtual, 'Display')).toMatchObject({ state: 'note', detail: 'none' });
});

it.each([
  ['no session', {}, HEALTHY, 'no D-Bus session'],
  [
    'a dead session',
    undefined,
    { ...HEALTHY, '.ListNames': ended('', 1) },
    'the D-Bus session does not answer',
  ],
  [
    'nothing to ask with',
    undefined,
    { ...HEALTHY, '.ListNames': ended('', 127) },
    'unknown: there is no dbus-send to ask with',
  ],
  [
    'no service',
    undefined,
    { ...HEALTHY, '.ListNames': ended('') },
    'no Secret Service (gnome-keyring, KWallet)',
  ],
])('says what a missing keychain means: %s', async (_, env, answers, detail) => {
  const finding = find(await examine(makeWorld(answers, env === undefined ? {} : { env })), 'Keychain');
  expect(finding).toMatchObject({ state: 'note', detail });
  expect(finding?.remedy).toMatch(/asks for the password again/);
});

it('is not stopped by a broken override, and passes its reason on', async () => {
  const inspectElectron = (): Promise<undefined> =>
    Promise.reject(new Error('ELECTRON_OVERRIDE_DIST_PATH is /x'));
  const findings = await examine(makeWorld(HEALTHY, { inspectElectron }));
  expect(find(findings, 'Electron')).toMatchObject({
    state: 'missing',
    remedy: 'ELECTRON_OVERRIDE_DIST_PATH is /x',
  });
});

it('wants room on the disk only while Electron is still to be fetched', async () => {
  const small = { countFree: async () => 100e6 };
  expect(find(await examine(makeWorld(HEALTHY, small)), 'Cache')?.state).toBe('ok');
  const findings = await examine(makeWorld(HEALTHY, { ...small, inspectElectron: async () => undefined }));
  expect(find(findings, 'Cache')?.state).toBe('missing');
  expect(find(findings, 'Electron')).toMatchObject({ state: 'note', detail: 'not fetched yet' });
});

it('says how to give the sandbox its rights, and that root has none', async () => {
  const blocked = find(
    await examine(makeWorld(HEALTHY, { inspectSandbox: async () => 'blocked' })),
    'Sandbox',
  );
  expect(blocked).toMatchObject({ state: 'missing' });
  expect(blocked?.remedy).toContain("chmod 4755 '/e/chrome-sandbox'");
  expect(
    find(await examine(makeWorld(HEALTHY, { inspectSandbox: async () => 'root' })), 'Sandbox')?.state,
  ).toBe('note');
});

it('names an outdated Node', async () => {
  const old = await examine(
    makeWorld({ ...HEALTHY, 'node" --version': ended('v18.9.0\n') }, { scriptNode: '20.20.2' }),
  );
  expect(find(old, 'Node (machine)')).toMatchObject({ state: 'note', detail: '18.9.0' });
  expect(find(old, 'Node (scripts)')).toMatchObject({ state: 'missing' });
});
