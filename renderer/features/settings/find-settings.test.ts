import { describe, expect, it } from 'vitest';
import { isFound } from './find-settings.ts';

const setting = { words: 'Тёмная тема: светлая или тёмная. Внешний вид' };

describe('the search in the settings', () => {
  it('finds by the beginnings of words, in any order, with ё as е', () => {
    for (const text of ['', '  ', 'тема', 'ТЕМ', 'вид темн', 'светл,'])
      expect(isFound(setting, text)).toBe(true);
    for (const text of ['язык', 'ема', 'тема язык']) expect(isFound(setting, text)).toBe(false);
  });
});
