import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPrivately, isPlanted, makePrivate } from './private-files.ts';
import { replaceFile } from './replace-file.ts';

describe.skipIf(process.platform === 'win32')('files of this user alone', () => {
  let folder = '';
  const at = (name: string): string => join(folder, name);
  const mode = (name: string): number => statSync(at(name)).mode & 0o777;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pulse-private-'));
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('a folder that others could read is closed with all its files, and no link is followed out of it', () => {
    const others = mkdtempSync(join(tmpdir(), 'pulse-others-'));
    try {
      writeFileSync(join(others, 'theirs'), 'x');
      chmodSync(join(others, 'theirs'), 0o644);
      symlinkSync(join(others, 'theirs'), at('link'));
      mkdirSync(at('logs'), { mode: 0o755 });
      for (const [name, rights] of [
        ['settings.json', 0o644],
        ['ledger.sqlite.damaged-1', 0o666],
        ['locked', 0o444],
      ] as const) {
        writeFileSync(at(name), 'x');
        chmodSync(at(name), rights);
      }
      makePrivate(folder);
      expect(['', 'settings.json', 'ledger.sqlite.damaged-1', 'locked'].map(mode)).toEqual([
        0o700, 0o600, 0o600, 0o400,
      ]);
      expect(statSync(join(others, 'theirs')).mode & 0o777).toBe(0o644);
    } finally {
      rmSync(others, { recursive: true });
    }
  });

  test('what another user has planted is out of the way before anything is written to it', () => {
    writeFileSync(at('victim'), 'x');
    symlinkSync(at('victim'), at('main.log'));
    symlinkSync(at('victim'), at('ours'));
    writeFileSync(at('ledger.sqlite'), 'x');
    const theirs = new Set(['main.log', 'ledger.sqlite'].map((name) => lstatSync(at(name)).ino));
    const isTheirs = ({ ino }: { readonly ino: number }): boolean => theirs.has(ino);
    for (let start = 0; start < 2; start += 1) makePrivate(folder, isTheirs);
    expect(['main.log', 'ledger.sqlite', 'ours', 'victim'].map((name) => existsSync(at(name)))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(readFileSync(at('ledger.sqlite.of-another-user'), 'utf8')).toBe('x');
  });

  test('planted is what is another user’s in a folder of ours, and nothing of the administrator’s', () => {
    const judge = (entry: number, of: number, own: number): boolean =>
      isPlanted({ uid: entry }, { uid: of }, own);
    expect([judge(7, 5, 5), judge(5, 5, 5), judge(0, 5, 5), judge(7, 0, 0)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    // A disk that gives all files to nobody.
    expect(judge(65_534, 65_534, 5)).toBe(false);
  });

  test('a file is made private, one that was there keeps its content, and what may not be written stays so', () => {
    createPrivately(at('new'));
    expect(mode('new')).toBe(0o600);
    for (const name of ['old', 'old-wal']) writeFileSync(at(name), 'x');
    for (const name of ['old', 'old-wal']) chmodSync(at(name), 0o644);
    createPrivately(at('old'));
    expect([mode('old'), mode('old-wal'), readFileSync(at('old'), 'utf8')]).toEqual([0o600, 0o600, 'x']);
    chmodSync(at('old'), 0o444);
    createPrivately(at('old'));
    expect(mode('old')).toBe(0o400);
  });

  test('a file is replaced through no link: neither where it is written first, nor where it ends', async () => {
    const victim = at('victim');
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, at('settings.json.new'));
    symlinkSync(victim, at('settings.json'));
    await replaceFile(at('settings.json'), (file) => file.writeFile('settings'));
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(readFileSync(at('settings.json'), 'utf8')).toBe('settings');
    expect(mode('settings.json')).toBe(0o600);
  });
});
