import { expect, test } from 'vitest';
import { fakeDetail, fakeRow } from '../../testing/fake-data.ts';
import { act, show, text } from '../../testing/show.tsx';
import { StatusTrack } from './status-track.tsx';

const HOUR = 3_600_000;

test.each([
  ['has been', -HOUR, 0, true],
  ['is to come', HOUR, 0, false],
  ['has been by the clock of the server, which is right', HOUR, 2 * HOUR, true],
  ['is to come, whatever a server says that is years ahead', 73 * 8760 * HOUR, 74 * 8760 * HOUR, false],
])('since when it stands there: a time that %s', async (_, ms, clockSkewMs, isNamed) => {
  const detail = fakeDetail(fakeRow(0, Date.now()), Date.now(), false);
  const since = new Date(Date.now() + ms).toISOString();
  const { stores } = await show(<StatusTrack detail={{ ...detail, since }} />, 'count=3');
  act(() => {
    const { status } = stores.connection.getState();
    stores.connection.applyStatus(status && { ...status, clockSkewMs });
  });
  expect(text()).not.toBe('');
  expect(/since .*\d\d:\d\d/.test(text())).toBe(isNamed);
});
