import { describe, expect, it } from 'vitest';
import type { Language } from '../../protocol/language.ts';
import type { Gap, Receipt, Verdict } from '../../protocol/receipt.ts';
import type { Reach } from '../state/standing.ts';
import { fakeReceipt } from '../testing/fake-states.ts';
import { createFormats } from './format.ts';
import { createI18n } from './i18n.ts';
import { awayText, fetchText } from './standing-words.ts';

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
  'gaps',
  'nothing_yet',
] as const satisfies readonly Verdict[];
const receipt = (verdict: Verdict): Receipt => fakeReceipt(verdict, now);

const ABSENCE: NonNullable<Receipt['absence']> = {
  since: now - 9 * 3_600_000,
  until: now - 3_600_000,
  changes: 4,
  missing: 0,
};
const withAbsence = (told: Receipt, absence: Receipt['absence']): Receipt => ({ ...told, absence });

function gapWith(over: Partial<Gap>): Gap {
  const [gap] = receipt('gaps').openGaps;
  return { ...gap!, ...over };
}

/** What only a running or planned repair may say, in each language. */
const RUNNING = { en: /being fetched now/, ru: /сейчас/ } as const;

describe.each(LANGUAGES)('what is done about what is missing (%s)', (language) => {
  const { t, formats } = words(language);

  it('is being fetched only while an attempt runs over a connection', () => {
    for (const reach of REACHES) {
      for (const nextAttemptAt of [null, now + 60_000]) {
        const text = fetchText(t, formats, [gapWith({ nextAttemptAt })], { reach, canFetch: true }, now);
        expect(text).not.toBe('');
        if (reach === 'live' && nextAttemptAt === null) expect(text).toMatch(RUNNING[language]);
        else expect(text, `${reach} ${nextAttemptAt}`).not.toMatch(RUNNING[language]);
        const none = fetchText(t, formats, [gapWith({ nextAttemptAt })], { reach, canFetch: false }, now);
        expect(none).toBe(t('fetching.none'));
      }
    }
  });

  it('names the time of the next attempt, the soonest of several', () => {
    const gaps = [gapWith({ nextAttemptAt: now + 600_000 }), gapWith({ nextAttemptAt: now + 60_000 })];
    expect(fetchText(t, formats, gaps, { reach: 'live', canFetch: true }, now)).toContain(
      formats.clock(now + 60_000),
    );
  });

  it('a gap found since the last attempt waits for the next one with the others', () => {
    const gaps = [gapWith({ nextAttemptAt: null }), gapWith({ nextAttemptAt: now + 60_000 })];
    const text = fetchText(t, formats, gaps, { reach: 'live', canFetch: true }, now);
    expect(text).toContain(formats.clock(now + 60_000));
    expect(text).not.toMatch(RUNNING[language]);
  });

  it('names no time that has passed: what was to be asked for then is being asked for', () => {
    const gaps = [gapWith({ nextAttemptAt: now + 1_000 }), gapWith({ nextAttemptAt: null })];
    const said = (at: number): string => fetchText(t, formats, gaps, { reach: 'live', canFetch: true }, at);
    expect(said(now + 999)).toContain(formats.clock(now + 1_000));
    for (const at of [now + 1_000, now + 90_000]) expect(said(at)).toBe(t('fetching.running'));
  });

  it('nothing, where no gap is open', () => {
    expect(fetchText(t, formats, [], { reach: 'live', canFetch: true }, now)).toBe('');
  });

  it('says that none is missing for a proven receipt and for no other', () => {
    const proven = { en: /none missing/, ru: /ничего не пропущено/ }[language];
    for (const reach of REACHES) {
      for (const verdict of VERDICTS) {
        const { text } = awayText(t, formats, ABSENCE, withAbsence(receipt(verdict), ABSENCE), reach, now);
        if (verdict === 'complete') expect(text).toMatch(proven);
        else expect(text, verdict).not.toMatch(proven);
      }
      for (const missing of [1, 3, null]) {
        const absence = { ...ABSENCE, missing };
        const { text, tone } = awayText(
          t,
          formats,
          absence,
          withAbsence(receipt('gaps'), absence),
          reach,
          now,
        );
        expect(tone).toBe('missing');
        expect(text).not.toMatch(proven);
        if (reach !== 'live') expect(text).not.toMatch(RUNNING[language]);
      }
    }
    expect(awayText(t, formats, ABSENCE, null, 'live', now).text).not.toMatch(proven);
  });

  it('takes number and sentence from one receipt, however old the summary beside it is', () => {
    const said = (absence: typeof ABSENCE, told: Receipt): string =>
      awayText(t, formats, absence, told, 'live', now).text;
    const newer = { ...ABSENCE, changes: 7 };
    const whole = t('away.receipt', { count: 7, n: '7' });
    expect(said(ABSENCE, withAbsence(receipt('complete'), newer))).toBe(whole);
    expect(said({ ...ABSENCE, missing: 3 }, withAbsence(receipt('complete'), newer))).toBe(whole);
    const lost = said(ABSENCE, withAbsence(receipt('gaps'), { ...newer, missing: 2 }));
    expect(lost).toContain(t('away.missing', { count: 7, n: '7' }));
    expect(lost).toContain(t('away.missingCount', { count: 2, n: '2' }));
  });

  it('claims nothing by a receipt that speaks of another absence, or of none', () => {
    for (const verdict of VERDICTS) {
      for (const absence of [null, { ...ABSENCE, until: ABSENCE.until + 1 }]) {
        const { text, tone } = awayText(
          t,
          formats,
          ABSENCE,
          withAbsence(receipt(verdict), absence),
          'live',
          now,
        );
        expect({ text, tone }).toEqual({ text: t('away.changes', { count: 4, n: '4' }), tone: 'open' });
      }
    }
  });
});
