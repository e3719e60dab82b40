import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, WEEKDAYS } from '../../protocol/settings.ts';
import type { Settings, SettingsProblem } from '../../protocol/settings.ts';
import { silentLog } from '../ports/log.ts';
import { peekSettings } from './settings-file.ts';
import { openSettings } from './settings.ts';

const NOW = Date.UTC(2026, 9, 2, 9, 14, 3);
let folder = '';
let path = '';
let told: { readonly settings: Settings; readonly problem: SettingsProblem | null }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pulse-settings-'));
  path = join(folder, 'settings.json');
  told = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = () =>
  openSettings({
    path,
    now: () => NOW,
    log: silentLog,
    onChange: (settings, problem) => told.push({ settings, problem }),
  });
const written = async () => JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;

test('without a file everything is as usual, and nothing is written', async () => {
  const settings = await open();
  expect(settings.current()).toEqual(DEFAULT_SETTINGS);
  expect(settings.problem()).toBeNull();
  expect(await readdir(folder)).toEqual([]);
});

const quietHours: Settings['quietHours'] = {
  from: '22:00',
  to: '07:00',
  days: ['mon', 'fri'],
  wholeDays: ['sun'],
};

test('a change is applied at once, told, written whole, and there at the next start', async () => {
  const settings = await open();
  const done = settings.change({ theme: 'dark', quietHours });
  expect(settings.current().theme).toBe('dark');
  expect(told).toHaveLength(1);
  expect((await done).quietHours).toEqual(quietHours);
  expect(await readdir(folder)).toEqual(['settings.json']);
  expect((await open()).current()).toEqual({
    ...DEFAULT_SETTINGS,
    theme: 'dark',
    quietHours,
  });
  expect(peekSettings(path).theme).toBe('dark');
});

test('what would be too long to be read again is refused, and nothing is lost', async () => {
  const settings = await open();
  const portals = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [
        `https://${n}.example`,
        `https://portal.example/${'é"'.repeat(400)}/{id}`,
      ]),
    );
  await settings.change({ theme: 'dark', portals: portals(100) });
  await expect(settings.change({ portals: portals(3000) })).rejects.toMatchObject({
    failure: { code: 'settingsFull' },
  });
  expect(told).toHaveLength(1);
  const again = await open();
  expect(again.problem()).toBeNull();
  expect(again.current()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', portals: portals(100) });
});

const DEEP = `{"unknown":${'['.repeat(90_000)}${']'.repeat(90_000)}}`;

test.each(['', '{', 'null', '[]', '"dark"', '\0\0\0\0', `{"theme":"dark"`, 'x'.repeat(2_000_000), DEEP])(
  'what is no settings at all is set aside, said, and survived (%#)',
  async (text) => {
    await writeFile(path, text);
    expect(peekSettings(path)).toEqual(DEFAULT_SETTINGS);
    const settings = await open();
    const setAsideAt = `${path}.damaged-2026-10-02T09-14-03-000Z`;
    expect(settings.current()).toEqual(DEFAULT_SETTINGS);
    expect(settings.problem()).toEqual({ code: 'unreadable', fields: [], setAsideAt });
    expect(await readFile(setAsideAt, 'utf8')).toBe(text);
    await settings.change({ density: 'compact' });
    expect(settings.problem()).toBeNull();
    expect((await open()).current().density).toBe('compact');
  },
);

test('a folder in its place is survived, too', async () => {
  await mkdir(path);
  const settings = await open();
  expect(settings.problem()?.code).toBe('unreadable');
  await settings.change({ density: 'compact' });
  expect((await written())['density']).toBe('compact');
});

test('single fields of garbage are as usual again and named; the others and unknown ones stay', async () => {
  const portals = {
    'https://good.example': 'https://portal.example/{id}',
    'https://bad.example': 'javascript:alert(1)//{id}',
    'https://plain.example': 'http://portal.example/{id}',
  };
  const future = { fromTheFuture: { deep: ['kept', 1] }, ['__proto__']: { theme: 'light' } };
  await writeFile(
    path,
    JSON.stringify({ ...future, theme: 'dark', textScale: 10_000, quietHours: { from: '25:00' }, portals }),
  );
  const settings = await open();
  expect(settings.current()).toEqual({
    ...DEFAULT_SETTINGS,
    theme: 'dark',
    portals: { 'https://good.example': 'https://portal.example/{id}' },
  });
  expect(settings.problem()).toEqual({
    code: 'partly',
    fields: ['textScale', 'quietHours', 'portals'],
    setAsideAt: null,
  });
  await settings.change({ density: 'compact' });
  expect(await written()).toMatchObject({
    fromTheFuture: { deep: ['kept', 1] },
    theme: 'dark',
    density: 'compact',
  });
  expect((await open()).problem()).toBeNull();
});

test('a disk that refuses: the change holds for this run, it is said, and the old file is whole', async () => {
  const settings = await open();
  await settings.change({ theme: 'dark' });
  // Root may write where nobody may: a folder in the new file's place refuses everybody.
  await mkdir(`${path}.new`);
  await chmod(folder, 0o500);
  expect((await settings.change({ theme: 'light' })).theme).toBe('light');
  expect(settings.problem()).toEqual({ code: 'not_saved', fields: [], setAsideAt: null });
  expect(told.at(-1)?.problem?.code).toBe('not_saved');
  expect((await written())['theme']).toBe('dark');
  await chmod(folder, 0o700);
  await rm(`${path}.new`, { recursive: true });
  // Also at the end, when the disk has room again.
  await settings.settled();
  expect(settings.problem()).toBeNull();
  expect((await written())['theme']).toBe('light');
  await settings.change({ density: 'compact' });
  expect(settings.problem()).toBeNull();
  expect(await written()).toMatchObject({ theme: 'light', density: 'compact' });
});

test('changes in quick succession end with the last one on the disk', async () => {
  const settings = await open();
  await Promise.all(Array.from({ length: 50 }, (_, n) => settings.change({ textScale: 80 + n })));
  expect((await written())['textScale']).toBe(129);
});

test('quiet hours of a file that names no days are on every day, as they were', async () => {
  await writeFile(path, JSON.stringify({ quietHours: { from: '22:00', to: '07:00' } }));
  const settings = await open();
  expect(settings.problem()).toBeNull();
  expect(settings.current().quietHours).toEqual({
    from: '22:00',
    to: '07:00',
    days: [...WEEKDAYS],
    wholeDays: [],
  });
});
