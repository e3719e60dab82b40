import { describe, expect, it } from 'vitest';
import type { Conditions } from '../../../../protocol/filter.ts';
import { createFormats } from '../../../i18n/format.ts';
import { createI18n } from '../../../i18n/i18n.ts';
import { conditionText } from './filter-words.ts';
import { DUE_PRESETS, PERIOD_PRESETS } from './presets.ts';

const now = new Date(2026, 10, 23, 14).getTime();
const en = { t: createI18n('en').t, formats: createFormats('en-GB') };
const ru = { t: createI18n('ru').t, formats: createFormats('ru') };

function say({ t, formats }: typeof en, asked: Conditions): string {
  return conditionText(t, formats, asked, asked.due === undefined ? 'period' : 'due', now);
}

describe('a span of days on a chip', () => {
  it('is called what it was asked as', () => {
    const presets = [
      ...PERIOD_PRESETS.map((period): Conditions => ({ period })),
      ...DUE_PRESETS.map((due): Conditions => ({ due })),
    ];
    expect(presets.map((asked) => say(en, asked))).toEqual([
      'Today',
      'Last 7 days',
      'Last 30 days',
      'Overdue',
      'Today',
      'Next 7 days',
      'Next 30 days',
      'No due date',
    ]);
    expect(presets.map((asked) => say(ru, asked))).toEqual([
      'Сегодня',
      'Последние 7 дней',
      'Последние 30 дней',
      'Просрочен',
      'Сегодня',
      'Ближайшие 7 дней',
      'Ближайшие 30 дней',
      'Без срока',
    ]);
    expect(say(ru, { period: { lastDays: 21 } })).toBe('Последний 21 день');
    expect(say(ru, { due: { withinDays: 3 } })).toBe('Ближайшие 3 дня');
  });

  it('is told by its dates where they were set', () => {
    const from = new Date(2026, 10, 1).getTime();
    const to = new Date(2026, 10, 4).getTime();
    expect(say(en, { period: { from, to } })).toMatch(/1 Nov.* – .*3 Nov/);
    expect(say(en, { due: { from, to: null } })).toMatch(/1 Nov/);
  });
});
