import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTimeZoneStore } from './time-zone-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('follows when the window has been told, at once or a little later, and asks no more then', () => {
  let zone = 'Europe/Berlin';
  const read = vi.fn(() => zone);
  const store = createTimeZoneStore(read);
  const seen: string[] = [];
  store.subscribe(({ timeZone }) => seen.push(timeZone));

  zone = 'Asia/Tokyo';
  store.follow('Asia/Tokyo');
  expect(seen).toEqual(['Asia/Tokyo']);

  store.follow('America/New_York');
  vi.advanceTimersByTime(700);
  expect(seen).toEqual(['Asia/Tokyo']);
  zone = 'America/New_York';
  vi.advanceTimersByTime(600);
  expect(seen).toEqual(['Asia/Tokyo', 'America/New_York']);
  const asked = read.mock.calls.length;
  vi.advanceTimersByTime(60_000);
  expect(read).toHaveBeenCalledTimes(asked);
});

it('ends asking for a zone that the window never comes into', () => {
  const read = vi.fn(() => 'UTC');
  createTimeZoneStore(read).follow('Nowhere');
  vi.advanceTimersByTime(3_600_000);
  expect(read.mock.calls.length).toBeLessThan(30);
});
