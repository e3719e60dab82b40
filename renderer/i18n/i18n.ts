import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { languageOf, type Language } from '../../protocol/language.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

const TEXTS = { en, ru } as const satisfies Readonly<Record<Language, object>>;

/** The account's locale, unless the settings name another language; null where nobody has said anything. */
export function chosenLocale(setting: 'auto' | Language, accountLocale: string | null): string | null {
  if (setting === 'auto') return accountLocale;
  return accountLocale !== null && languageOf(accountLocale) === setting ? accountLocale : setting;
}

/**
 * BCP 47 tag for dates and money: the user's, or the system's when it is the same language and the
 * user's names no region (`en` on a British computer is `en-GB`). Falls back to the bare language.
 */
export function formatLocale(userLocale: string | null, systemLocale: string): string {
  const user = userLocale ?? systemLocale;
  const wanted = user.includes('-') || languageOf(user) !== languageOf(systemLocale) ? user : systemLocale;
  const language = languageOf(user);
  try {
    const [canonical] = Intl.getCanonicalLocales(wanted);
    // Words are English or Russian; dates in a third language beside them would be a mixture.
    if (canonical && canonical.split('-')[0] === language) return canonical;
  } catch {
    // Not a language tag: the bare language will do.
  }
  return language;
}

/** Texts are plain: React escapes them, so i18next must not. */
export function createI18n(language: Language): i18n {
  const instance = createInstance({
    lng: language,
    fallbackLng: 'en',
    resources: Object.fromEntries(
      Object.entries(TEXTS).map(([code, translation]) => [code, { translation }]),
    ),
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  instance.use(initReactI18next);
  void instance.init();
  return instance;
}
