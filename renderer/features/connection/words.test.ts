import { describe, expect, it } from 'vitest';
import type { ConnectionStatus, FailureCode } from '../../../protocol/connection.ts';
import type { Gap, GapKind, Receipt, Verdict } from '../../../protocol/receipt.ts';
import { createFormats } from '../../i18n/format.ts';
import type { Language } from '../../../protocol/language.ts';
import { createI18n } from '../../i18n/i18n.ts';
import { fakeConnection, fakeReceipt } from '../../testing/fake-states.ts';
import { connectionShort, connectionText, lastChangeText } from './connection-words.ts';
import { isConnected } from '../../state/standing.ts';
import {
  absenceText,
  aheadText,
  healedText,
  gapText,
  receiptHeadline,
  receiptShort,
  repairText,
  restartText,
  todayText,
} from './receipt-words.ts';

const now = new Date(2026, 10, 23, 14, 3, 30).getTime();
const words = (language: Language) => ({
  t: createI18n(language).t,
  formats: createFormats(language === 'en' ? 'en-GB' : 'ru'),
});
const VERDICTS: readonly Verdict[] = [
  'complete',
  'confirming',
  'no_gap_seen',
  'no_baseline',
  'no_list',
  'gaps',
  'nothing_yet',
];
/** What only a proven receipt may say, in each language. */
const COMPLETE = {
  en: /complete|none missing|nothing missed/i,
  ru: /вс[её] получено|ничего не пропущено|полност/i,
} as const;

function receipt(verdict: Verdict): Receipt {
  return fakeReceipt(verdict, now);
}

function everything(language: Language, it: Receipt): string {
  const { t, formats } = words(language);
  return [
    receiptHeadline(t, formats, it, now, true),
    receiptShort(t, formats, it, now),
    todayText(t, formats, it, now),
    absenceText(t, formats, it, now),
    healedText(t, formats, it, now),
    restartText(t, formats, it, now),
    ...it.openGaps.flatMap((gap) => [
      gapText(t, formats, gap),
      repairText(t, formats, gap, { connected: true, canFetch: it.canFetch }, now),
    ]),
  ].join(' ');
}

describe('the receipt', () => {
  it.each(['en', 'ru'] as const)('says complete for a proven verdict and for no other (%s)', (language) => {
    for (const verdict of VERDICTS) {
      // Even when numbers that belong to a proven receipt are left standing beside another verdict.
      const absence = { since: now - 86_400_000, until: now, changes: 14, missing: 0 };
      const it = { ...receipt(verdict), upToTime: now, upToSequence: 18_231, missing: 0, absence };
      if (verdict === 'complete') expect(everything(language, it)).toMatch(COMPLETE[language]);
      else expect(everything(language, it), verdict).not.toMatch(COMPLETE[language]);
    }
  });

  it('names time and event, as far as they are known', () => {
    const { t, formats } = words('en');
    const upToTime = new Date(2026, 10, 23, 14, 3, 27).getTime();
    const full = { ...receipt('complete'), upToTime };
    expect(receiptHeadline(t, formats, full, now, true)).toBe('Complete up to 14:03:27, event 18,231.');
    expect(receiptHeadline(t, formats, { ...full, upToSequence: null }, now, true)).toBe(
      'Complete up to 14:03:27.',
    );
    expect(receiptHeadline(t, formats, { ...full, upToTime: null }, now, true)).toBe(
      'Complete up to event 18,231.',
    );
    const ahead = (at: number | null) => aheadText(t, formats, { ...full, ahead: { at, changes: 3 } }, now);
    expect(ahead(upToTime)).toBe('Newest states as of 14:03:27; 3 changes still coming.');
    expect(ahead(null)).toBe('Newest states shown; 3 changes still coming.');
    const nothing = { ...full, upToTime: null, upToSequence: null };
    expect(receiptHeadline(t, formats, nothing, now, true)).toBe(
      'Complete: the server has nothing more for you.',
    );
    expect(receiptShort(t, formats, full, now)).toBe('Complete up to 14:03:27');
  });

  it('tells today, the last healed gap and an absence', () => {
    const { t, formats } = words('en');
    const absence = { since: new Date(2026, 10, 20, 18, 2).getTime(), until: now, changes: 14, missing: 0 };
    const it = { ...receipt('complete'), absence };
    expect(absenceText(t, formats, it, now)).toBe('Friday 18:02 to today 14:03: 14 changes, none missing.');
    expect(healedText(t, formats, it, now)).toMatch(/^Last gap 12:33, healed 12:40\.$/);
    const lossy = { ...it, absence: { ...absence, missing: 2 } };
    expect(absenceText(t, formats, lossy, now)).toBe(
      'Friday 18:02 to today 14:03: 14 changes, 2 known missing.',
    );
    const unsure = { ...it, absence: { ...absence, missing: null } };
    expect(absenceText(t, formats, unsure, now)).toBe(
      'Friday 18:02 to today 14:03: 14 changes, how many are missing is not known.',
    );
    expect(absenceText(words('ru').t, words('ru').formats, it, now)).toBe(
      'Пт 18:02 — сегодня 14:03: 14 изменений, ничего не пропущено.',
    );
  });

  it.each([
    [
      'en',
      '147 changes received today; none missing up to 07:47:03.',
      'No changes received today up to 07:47:03.',
    ],
    [
      'ru',
      'Сегодня получено 147 изменений; по 07:47:03 ничего не пропущено.',
      'Сегодня на 07:47:03 изменений не поступало.',
    ],
  ] as const)('speaks of today only up to what is known of it (%s)', (language, some, none) => {
    const { t, formats } = words(language);
    const upToTime = new Date(2026, 10, 23, 7, 47, 3).getTime();
    const it = { ...receipt('complete'), upToTime };
    const said = (changed: Partial<Receipt>): string | null =>
      todayText(t, formats, { ...it, ...changed }, now);
    expect(said({})).toBe(some);
    expect(said({ changesToday: 0 })).toBe(none);
    // Nothing is known of a day before which the knowledge ends.
    const yesterday = upToTime - 86_400_000;
    expect(said({ changesToday: 0, upToTime: yesterday })).toBeNull();
    for (const unknown of [{ upToTime: yesterday }, { upToTime: null }, { verdict: 'no_gap_seen' as const }])
      expect(said(unknown)).toBe(`${some.split(';')[0]}.`);
  });

  it.each([
    ['en', /^Since 12:40 the server has been counting its changes anew\. Everything received before is kept/],
    ['ru', /^С 12:40 сервер считает изменения заново\. Всё полученное раньше сохранено/],
  ] as const)('says since when the server counts anew, and only then (%s)', (language, text) => {
    const { t, formats } = words(language);
    const restartedAt = new Date(2026, 10, 23, 12, 40).getTime();
    const it = { ...receipt('no_gap_seen'), restartedAt };
    expect(restartText(t, formats, it, now)).toMatch(text);
    expect(restartText(t, formats, { ...it, restartedAt: null }, now)).toBeNull();
    expect(everything(language, it)).not.toMatch(COMPLETE[language]);
  });

  it('what is asked for later only is not being fetched', () => {
    const { t, formats } = words('en');
    const it = receipt('gaps');
    const [gap] = it.openGaps as [Gap];
    const said = (...attempts: readonly (number | null)[]): string => {
      const openGaps = attempts.map((nextAttemptAt) => ({ ...gap, nextAttemptAt }));
      return receiptHeadline(t, formats, { ...it, openGaps }, now, true);
    };
    expect(said(now + 5000)).toContain('The server will be asked for it again.');
    expect(said(now + 5000, null)).toContain('What is missing is being fetched.');
    expect(said(now)).toContain('What is missing is being fetched.');
  });

  it('lists every kind of open gap with what is being done', () => {
    const { t, formats } = words('en');
    const kinds: readonly GapKind[] = ['sequence', 'version', 'stale', 'epoch', 'quarantine', 'restart'];
    const [gap] = receipt('gaps').openGaps as [Gap];
    for (const kind of kinds) {
      for (const contractId of [null, 'C-7']) {
        expect(gapText(t, formats, { ...gap, kind, contractId })).not.toContain('{{');
      }
    }
    const online = { connected: true, canFetch: true };
    expect(gapText(t, formats, gap)).toBe('3 changes did not arrive (events 18,112–18,114).');
    expect(gapText(t, formats, { ...gap, toSequence: 18_112 })).toBe(
      '1 change did not arrive (event 18,112).',
    );
    expect(gapText(t, formats, { ...gap, fromSequence: null })).toBe(
      'The server has told of a change that is not here.',
    );
    expect(repairText(t, formats, gap, online, now)).toContain('The server will be asked again at 14:03:55.');
    for (const nextAttemptAt of [null, now - 1]) {
      expect(repairText(t, formats, { ...gap, nextAttemptAt }, online, now)).toContain('Being fetched');
    }
    for (const contractId of ['.', '..'])
      expect(
        repairText(t, formats, { ...gap, kind: 'version', contractId, nextAttemptAt: null }, online, now),
      ).not.toMatch(/fetched|again/);
    expect(repairText(t, formats, gap, { ...online, connected: false }, now)).toContain(
      'Waiting for the connection',
    );
  });
});

describe('where nothing was for this user', () => {
  it.each(['en', 'ru'] as const)('the names seen are told in place of any word on gaps (%s)', (language) => {
    const names = ['u7_ContractStatusChanged', '', '\u202egnihton', 'x'.repeat(500)];
    for (const verdict of ['no_gap_seen', 'nothing_yet', 'confirming', 'no_baseline', 'no_list'] as const) {
      const it = { ...receipt(verdict), lastHealed: null, notForUser: { count: 51, names } };
      const said = everything(language, it);
      expect(said).toContain('u7_ContractStatusChanged');
      expect(said).toContain('51');
      expect(said).not.toMatch(/gap|пропуск|complete|xxx|undefined/i);
    }
  });

  it.each(['en', 'ru'] as const)('a gap is told all the same, and before them (%s)', (language) => {
    const { t, formats } = words(language);
    const gaps = receipt('gaps');
    const unreadable = gaps.openGaps.filter(({ kind }) => kind === 'quarantine');
    for (const it of [gaps, { ...gaps, openGaps: unreadable }]) {
      const withStrangers = { ...it, notForUser: { count: 1, names: ['u7_ContractStatusChanged'] } };
      const headline = receiptHeadline(t, formats, withStrangers, now, true);
      expect(headline.startsWith(receiptHeadline(t, formats, it, now, true))).toBe(true);
      expect(headline).toContain('u7_ContractStatusChanged');
      expect(receiptShort(t, formats, withStrangers, now)).toBe(receiptShort(t, formats, it, now));
    }
  });
});

describe('a fetch is told of only where it is under way or planned, and can help', () => {
  const said = (it: Receipt, connected = true): string => {
    const { t, formats } = words('en');
    return [
      receiptHeadline(t, formats, it, now, connected),
      receiptShort(t, formats, it, now),
      ...it.openGaps.map(
        (gap) =>
          `${gapText(t, formats, gap)} ${repairText(t, formats, gap, { connected, canFetch: it.canFetch }, now)}`,
      ),
    ].join(' ');
  };
  const it0 = receipt('gaps');
  const [gap] = it0.openGaps as [Gap];
  const unreadable = { ...gap, kind: 'quarantine' as const, nextAttemptAt: null };

  it('not of what cannot be read', () => {
    const it = { ...it0, missing: 3, openGaps: [unreadable] };
    expect(said(it)).not.toMatch(/fetch/i);
    expect(said(it)).toContain('3 changes could not be read. They are kept aside.');
    expect(said({ ...it, openGaps: [{ ...unreadable, nextAttemptAt: now + 28_000 }] })).toContain(
      'The server will be asked for a readable copy at',
    );
  });

  it('not from a server that offers no way to', () => {
    const it = { ...it0, canFetch: false };
    for (const connected of [true, false]) {
      expect(said(it, connected)).toContain('This server offers no way to fetch what is missing.');
      expect(said(it, connected)).toContain('This server offers no way to fetch it.');
      expect(said(it, connected)).not.toMatch(/being fetched|will be fetched|Waiting/i);
    }
  });

  it('not while there is no connection', () => {
    const asked = { ...gap, nextAttemptAt: null };
    expect(said({ ...it0, openGaps: [asked] }, true)).toContain('What is missing is being fetched.');
    expect(said(it0, false)).not.toContain('is being fetched');
    expect(said(it0, false)).toContain('will be fetched once there is a connection');
    expect(said({ ...it0, openGaps: [unreadable, asked] })).toContain('What is missing is being fetched.');
  });
});

describe('the connection', () => {
  const { t, formats } = words('en');
  const status = (name: string): ConnectionStatus => fakeConnection(name, now);

  it('is told in a few words for every phase', () => {
    const short = (name: string): string => {
      const { what, more } = connectionShort(t, formats, status(name), now);
      return more === null ? what : `${what} · ${more}`;
    };
    expect(short('live')).toBe('Live');
    expect(short('long_poll')).toBe('Live · slower connection');
    expect(short('connected')).toBe('Connected · newest change 14:02');
    expect(short('late')).toBe('Late by 9\u00a0secs');
    expect(short('connecting')).toBe('Connecting…');
    expect(short('catching')).toBe('Catching up: 12,400 of 38,000');
    expect(short('catching_unknown')).toBe('Catching up: 12,400 so far');
    expect(short('waiting')).toBe('No connection · Trying again in 9 s');
    expect(short('offline')).toBe('Offline');
    expect(short('sign_in')).toBe('Sign-in needed');
    expect(short('stopped')).toBe('Stopped by the server');
  });

  it('lets a gap be fetched as soon as the server answers, not only when all has arrived', () => {
    for (const name of ['live', 'connected', 'late', 'catching', 'catching_unknown'])
      expect(isConnected(status(name)), name).toBe(true);
    for (const name of ['connecting', 'waiting', 'offline', 'sign_in', 'stopped'])
      expect(isConnected(status(name)), name).toBe(false);
  });

  it('says what happened, what is safe, and what comes next for every failure, in both languages', () => {
    const codes: Record<FailureCode, true> = {
      unreachable: true,
      timeout: true,
      silent: true,
      closed: true,
      http: true,
      throttled: true,
      content_type: true,
      certificate: true,
      client_certificate: true,
      redirect: true,
      misdirected: true,
      overloaded: true,
    };
    for (const code of Object.keys(codes) as FailureCode[]) {
      const failure = { code, status: 503, detail: '' };
      const state = { phase: 'waiting', retryAt: now + 8000, attempt: 1, failure, offline: false } as const;
      const english = connectionText(t, formats, { ...status('live'), state }, now);
      expect(english).toMatch(
        /^No connection to contracts\.example\.com: .+\. Trying again in 8 s\. Nothing is lost/,
      );
      const russian = connectionText(words('ru').t, words('ru').formats, { ...status('live'), state }, now);
      expect(russian).toMatch(
        /^Нет связи с contracts\.example\.com: .+\. Повтор через 8 с\. Ничего не потеряно/,
      );
      if (code === 'http') expect(english).toContain('503');
    }
  });

  it.each(['en', 'ru'] as const)('names no time that has passed as one to come (%s)', (language) => {
    const { t: say, formats: its } = words(language);
    const failure = { code: 'unreachable', status: null, detail: '' } as const;
    const state = { phase: 'waiting', retryAt: now, attempt: 1, failure, offline: false } as const;
    for (const at of [now, now + 90_000]) {
      const text = connectionText(say, its, { ...status('live'), state }, at);
      expect(text).toMatch(/Trying again…|Пробуем снова…/);
      expect(text).not.toMatch(/\d/);
      for (const kind of ['sequence', 'quarantine'] as const) {
        const [gap] = receipt('gaps').openGaps;
        const due = { ...gap!, kind, nextAttemptAt: now };
        const doing = repairText(say, its, due, { connected: true, canFetch: true }, at);
        expect(doing, kind).not.toContain(its.clockSeconds(now));
      }
    }
  });

  it.each(['connecting', 'waiting', 'offline'])('promises for %s only what the server has shown', (name) => {
    const promise = /the server keeps|сервер хранит/;
    const text = (replay: ConnectionStatus['replay'], language: 'en' | 'ru'): string => {
      const { t: say, formats: its } = words(language);
      return connectionText(say, its, { ...status(name), replay }, now);
    };
    for (const language of ['en', 'ru'] as const) {
      expect(text('proven', language)).toMatch(promise);
      expect(text('unknown', language)).not.toMatch(promise);
      expect(text('none', language)).not.toMatch(promise);
      expect(text('unknown', language)).toMatch(/What was received is kept\.$|Полученное сохранено\.$/);
      expect(text('none', language)).toMatch(/does not send again|потом не пришлёт/);
    }
  });

  it('tells when the last change came, and of none since when there was none', () => {
    const last = (verdict: Verdict, at: number | null): string =>
      lastChangeText(t, formats, at, receipt(verdict), now);
    expect(last('complete', new Date(2026, 10, 23, 14, 2, 9).getTime())).toBe('14:02:09');
    expect(last('complete', null)).toBe('none since the first look');
    for (const verdict of ['nothing_yet', 'no_baseline', 'no_list'] as const)
      expect(last(verdict, null)).toBe('none yet');
    expect(lastChangeText(t, formats, null, null, now)).toBe('none yet');
  });

  it('says that changes appear as they happen only where that is proven', () => {
    const text = (name: string): string => connectionText(t, formats, status(name), now);
    expect(text('live')).toMatch(/Changes appear as they happen/);
    for (const name of ['connected', 'late', 'long_poll', 'catching', 'connecting', 'waiting'])
      expect(text(name)).not.toMatch(/as they happen/);
    expect(text('late')).toContain('9\u00a0secs or more');
    expect(text('connected')).toContain('not known whether more changes are on their way');
  });
});
