import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startForTest } from '../server-mock/testing/server.ts';
import { HELP, parseCommand } from './check-server.ts';

const nothing = (): string => {
  throw new Error('no file');
};
const parse = (...argv: string[]): ReturnType<typeof parseCommand> => parseCommand(argv, nothing);

describe('the command line', () => {
  test('an address alone is enough', () => {
    expect(parse('https://h')).toMatchObject({
      kind: 'check',
      address: 'https://h',
      signIn: 'none',
      ms: 35_000,
      tryAcknowledge: false,
      json: false,
    });
  });

  test('a header for the key means a key', () => {
    expect(parse('h', '--key-header', 'Authorization', '--user', 'u1')).toMatchObject({
      signIn: 'key',
      header: 'Authorization',
      user: 'u1',
    });
  });

  test.each([
    [[], /give the address/],
    [['a', 'k-1'], /one address.*never given on the command line/],
    [['a', '--frobnicate'], /not known/],
    [['a', '--key=k-1'], /never given on the command line/],
    [['a', '--seconds', 'soon'], /--seconds is a number/],
    [['a', '--seconds', '0'], /--seconds is a number/],
    [['a', '--seconds', '3601'], /--seconds is a number/],
    [['a', '--key', '--password', '--user', 'u'], /not by both/],
    [['a', '--password'], /needs --user/],
    [['a', '--profile', 'gone.json'], /gone\.json cannot be read/],
  ])('%j is refused with what is wrong', (argv, message) => {
    const command = parse(...argv);
    expect(command).toMatchObject({ kind: 'wrong', message: expect.stringMatching(message) });
    expect(JSON.stringify(command)).not.toContain('k-1');
  });

  test('a profile that is none is refused with the field', () => {
    const command = parseCommand(['a', '--profile', 'p.json'], () => '{"profile":1}');
    expect(command).toMatchObject({ kind: 'wrong', message: expect.stringMatching(/p\.json is no profile/) });
  });

  test('the help names every flag and every exit code', () => {
    for (const word of [
      '--profile',
      '--key-header',
      '--password',
      '--try-acknowledge',
      '--json',
      '--write-profile',
    ])
      expect(HELP).toContain(word);
    expect(HELP).toMatch(/0 no fault.*1 faults.*2 the command/);
  });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const script = join(import.meta.dirname, 'check-server.ts');
    const options = { env: { ...process.env, ...env }, timeout: 30_000 };
    const child = execFile(process.execPath, [script, ...argv], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
    child.stdin?.end();
  });
}

describe('as a program', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  test('0 where there is no fault, 1 where there is one, 2 where the command is wrong; no secret in any of it', async () => {
    const server = await startForTest({ backlog: 8, apiKeys: { 'k-very-secret': 'u42' } });
    const folder = await mkdtemp(join(tmpdir(), 'pulse-check-'));
    folders.push(folder);
    const file = join(folder, 'profile.json');
    const by = ['--key', '--user', 'u42', '--seconds', '1'];
    const [good, bad, wrong, unwritable] = await Promise.all([
      run([server.url, ...by], { CHECK_SERVER_KEY: 'k-very-secret' }),
      run([server.url, ...by, '--json', '--write-profile', file], { CHECK_SERVER_KEY: 'k-very-wrong' }),
      run([server.url, '--password'], { CHECK_SERVER_PASSWORD: 'k-very-secret' }),
      run(['127.0.0.1:1', '--profile', folder]),
    ]);

    expect(good).toMatchObject({ code: 0, err: '' });
    expect(good.out).toMatch(/^ok +Stream +\/api\/events is an event stream/m);
    expect(good.out).toMatch(/RAW +id e1-00000000001, event u42_ContractStatusChanged/);
    expect(good.out).toMatch(/No fault found\.\n$/);

    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject({
      faults: true,
      findings: expect.arrayContaining([
        expect.objectContaining({
          step: 'sign_in',
          weight: 'fault',
          code: 'key_refused',
          says: expect.stringContaining('401'),
          means: expect.stringContaining('sign-in'),
          change: expect.stringContaining('credentials'),
        }),
      ]),
    });
    expect(bad.err).toMatch(/no profile was written/);
    await expect(readFile(file)).rejects.toThrow('ENOENT');

    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toMatch(/--password needs --user/);
    expect(unwritable.code).toBe(2);
    for (const { out, err } of [good, bad, wrong, unwritable]) expect(out + err).not.toMatch(/k-very/);
  });
});
