import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { censor, openLogFile } from './log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contract-pulse-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the log file', () => {
  it('keeps one line a call, with time and level', () => {
    const log = openLogFile(folder, () => Date.UTC(2026, 0, 2, 3, 4, 5));
    log.info('first\nof two');
    log.warn('second');
    log.flush();
    expect(readFileSync(join(folder, 'main.log'), 'utf8')).toBe(
      '2026-01-02T03:04:05.000Z info first of two\n2026-01-02T03:04:05.000Z warn second\n',
    );
  });

  it.skipIf(process.platform === 'win32')('is written through no link, and read by nobody else', () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, '');
    symlinkSync(victim, join(folder, 'main.log'));
    const lost = openLogFile(folder);
    lost.info('a line');
    lost.flush();
    expect(readFileSync(victim, 'utf8')).toBe('');
    rmSync(join(folder, 'main.log'));
    const log = openLogFile(folder);
    log.info('a line');
    log.flush();
    expect(statSync(join(folder, 'main.log')).mode & 0o777).toBe(0o600);
  });

  it('stays within two files of 1 MiB and says how much it dropped', () => {
    const log = openLogFile(folder);
    for (let round = 0; round < 4; round += 1) {
      for (let line = 0; line < 1100; line += 1) log.info('x'.repeat(2000));
      log.flush();
    }
    expect(statSync(join(folder, 'main.log')).size).toBeLessThanOrEqual(1024 * 1024 + 2048);
    expect(statSync(join(folder, 'main.old.log')).size).toBeLessThanOrEqual(1024 * 1024 + 2048);
    expect(readFileSync(join(folder, 'main.log'), 'utf8')).toContain('100 lines dropped');
  });

  it('writes no credentials even when handed some', () => {
    expect(censor('authorization: Bearer abc.def')).not.toContain('abc');
    expect(censor('token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.sig-nature')).toBe('token …');
  });

  it('can be erased, with what waits to be written, and goes on', async () => {
    const log = openLogFile(folder);
    log.info('one');
    log.flush();
    log.info('two');
    await log.erase();
    log.flush();
    expect(readdirSync(folder)).toEqual([]);
    log.info('three');
    log.flush();
    expect(readFileSync(join(folder, 'main.log'), 'utf8')).toMatch(/^\S+ info three\n$/);
  });

  it('survives a folder that is gone', () => {
    const log = openLogFile(join(folder, 'missing'));
    log.info('lost');
    expect(() => log.flush()).not.toThrow();
  });
});
