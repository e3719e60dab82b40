import { languageOf, type Language } from '../../protocol/language.ts';
import { STATUS_LABELS } from '../../protocol/status-labels.ts';
import { isStatusCode } from '../../protocol/statuses.ts';
import type { StatusCode } from '../../protocol/statuses.ts';

/** The few words that are shown outside the window. Everything else is in the window's i18n. */
export interface NotifyWords {
  status(code: string): string;
  /** Body of a toast: what happened, and with whom. */
  change(from: string | null, to: string, counterparty: string | null): string;
  /** Body of a toast for a contract whose snooze has ended. */
  back(status: string, counterparty: string | null): string;
  /** Title and body of the summary toast. */
  digest(contracts: number): { readonly title: string; readonly body: string };
  /** Body of a reminder: when it is or was due (epoch ms, local time), and with whom. */
  due(at: number, now: number, counterparty: string | null): string;
  /** Title and body of a toast for several. */
  dueDigest(contracts: number): { readonly title: string; readonly body: string };
  /** Of one that only shows that there are any. */
  readonly test: { readonly title: string; readonly body: string };
  /** The same where nothing needs the user. */
  readonly changed: { readonly title: string; readonly body: string };
}

interface Written {
  readonly tag: string;
  readonly statuses: Readonly<Record<StatusCode, string>>;
  /** By CLDR plural category; `other` is always there. */
  readonly need: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };
  /** `{day}`: today, in 3 days, yesterday; `{at}`: the time of day or the date. */
  readonly due: string;
  readonly wasDue: string;
  readonly near: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };
  readonly list: string;
  readonly test: { readonly title: string; readonly body: string };
  readonly changed: string;
  readonly back: string;
  readonly body: string;
}

const languages: Readonly<Record<Language, Written>> = {
  en: {
    tag: 'en',
    statuses: STATUS_LABELS.en,
    need: { one: '{n} contract needs you', other: '{n} contracts need you' },
    due: 'Due {day}, {at}',
    wasDue: 'Was due {day}, {at}',
    near: { one: '{n} contract is near its due date', other: '{n} contracts are near their due dates' },
    list: 'Click to open the list.',
    test: { title: 'Notifications work', body: 'This is a test notification from Contract Pulse.' },
    changed: 'Contracts have changed',
    back: 'Its snooze is over',
    body: 'Click to see what has changed.',
  },
  ru: {
    tag: 'ru',
    statuses: STATUS_LABELS.ru,
    need: {
      one: '{n} договор ждёт вас',
      few: '{n} договора ждут вас',
      many: '{n} договоров ждут вас',
      other: '{n} договора ждут вас',
    },
    due: 'Срок {day}, {at}',
    wasDue: 'Срок был {day}, {at}',
    near: {
      one: 'Подходит срок: {n} договор',
      few: 'Подходит срок: {n} договора',
      many: 'Подходит срок: {n} договоров',
      other: 'Подходит срок: {n} договора',
    },
    list: 'Нажмите, чтобы открыть список.',
    test: { title: 'Уведомления работают', body: 'Это пробное уведомление от Contract Pulse.' },
    changed: 'Договоры изменились',
    back: 'Отложенный договор вернулся',
    body: 'Нажмите, чтобы посмотреть, что изменилось.',
  },
};

/** `locale`: BCP 47; anything but Russian is told in English. */
export function notifyWords(locale: string): NotifyWords {
  const language = languages[languageOf(locale)];
  const plural = new Intl.PluralRules(language.tag);
  const number = new Intl.NumberFormat(language.tag);
  const counted = (forms: Written['need'], n: number): string =>
    (forms[plural.select(n)] ?? forms.other).replace('{n}', number.format(n));
  const status = (code: string): string => (isStatusCode(code) ? language.statuses[code] : code);
  return {
    status,
    change(from, to, counterparty) {
      const step = from === null ? status(to) : `${status(from)} → ${status(to)}`;
      return counterparty === null ? step : `${step} · ${counterparty}`;
    },
    back(code, counterparty) {
      return [language.back, status(code), ...(counterparty === null ? [] : [counterparty])].join(' · ');
    },
    test: language.test,
    changed: { title: language.changed, body: language.body },
    due(at, now, counterparty) {
      const days = daysBetween(now, at);
      const how: Intl.DateTimeFormatOptions =
        Math.abs(days) <= 1
          ? { hour: 'numeric', minute: '2-digit' }
          : { weekday: 'short', day: 'numeric', month: 'short' };
      const line = (at <= now ? language.wasDue : language.due)
        .replace('{day}', new Intl.RelativeTimeFormat(language.tag, { numeric: 'auto' }).format(days, 'day'))
        .replace('{at}', new Intl.DateTimeFormat(language.tag, how).format(at));
      return counterparty === null ? line : `${line} · ${counterparty}`;
    },
    dueDigest: (contracts) => ({ title: counted(language.near, contracts), body: language.list }),
    digest: (contracts) => ({ title: counted(language.need, contracts), body: language.body }),
  };
}

/** From the day of one instant to that of another, local time. */
function daysBetween(from: number, to: number): number {
  const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
  // Days of 23 and 25 hours are days.
  return Math.round((midnight(to) - midnight(from)) / 86_400_000);
}
