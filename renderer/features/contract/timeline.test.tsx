import { expect, onTestFinished, test, vi } from 'vitest';
import { fakeDetail, fakeRow } from '../../testing/fake-data.ts';
import { screen, show, text } from '../../testing/show.tsx';
import { Timeline } from './timeline.tsx';

const detail = fakeDetail(fakeRow(1, Date.now()), Date.now(), false);

test('each change says what happened, and when exactly', async () => {
  await show(<Timeline detail={detail} />, 'count=3');
  const entries = screen.getByTestId('timeline').querySelectorAll('li.entry');
  expect(entries).toHaveLength(detail.timeline.length);
  for (const [at, entry] of detail.timeline.entries()) {
    expect(entries[at]?.querySelector('time')?.getAttribute('datetime')).toBe(entry.time);
    if (entry.reasonText) expect(entries[at]?.textContent).toContain(entry.reasonText);
  }
});

test.each([
  ['just now', 0, true],
  ['half an hour ago', -0.5, true],
  ['two hours ago', -2, false],
  ['this morning', -11, false],
  ['yesterday', -20, true],
  ['the day before yesterday', -44, false],
  ['in an hour', 1, false],
])('each change names its time once: %s', async (_, hours, isMore) => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 10, 23, 12) });
  onTestFinished(() => void vi.useRealTimers());
  const [newest] = detail.timeline;
  const time = new Date(Date.now() + hours * 3_600_000).toISOString();
  await show(<Timeline detail={{ ...detail, timeline: [{ ...newest!, time }] }} />, 'count=3');
  const times = [...document.querySelectorAll('.entry-facts time')].map(
    ({ textContent }) => textContent ?? '',
  );
  expect(times).toHaveLength(isMore ? 2 : 1);
  expect(times.filter((each) => /\d\d:\d\d/.test(each))).toHaveLength(1);
});

test('a jump of versions is shown where it is', async () => {
  const [newest, ...older] = detail.timeline;
  if (newest === undefined) throw new Error('the fake contract has no changes');
  const jumped = { ...newest, version: newest.version + 3 };
  await show(<Timeline detail={{ ...detail, hasGap: true, timeline: [jumped, ...older] }} />, 'count=3');
  const items = [...screen.getByTestId('timeline').children].map(({ className }) => className);
  expect(items[1]).toBe('entry-gap');
  expect(screen.getByRole('note').textContent?.length).toBeGreaterThan(10);
});

test('one change is marked by itself', async () => {
  const { user, asked } = await show(<Timeline detail={detail} />, 'count=3');
  const [first] = detail.timeline;
  const mark = screen.getByTestId('timeline').querySelector<HTMLElement>('.read-mark');
  if (mark === null || first === undefined) throw new Error(text());
  await user.click(mark);
  expect(asked.find(({ channel }) => channel === 'contract:markEventRead')?.argument).toEqual({
    contractId: detail.row.contractId,
    eventId: first.eventId,
    read: first.unread,
  });
});
