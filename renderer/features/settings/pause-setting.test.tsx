import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../protocol/settings.ts';
import { screen, show, text } from '../../testing/show.tsx';
import { PauseSetting } from './pause-setting.tsx';

const HOUR = 3_600_000;

test.each([
  ['one that goes on', HOUR, true],
  ['one that is over', -2_000, false],
  ['one of a clock that was set since', 1_000 * HOUR, false],
])('a pause of notifications is said to be one as long as it is: %s', async (_, leftMs, isPaused) => {
  await show(<PauseSetting settings={{ ...DEFAULT_SETTINGS, pausedUntil: Date.now() + leftMs }} />);
  expect(screen.queryByRole('button', { name: 'Resume' }) !== null).toBe(isPaused);
  expect(screen.queryByRole('button', { name: 'For an hour' }) === null).toBe(isPaused);
  expect(text().includes('Paused until')).toBe(isPaused);
});
