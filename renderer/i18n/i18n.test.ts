import { describe, expect, it } from 'vitest';
import { STATUS_CODES, SEVERITIES } from '../../protocol/statuses.ts';
import { en } from './en.ts';
import { languageOf } from '../../protocol/language.ts';
import { chosenLocale, createI18n, formatLocale } from './i18n.ts';
import { ru } from './ru.ts';

type Tree = { readonly [key: string]: string | Tree };
const PLURAL = /_(zero|one|two|few|many|other)$/;

function flatten(tree: Tree, path = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') flat.set(path + key, value);
    else for (const [inner, text] of flatten(value, `${path}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

const texts = { en: flatten(en), ru: flatten(ru) };
const bare = (keys: Iterable<string>): string[] =>
  [...new Set([...keys].map((key) => key.replace(PLURAL, '')))].sort();
const placeholders = (text: string): string[] => [...new Set(text.match(/{{\w+}}/g))].sort();

describe('the texts', () => {
  it('are the same keys in both languages', () => {
    expect(bare(texts.ru.keys())).toEqual(bare(texts.en.keys()));
  });

  it('have every plural form that their language needs, and no other', () => {
    for (const language of ['en', 'ru'] as const) {
      const forms = [...new Intl.PluralRules(language).resolvedOptions().pluralCategories].sort();
      const plural = new Map<string, string[]>();
      for (const key of texts[language].keys()) {
        const form = PLURAL.exec(key)?.[1];
        if (form) plural.set(key.replace(PLURAL, ''), [...(plural.get(key.replace(PLURAL, '')) ?? []), form]);
      }
      expect(plural.size).toBeGreaterThan(10);
      for (const [key, has] of plural) expect([key, has.sort()]).toEqual([key, forms]);
    }
  });

  it('use the same placeholders in both languages', () => {
    for (const [key, text] of texts.ru) {
      const english = texts.en.get(key) ?? texts.en.get(key.replace(PLURAL, '_other')) ?? '';
      expect([key, placeholders(text)]).toEqual([key, placeholders(english)]);
    }
  });

  it('name every status and severity, and nothing is empty, shouted or left in the other language', () => {
    for (const language of ['en', 'ru'] as const) {
      for (const code of STATUS_CODES) expect(texts[language].get(`status.${code}`)).toBeTruthy();
      for (const severity of SEVERITIES) expect(texts[language].get(`severity.${severity}`)).toBeTruthy();
      for (const [key, text] of texts[language]) {
        expect([key, text.trim()]).toEqual([key, text]);
        expect(text, key).not.toBe('');
        expect(text, key).not.toContain('!');
        expect(text, key).not.toMatch(/<\w/);
        if (language === 'en') expect(text, key).not.toMatch(/[а-яё]/i);
      }
    }
    for (const [key, text] of texts.ru) {
      if (
        /[a-z]{3}/.test(
          text
            .replace(/{{\w+}}/g, '')
            .replace(/`[^`]*`/g, '')
            .replace(
              /Contract Pulse|contracts\.example\.com|http|Enter|Caps Lock|NDJSON|Authorization|https/g,
              '',
            ),
        )
      ) {
        expect.fail(`${key} is not Russian: ${text}`);
      }
    }
  });

  it('decline Russian numbers', () => {
    const { t } = createI18n('ru');
    const say = (count: number): string => t('feed.announce', { count, n: count });
    expect([1, 2, 5, 11, 21, 22, 112].map(say)).toEqual([
      '1 новое изменение',
      '2 новых изменения',
      '5 новых изменений',
      '11 новых изменений',
      '21 новое изменение',
      '22 новых изменения',
      '112 новых изменений',
    ]);
  });

  it('are plain: what comes from outside is not interpreted', () => {
    const { t } = createI18n('en');
    expect(t('empty.search.title', { text: '<b>&{{x}}' })).toContain('<b>&');
  });
});

describe('the language', () => {
  it('is the user’s; anything that is not Russian is English', () => {
    expect(['ru', 'ru-RU', 'RU_ru', 'en', 'de-DE', ''].map(languageOf)).toEqual([
      'ru',
      'ru',
      'ru',
      'en',
      'en',
      'en',
    ]);
  });

  it('is the one in the settings, with the region of the account where that speaks it', () => {
    expect(chosenLocale('auto', 'ru-RU')).toBe('ru-RU');
    expect(chosenLocale('auto', null)).toBe(null);
    expect(chosenLocale('en', 'ru-RU')).toBe('en');
    expect(chosenLocale('en', 'en-GB')).toBe('en-GB');
    expect(chosenLocale('ru', null)).toBe('ru');
    expect(formatLocale(chosenLocale('en', 'ru-RU'), 'en-GB')).toBe('en-GB');
  });

  it('formats dates and money for the region of the system where the user names none', () => {
    expect(formatLocale('en', 'en-GB')).toBe('en-GB');
    expect(formatLocale('ru', 'en-GB')).toBe('ru');
    expect(formatLocale('en-US', 'en-GB')).toBe('en-US');
    expect(formatLocale(null, 'ru-RU')).toBe('ru-RU');
    expect(formatLocale('de-DE', 'de-DE')).toBe('en');
    expect(formatLocale('not a tag', 'en')).toBe('en');
  });
});
