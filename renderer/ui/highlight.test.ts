import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../protocol/text.ts';
import { highlight, snippetOf } from './highlight.ts';

const marked = (text: string, query: string): string =>
  highlight(text, wordsOf(query))
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join('');

describe('highlighting', () => {
  it('marks beginnings of words, in any case and both alphabets', () => {
    expect(marked('Supply of structural Steel', 'steel sup')).toBe('[Sup]ply of structural [Steel]');
    expect(marked('ООО «Ромашка», ромашковое поле', 'ромаш')).toBe('ООО «[Ромаш]ка», [ромаш]ковое поле');
    expect(marked('steel, stainless', 'tee')).toBe('steel, stainless');
  });

  it('takes ё for е, both ways, and letters put together from two', () => {
    expect(marked('Отчёт о поставке', 'отчет')).toBe('[Отчёт] о поставке');
    expect(marked('Отчет', 'отчёт')).toBe('[Отчет]');
    expect(marked('Отч\u0435\u0308т', 'отчет')).toBe('[Отчёт]');
  });

  it('marks the longest of several words, as it is written', () => {
    expect(marked('steelworks', 'st steel')).toBe('[steel]works');
    expect(marked('İzmir', 'i')).toBe('[İ]zmir');
    expect(marked('Hauptstraße 4', 'hauptstras')).toBe('[Hauptstraß]e 4');
    expect(marked('Straße', 'strasse')).toBe('[Straße]');
    expect(marked('Café, Łódź', 'lod cafe')).toBe('[Café], [Łód]ź');
    expect(marked('co\u00ADoperation', 'coop')).toBe('[co\u00ADop]eration');
  });

  it('marks the digits by which a number was found', () => {
    expect(marked('C-2026-0117', '117')).toBe('C-2026-0[117]');
    expect(marked('C-2026-0117', '2026 11')).toBe('C-[2026]-0[11]7');
  });

  it('leaves text alone without words, and loses nothing', () => {
    expect(highlight('a b', [])).toEqual([{ text: 'a b', hit: false }]);
    const text = 'C-2026-000004 · «Ромашка»';
    expect(
      highlight(text, ['2026', 'р'])
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  it('cuts a snippet before its hit, between words', () => {
    const reason = 'The delivery dates in annex B do not match the framework agreement.';
    expect(snippetOf(reason, ['framew'])).toBe('…match the framework agreement.');
    expect(snippetOf(reason, ['deliv'])).toBe(reason);
    expect(snippetOf(reason, ['nothing'])).toBe(reason);
  });
});
