import { expect, test, vi } from 'vitest';
import { describeTray } from './tray-menu.ts';
import { chooseWords } from './words.ts';

const say = (locale: string, count: number) =>
  describeTray(chooseWords(locale), count, { open: () => {}, quit: () => {} });
const labels = (locale: string, count: number) =>
  say(locale, count).menu.flatMap(({ label }) => (label === undefined ? [] : [label]));

test('the tray says in the language of the person how many contracts need them', () => {
  expect(say('en', 13).tooltip).toBe('Contract Pulse · Action required: 13');
  expect(labels('en', 13)).toEqual(['Open Contract Pulse', 'Action required: 13', 'Quit Contract Pulse']);
  expect(say('ru-RU', 13).tooltip).toBe('Contract Pulse · Ждут вас: 13');
  expect(labels('ru', 13)).toEqual(['Открыть Contract Pulse', 'Ждут вас: 13', 'Завершить Contract Pulse']);
});

test('and that nothing does, rather than a nought', () => {
  expect(labels('en', 0)).toContain('Nothing needs you');
  expect(labels('ru', 0)).toContain('Ваших действий не требуется');
  expect(say('ru', 0).tooltip).toBe('Contract Pulse · Ваших действий не требуется');
});

test('it opens the window and quits; what it only says cannot be pressed', () => {
  const deeds = { open: vi.fn(), quit: vi.fn() };
  const { menu } = describeTray(chooseWords('en'), 1, deeds);
  for (const { click } of menu) (click as (() => void) | undefined)?.();
  expect(deeds.open).toHaveBeenCalledTimes(1);
  expect(deeds.quit).toHaveBeenCalledTimes(1);
  expect(menu.find(({ label }) => label === 'Action required: 1')).toMatchObject({ enabled: false });
});
