import { DEFAULT_SETTINGS } from '../../protocol/settings.ts';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

/** As on Windows while a virus scanner looks into a file: `left` renames and removals are refused, whoever asks. */
const held = vi.hoisted(() => ({
  left: 0,
  code: 'EPERM',
  refuse(call: string): void {
    if (held.left <= 0) return;
    held.left -= 1;
    throw Object.assign(new Error(`${held.code}: refused, ${call}`), { code: held.code, syscall: call });
  },
}));

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  return {
    ...fs,
    rename: async (...args: Parameters<typeof fs.rename>) => {
      held.refuse('rename');
      return fs.rename(...args);
    },
    unlink: async (...args: Parameters<typeof fs.unlink>) => {
      held.refuse('unlink');
      return fs.unlink(...args);
    },
    rm: async (...args: Parameters<typeof fs.rm>) => {
      held.refuse('rm');
      return fs.rm(...args);
    },
  };
});
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    renameSync: (...args: Parameters<typeof fs.renameSync>) => {
      held.refuse('rename');
      fs.renameSync(...args);
    },
  };
});

const { createTestLog } = await import('../account/testing.ts');
const { createSessionStore } = await import('../account/stored-session.ts');
const { eraseAccount } = await import('../app/erase.ts');
const { openDatabase } = await import('../ledger/storage/database.ts');
const { openStorage } = await import('../app/storage.ts');
const { systemClock } = await import('../ports/clock.ts');
const { openSettings } = await import('../settings/settings.ts');
const { writeWhole } = await import('../settings/settings-file.ts');
const { openLogFile } = await import('../shell/log-file.ts');
const { saveWhole } = await import('../shell/save-file.ts');
const { createFileVault } = await import('../shell/secret-file.ts');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contract-pulse-held-'));
});
afterEach(async () => {
  held.left = 0;
  await rm(folder, { recursive: true, force: true });
});
const at = (name: string): string => join(folder, name);
const cipher = {
  encrypt: async (text: string) => Buffer.from(text),
  decrypt: async (bytes: Buffer) => {
    if (bytes.toString() === 'of another keychain') throw new Error('another keychain');
    return { text: bytes.toString(), isOutdated: false };
  },
};

describe.each(['EPERM', 'EBUSY', 'EACCES'])('the first three tries are refused (%s)', (code) => {
  const hold = (): void => void Object.assign(held, { left: 3, code });
  afterEach(() => expect(held.left).toBe(0));

  test('the renewed token is stored', async () => {
    const vault = createFileVault(at('session.vault'), cipher);
    await vault.write('one');
    hold();
    await vault.write('two');
    expect(await vault.read()).toEqual({ state: 'present', secret: 'two' });
    expect(await readdir(folder)).toEqual(['session.vault']);
  });

  test('a secret that cannot be decrypted is set aside', async () => {
    await writeFile(at('session.vault'), 'of another keychain');
    hold();
    await createFileVault(at('session.vault'), cipher, () => 7).write('new');
    expect((await readdir(folder)).toSorted()).toEqual(['session.vault', 'session.vault.unreadable-7']);
  });

  test('signing out removes the token', async () => {
    const vault = createFileVault(at('session.vault'), cipher);
    await vault.write('secret');
    hold();
    const log = createTestLog();
    await createSessionStore(vault, log).erase();
    expect(log.lines).toEqual([]);
    expect(await vault.read()).toEqual({ state: 'absent' });
  });

  test('settings are written', async () => {
    hold();
    await writeWhole(at('settings.json'), '{"a":2}');
    expect(await readFile(at('settings.json'), 'utf8')).toBe('{"a":2}');
  });

  test('settings that are garbage are set aside', async () => {
    await writeFile(at('settings.json'), 'garbage');
    hold();
    const settings = await openSettings({
      path: at('settings.json'),
      now: () => 0,
      log: createTestLog(),
      onChange() {},
    });
    expect(settings.problem()).toMatchObject({
      code: 'unreadable',
      setAsideAt: expect.any(String) as string,
    });
  });

  test('an export is saved', async () => {
    hold();
    await saveWhole(at('out.csv'), (put) => put('a'));
    expect(await readFile(at('out.csv'), 'utf8')).toBe('a');
  });

  test('what was set aside goes with the account', async () => {
    await writeFile(at('ledger.sqlite.damaged-1'), 'x');
    hold();
    await eraseAccount({
      deps: {
        ledgerPath: at('ledger.sqlite'),
        settingsPath: at('settings.json'),
        eraseTraces: async () => {},
        log: createTestLog(),
      },
      ledger: {
        account: async () => ({ accountId: 1 }) as never,
        eraseAccount: async () => {},
        accounts: async () => [],
      },
      settings: { current: () => DEFAULT_SETTINGS, change: async () => DEFAULT_SETTINGS },
      key: { server: 'https://a.example', userId: 'u', userName: 'U', locale: 'en' },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('the log begins a new file, and is erased', async () => {
    await writeFile(at('main.log'), 'x'.repeat(1024 * 1024));
    const log = openLogFile(folder);
    hold();
    log.info('a line');
    log.flush();
    expect((await readdir(folder)).toSorted()).toEqual(['main.log', 'main.old.log']);
    hold();
    await log.erase();
    expect(await readdir(folder)).toEqual([]);
  });

  test('a damaged history is set aside', async () => {
    await writeFile(at('ledger.sqlite'), 'no database'.repeat(500));
    hold();
    const { db, problem } = openDatabase(at('ledger.sqlite'), 0);
    expect(problem).toMatchObject({ inMemory: false, setAsideAt: expect.any(String) as string });
    db.close();
  });

  test('a history that the person gives up is set aside', async () => {
    await writeFile(at('ledger.sqlite'), 'old');
    const storage = await openStorage({
      deps: {
        ledgerPath: at('ledger.sqlite'),
        workerUrl: new URL('file:///none'),
        openLedger: async () => ({ problem: null, close: async () => {} }) as never,
        clock: systemClock,
        log: createTestLog(),
      },
      onProblem() {},
      onReplaced() {},
    });
    hold();
    await storage.startFresh();
    const [aside = ''] = await readdir(folder);
    expect(await readFile(at(aside), 'utf8')).toBe('old');
  });
});

test('what is refused for good is told after about two seconds, and leaves nothing behind', async () => {
  await writeFile(at('settings.json'), '{"a":1}');
  Object.assign(held, { left: 8, code: 'EPERM' });
  const started = performance.now();
  await expect(writeWhole(at('settings.json'), '{"a":2}')).rejects.toThrow('EPERM');
  expect(performance.now() - started).toBeGreaterThan(1_500);
  expect(await readFile(at('settings.json'), 'utf8')).toBe('{"a":1}');
  expect(await readdir(folder)).toEqual(['settings.json']);
});

test('nobody renames or removes a file but through the port that is patient', async () => {
  const electron = join(import.meta.dirname, '..');
  const files = (await readdir(electron, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !/test|testing|^integration|replace-file/.test(name),
  );
  expect(files.length).toBeGreaterThan(100);
  const found: string[] = [];
  for (const name of files) {
    const text = await readFile(join(electron, name), 'utf8');
    for (const [, names = ''] of text.matchAll(/import \{([^}]*)\} from 'node:fs(?:\/promises)?'/g)) {
      if (/\b(?:rename|unlink|rm)(?:Sync)?\b/.test(names)) found.push(name);
    }
    if (/import \* as \w+ from 'node:fs|import \w+ from 'node:fs/.test(text)) found.push(name);
  }
  expect(found).toEqual([]);
});
