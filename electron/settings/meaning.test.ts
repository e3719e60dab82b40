import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../protocol/settings.ts';
import { languageOf, retentionOf } from './meaning.ts';

test('the language set wins; otherwise the account’s, and English for any we do not have', () => {
  expect(languageOf({ ...DEFAULT_SETTINGS, language: 'en' }, 'ru-RU')).toBe('en');
  expect(languageOf(DEFAULT_SETTINGS, 'ru-RU')).toBe('ru');
  expect(['de', '', 'rus', 'en-GB'].map((locale) => languageOf(DEFAULT_SETTINGS, locale))).toEqual(
    Array.from({ length: 4 }, () => 'en'),
  );
});

test('days become milliseconds, never stays never, and the disk has its bound in any case', () => {
  expect(retentionOf({ ...DEFAULT_SETTINGS, keepDays: 30 }).maxAgeMs).toBe(2_592_000_000);
  expect(retentionOf(DEFAULT_SETTINGS).maxAgeMs).toBeNull();
  expect(retentionOf(DEFAULT_SETTINGS).maxBytes).toBe(2 * 1024 ** 3);
});
