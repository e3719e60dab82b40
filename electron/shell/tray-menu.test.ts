import { expect, test, vi } from 'vitest';
import { createTrayReach, describeTray, type TrayReach } from './tray-menu.ts';
import { chooseWords } from './words.ts';

const NOON = new Date(2026, 11, 1, 12).getTime();
const PAUSES = {
  en: ['Pause notifications for an hour', 'Pause notifications until tomorrow, 8:00 AM'],
  ru: ['Без уведомлений на час', 'Без уведомлений до завтра, 8:00'],
};
const say = (
  locale: string,
  count: number,
  reach: TrayReach = 'connected',
  pausedUntil: number | null = null,
  untold = 0,
) =>
  describeTray(chooseWords(locale), { count, untold }, reach, pausedUntil, NOON, {
    open: () => {},
    quit: () => {},
    pause: () => {},
  });
const labels = (locale: string, count: number, reach?: TrayReach) =>
  say(locale, count, reach).menu.flatMap(({ label }) =>
    label === undefined ? [] : [label.replaceAll('\u202f', ' ')],
  );

test('the tray says in the language of the person how many contracts need them', () => {
  expect(say('en', 13).tooltip).toBe('Contract Pulse · Needs you: 13');
  expect(labels('en', 13)).toEqual([
    'Open Contract Pulse',
    'Needs you: 13',
    ...PAUSES.en,
    'Quit Contract Pulse',
  ]);
  expect(say('ru-RU', 13).tooltip).toBe('Contract Pulse · Ждут вас: 13');
  expect(labels('ru', 13)).toEqual([
    'Открыть Contract Pulse',
    'Ждут вас: 13',
    ...PAUSES.ru,
    'Завершить Contract Pulse',
  ]);
});

test('and that nothing does, rather than a nought', () => {
  expect(labels('en', 0)).toContain('Nothing needs you');
  expect(labels('ru', 0)).toContain('Ничего не ждёт вас');
  expect(say('ru', 0).tooltip).toBe('Contract Pulse · Ничего не ждёт вас');
});

test('where all that needs them is muted, it says so, and not that nothing does', () => {
  const tooltip = (locale: string, count: number, reach: TrayReach = 'connected') =>
    say(locale, count, reach, null, 3).tooltip;
  expect(tooltip('en', 0)).toBe('Contract Pulse · Needs you, all muted: 3');
  expect(tooltip('ru', 0)).toBe('Contract Pulse · Ждут вас, все без уведомлений: 3');
  expect(tooltip('en', 2)).toBe('Contract Pulse · Needs you: 2');
  expect(tooltip('en', 0, 'cut_off')).toBe('Contract Pulse · Not connected: may be out of date');
});

test('without a connection it does not say that nothing needs them, and says that a number may be old', () => {
  expect(labels('en', 0, 'cut_off')).toEqual([
    'Open Contract Pulse',
    'Not connected: may be out of date',
    ...PAUSES.en,
    'Quit Contract Pulse',
  ]);
  expect(say('ru', 13, 'cut_off').tooltip).toBe(
    'Contract Pulse · Ждут вас: 13 · Нет связи: данные могли устареть',
  );
  expect(say('en', 0, 'receiving').tooltip).toBe('Contract Pulse · Changes are still coming in');
  for (const count of [0, 13])
    expect(say('en', count, 'signed_out').tooltip).toBe('Contract Pulse · Nobody is signed in');
});

test('it follows what the core tells of session and connection', () => {
  const seen: TrayReach[] = [];
  const { note } = createTrayReach((reach) => seen.push(reach));
  const connection = {
    transport: 'sse',
    server: '',
    lastEventAt: null,
    lastHeardAt: null,
    clockSkewMs: null,
    replay: 'unknown' as const,
  } as const;
  note('session:changed', { state: 'restoring' });
  note('connection:changed', { ...connection, state: { phase: 'catching_up', done: 1, total: null } });
  note('connection:changed', { ...connection, state: { phase: 'live' } });
  note('connection:changed', { ...connection, state: { phase: 'stopped', cause: 'forbidden' } });
  note('session:changed', { state: 'signed_out', server: '', username: '', ended: 'by_user' });
  expect(seen).toEqual(['cut_off', 'receiving', 'connected', 'cut_off', 'signed_out']);
});

test('it opens the window and quits; what it only says cannot be pressed', () => {
  const contractActions = { open: vi.fn(), quit: vi.fn(), pause: vi.fn() };
  const { menu } = describeTray(
    chooseWords('en'),
    { count: 1, untold: 0 },
    'connected',
    null,
    NOON,
    contractActions,
  );
  for (const { click } of menu) (click as (() => void) | undefined)?.();
  expect(contractActions.open).toHaveBeenCalledTimes(1);
  expect(contractActions.quit).toHaveBeenCalledTimes(1);
  expect(menu.find(({ label }) => label === 'Needs you: 1')).toMatchObject({ enabled: false });
});

test('a pause is said with its end, and can be ended', () => {
  const pause = vi.fn();
  const until = (hours: number) => NOON + hours * 3_600_000;
  const paused = (locale: string, hours: number) =>
    describeTray(chooseWords(locale), { count: 0, untold: 0 }, 'connected', until(hours), NOON, {
      open() {},
      quit() {},
      pause,
    });
  expect(paused('en', 1).tooltip.replaceAll('\u202f', ' ')).toBe(
    'Contract Pulse · Nothing needs you · Notifications are paused until 1:00 PM',
  );
  expect(paused('ru', 20).tooltip).toContain('Уведомления приостановлены до ср 08:00');
  const resume = paused('en', 1).menu.find(({ label }) => label === 'Resume notifications');
  (resume!.click as () => void)();
  expect(pause).toHaveBeenCalledWith(null);
  // One that is over is not said.
  expect(paused('en', -1).tooltip).toBe('Contract Pulse · Nothing needs you');
});
