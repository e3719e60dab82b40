import * as fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { hasZone, parseInstant, withZone } from './instant.ts';

afterEach(() => void vi.unstubAllEnvs());

const iso = (text: string): string | null => {
  const at = parseInstant(text);
  return at === null ? null : new Date(at).toISOString();
};

it.each([
  ['2026-10-02T09:14:03Z', '2026-10-02T09:14:03.000Z'],
  ['2026-10-02t09:14:03z', '2026-10-02T09:14:03.000Z'],
  ['2026-10-02 09:14:03Z', '2026-10-02T09:14:03.000Z'],
  ['2026-10-02T09:14:03+03:00', '2026-10-02T06:14:03.000Z'],
  ['2026-10-02t09:14:03.5-11:30', '2026-10-02T20:44:03.500Z'],
  ['2026-10-02T09:14:03+0300', '2026-10-02T06:14:03.000Z'],
  ['2026-10-02 09:14:03.5+03', '2026-10-02T06:14:03.500Z'],
  ['2024-02-29T10:00:00Z', '2024-02-29T10:00:00.000Z'],
  ['0000-02-29T10:00:00Z', '0000-02-29T10:00:00.000Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
  ['2017-01-01T02:59:60.25+03:00', '2017-01-01T00:00:00.000Z'],
  ['2026-10-02T09:14:03.1Z', '2026-10-02T09:14:03.100Z'],
  ['2026-10-02T09:14:03.123456789Z', '2026-10-02T09:14:03.123Z'],
  [`2026-10-02T09:14:03.${'9'.repeat(300)}z`, '2026-10-02T09:14:03.999Z'],
  ['2026-10-02T09:14Z', '2026-10-02T09:14:00.000Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
])('%s is %s, and names its zone', (text, expected) => {
  expect(iso(text)).toBe(expected);
  expect(hasZone(text)).toBe(true);
});

it.each([
  ['2026-10-02T09:14:03', '2026-10-02T09:14:03.000Z'],
  ['2026-10-02T09:14:03.123456', '2026-10-02T09:14:03.123Z'],
  ['2026-10-02T09:14', '2026-10-02T09:14:00.000Z'],
  ['2026-10-02', '2026-10-02T00:00:00.000Z'],
])('%s names no zone: it is UTC wherever the computer stands', (text, expected) => {
  for (const TZ of ['Europe/Moscow', 'America/New_York', 'UTC']) {
    vi.stubEnv('TZ', TZ);
    expect(iso(text)).toBe(expected);
    // As it is kept any reader of times takes it for UTC.
    expect(new Date(withZone(text)).toISOString()).toBe(expected);
  }
  expect(hasZone(text)).toBe(false);
  expect(hasZone(withZone(text))).toBe(false);
  expect(withZone(withZone(text))).toBe(withZone(text));
});

it.each(['', 'yesterday', '1', '2026', '2026-13-02T09:14:03Z', '2026-10-02T25:14:03Z', '2026-10-02T09:61Z'])(
  '%j is no time',
  (text) => expect(parseInstant(text)).toBeNull(),
);
it.each(['2026-02-30T10:00:00Z', '2026-02-29', '2100-02-29t10:00:00z', '2026-04-31T10:00Z', '2026-10-00'])(
  '%j is a day that its month does not have',
  (text) => expect(parseInstant(text)).toBeNull(),
);
it.each(['2026-10-02T09:14:03+24:00', '2026-10-02T09:14:61Z', '26-10-02', 'x2026-10-02', '2026-10-02T09Z'])(
  '%j is no time either',
  (text) => expect(parseInstant(text)).toBeNull(),
);

it('is never anything but an instant that Date can hold, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.date().map(String), fc.json()), (text) => {
      const at = parseInstant(text);
      expect(at === null || !Number.isNaN(new Date(at).getTime())).toBe(true);
    }),
  );
});
