import { describe, expect, it } from 'vitest';
import type { ConnectionState } from '../../protocol/connection.ts';
import type { Hole, Receipt, Verdict } from '../../protocol/receipt.ts';
import { createFormats } from '../i18n/format.ts';
import type { Language } from '../../protocol/language.ts';
import { createI18n } from '../i18n/i18n.ts';
import { fakeConnection, fakeReceipt } from '../testing/fake-states.ts';
import {
  areCountsKnown,
  awayText,
  doubtOf,
  fetchText,
  hasFirstLook,
  holesOf,
  reachOf,
  type Reach,
} from './standing.ts';

const now = new Date(2026, 10, 23, 14, 3, 30).getTime();
const words = (language: Language) => ({
  t: createI18n(language).t,
  formats: createFormats(language === 'en' ? 'en-GB' : 'ru'),
});
const LANGUAGES = ['en', 'ru'] as const;
const REACHES: readonly Reach[] = ['live', 'coming', 'cut_off', 'ended'];
const VERDICTS = [
  'complete',
  'confirming',
  'no_gap_seen',
  'no_baseline',
  'holes',
  'nothing_yet',
] as const satisfies readonly Verdict[];
const receipt = (verdict: Verdict): Receipt => fakeReceipt(verdict, now);

function holeWith(over: Partial<Hole>): Hole {
  const [hole] = receipt('holes').openHoles;
  return { ...hole!, ...over };
}

describe('what the window may say of the present', () => {
  it('changes arrive in the phase that says so, and in no other', () => {
    const trouble = { code: 'unreachable', status: null, detail: '' } as const;
    const states: readonly (readonly [ConnectionState, Reach])[] = [
      [{ phase: 'live' }, 'live'],
      [{ phase: 'connecting', attempt: 1 }, 'coming'],
      [{ phase: 'catching_up', done: 1, total: 2 }, 'coming'],
      [{ phase: 'waiting', retryAt: now, attempt: 1, trouble, offline: false }, 'cut_off'],
      [{ phase: 'sign_in_needed', cause: 'expired' }, 'ended'],
      [{ phase: 'stopped', cause: 'forbidden' }, 'ended'],
      [{ phase: 'signed_out' }, 'ended'],
    ];
    for (const [state, reach] of states) {
      expect(reachOf({ ...fakeConnection('live', now)!, state })).toBe(reach);
    }
    expect(reachOf(null)).toBe('coming');
  });

  it('an empty list is without doubt only while changes arrive and nothing is known to be missing', () => {
    for (const reach of REACHES) {
      for (const verdict of VERDICTS) {
        const doubt = doubtOf(reach, receipt(verdict));
        const sure = reach === 'live' && verdict !== 'holes' && verdict !== 'no_baseline';
        expect(doubt === null, `${reach} ${verdict}`).toBe(sure);
      }
    }
  });

  it('nothing is said of the contracts before anything was had from the server', () => {
    expect(hasFirstLook(null)).toBe(false);
    for (const verdict of VERDICTS) expect(hasFirstLook(receipt(verdict))).toBe(verdict !== 'nothing_yet');
  });

  it('no number of contracts is known before the first look, nor where there can be none; any there are count', () => {
    expect(areCountsKnown(0, null)).toBe(false);
    for (const verdict of VERDICTS) {
      const known = verdict !== 'nothing_yet' && verdict !== 'no_baseline';
      expect(areCountsKnown(0, receipt(verdict)), verdict).toBe(known);
      expect(areCountsKnown(1, receipt(verdict)), verdict).toBe(true);
    }
  });
});

/** What only a running or planned repair may say, in each language. */
const RUNNING = { en: /being fetched now/, ru: /сейчас/ } as const;

describe.each(LANGUAGES)('what is done about what is missing (%s)', (language) => {
  const { t, formats } = words(language);

  it('is being fetched only while an attempt runs over a connection', () => {
    for (const reach of REACHES) {
      for (const nextAttemptAt of [null, now + 60_000]) {
        const text = fetchText(t, formats, [holeWith({ nextAttemptAt })], { reach, canFetch: true });
        expect(text).not.toBe('');
        if (reach === 'live' && nextAttemptAt === null) expect(text).toMatch(RUNNING[language]);
        else expect(text, `${reach} ${nextAttemptAt}`).not.toMatch(RUNNING[language]);
        const none = fetchText(t, formats, [holeWith({ nextAttemptAt })], { reach, canFetch: false });
        expect(none).toBe(t('fetching.none'));
      }
    }
  });

  it('names the time of the next attempt, the soonest of several', () => {
    const holes = [holeWith({ nextAttemptAt: now + 600_000 }), holeWith({ nextAttemptAt: now + 60_000 })];
    expect(fetchText(t, formats, holes, { reach: 'live', canFetch: true })).toContain(
      formats.clock(now + 60_000),
    );
  });

  it('a gap found since the last attempt waits for the next one with the others', () => {
    const holes = [holeWith({ nextAttemptAt: null }), holeWith({ nextAttemptAt: now + 60_000 })];
    const text = fetchText(t, formats, holes, { reach: 'live', canFetch: true });
    expect(text).toContain(formats.clock(now + 60_000));
    expect(text).not.toMatch(RUNNING[language]);
  });

  it('nothing, where no gap is open', () => {
    expect(fetchText(t, formats, [], { reach: 'live', canFetch: true })).toBe('');
  });

  it('says that none is missing for a proven receipt and for no other', () => {
    const proven = { en: /none missing/, ru: /ничего не пропущено/ }[language];
    for (const reach of REACHES) {
      for (const verdict of VERDICTS) {
        const { text } = awayText(t, formats, { changes: 4, missing: 0 }, receipt(verdict), reach);
        if (verdict === 'complete') expect(text).toMatch(proven);
        else expect(text, verdict).not.toMatch(proven);
      }
      for (const missing of [1, 3, null]) {
        const { text, tone } = awayText(t, formats, { changes: 4, missing }, receipt('holes'), reach);
        expect(tone).toBe('missing');
        expect(text).not.toMatch(proven);
        if (reach !== 'live') expect(text).not.toMatch(RUNNING[language]);
      }
    }
    expect(awayText(t, formats, { changes: 4, missing: 0 }, null, 'live').text).not.toMatch(proven);
  });
});

it('a contract’s gaps are its own and those of which nobody knows whose they are', () => {
  const openHoles = [
    holeWith({ contractId: 'a' }),
    holeWith({ contractId: 'b' }),
    holeWith({ contractId: null }),
  ];
  expect(holesOf({ ...receipt('holes'), openHoles }, 'a').map(({ contractId }) => contractId)).toEqual([
    'a',
    null,
  ]);
});
