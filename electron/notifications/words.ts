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
  /** The same where nothing needs the user. */
  readonly changed: { readonly title: string; readonly body: string };
}

interface Written {
  readonly tag: string;
  readonly statuses: Readonly<Record<StatusCode, string>>;
  /** By CLDR plural category; `other` is always there. */
  readonly need: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };
  readonly changed: string;
  readonly back: string;
  readonly body: string;
}

const languages: Readonly<Record<Language, Written>> = {
  en: {
    tag: 'en',
    statuses: STATUS_LABELS.en,
    need: { one: '{n} contract needs you', other: '{n} contracts need you' },
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
    changed: { title: language.changed, body: language.body },
    digest(contracts) {
      const form = language.need[plural.select(contracts)] ?? language.need.other;
      return { title: form.replace('{n}', number.format(contracts)), body: language.body };
    },
  };
}
