import { expect, test } from 'vitest';
import { autostartEntry, isAutostartOn } from './autostart-entry.ts';

test('the command is quoted as the desktop reads it', () => {
  const exec = (command: readonly string[]) => /^Exec=(.*)$/m.exec(autostartEntry(command))?.[1];
  expect(exec(['/opt/Contract Pulse/contract-pulse', '--hidden'])).toBe(
    '"/opt/Contract Pulse/contract-pulse" "--hidden"',
  );
  expect(exec(['/a"b$c%d'])).toBe(String.raw`"/a\\"b\\$c%%d"`);
});

test('an entry that the desktop has turned off is off', () => {
  const entry = autostartEntry(['/opt/app']);
  expect(isAutostartOn(entry)).toBe(true);
  expect(isAutostartOn(`${entry}Hidden=true\n`)).toBe(false);
  expect(isAutostartOn(entry.replace('enabled=true', 'enabled=false'))).toBe(false);
});
