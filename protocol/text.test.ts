import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText, foundWordsOf, wordsOf } from './text.ts';

const isFound = (text: string, typed: string): boolean =>
  wordsOf(typed).every((word) => foundWordsOf(text).some((other) => other.startsWith(word)));

describe('what is found by what is typed', () => {
  it.each([
    ['Café de Flore', 'cafe'],
    ['Cafe', 'café'],
    ['Łódź', 'lodz'],
    ['Lodz', 'Łódź'],
    ['Hauptstraße', 'hauptstrasse'],
    ['HAUPTSTRASSE', 'hauptstraße'],
    ['İzmir', 'izmir'],
    ['Iğdır', 'igdir'],
    ['Igdir', 'ığdır'],
    ['Smørrebrød', 'smorrebrod'],
    ['ﬁnance', 'finance'],
    ['ＡＣＭＥ', 'acme'],
    ['co\u00ADoperation', 'cooperation'],
    ['zero\u200Bwidth', 'zerowidth'],
    ['\u202Ereversed', 'reversed'],
    ['Отчёт', 'отчет'],
    ['Отчет', 'отчёт'],
    ['Отче\u0308т', 'отчет'],
    ['Приложение № 2', '№ 2'],
    ['Νόμος', 'νομοσ'],
    ['C-2026-0117', '117'],
    ['C-2026-0117', 'c-2026-0117'],
    ['C-2026-0007', '7'],
    ['Order 4711230', '1230'],
    ['हिन्दी', 'हिन्दी'],
  ] as const)('%s by %s', (text, typed) => {
    expect(isFound(text, typed)).toBe(true);
  });

  it.each([
    ['мои', 'мой'],
    ['C-2026-0117', '118'],
    ['C-2026-0117', '26'],
    ['Steel', 'teel'],
  ] as const)('but not %s by %s', (text, typed) => {
    expect(isFound(text, typed)).toBe(false);
  });

  it('folding what is folded changes nothing: stored words stay right', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = foldText(text);
        expect(foldText(once)).toBe(once);
      }),
    );
  });
});

it('finds a number without end by its first digits only: it would be as many words as digits', () => {
  const digits = '12'.repeat(5000);
  expect(foundWordsOf(digits)).toEqual([digits]);
  expect(foundWordsOf('C-2026-0117 00000000000000000000000000000000000042')).toContain('42');
});
