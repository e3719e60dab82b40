import { describe, expect, it } from 'vitest';
import type { Failure, PlainCode } from '../../protocol/failures.ts';
import type { AcknowledgementProblem } from '../../protocol/view.ts';
import { failures as enFailures } from './en/failures.ts';
import { createI18n } from './i18n.ts';
import { actorKindLabel, explainFailure, explainProblem, roleLabel } from './words.ts';

const { t: en } = createI18n('en');
const { t: ru } = createI18n('ru');

describe('words for what the server names by code', () => {
  it('translate the roles of parties, and leave unknown ones as they came', () => {
    expect(roleLabel(ru, 'supplier')).toBe('поставщик');
    expect(roleLabel(en, 'Third party')).toBe('third party');
    expect(roleLabel(ru, 'bareboat charterer')).toBe('bareboat charterer');
    expect(roleLabel(ru, 'constructor')).toBe('constructor');
    expect(actorKindLabel(ru, 'counterparty')).toBe('Другая сторона');
    expect(actorKindLabel(en, 'robot')).toBe('robot');
  });

  it('say why the server refused an acknowledgement, with its number, and fold away the rest', () => {
    const problem = (
      code: AcknowledgementProblem['code'],
      status: number | null,
    ): AcknowledgementProblem => ({
      code,
      params: { status },
      detail: 'answered so',
    });
    expect(explainProblem(ru, problem('refused', 422))).toEqual({
      text: 'Ответ сервера: ошибка 422.',
      detail: 'answered so',
    });
    expect(explainProblem(en, problem('forbidden', 403)).text).toContain('does not allow');
    expect(explainProblem(en, problem('missing', 404)).text).toContain('404');
    expect(explainProblem(ru, problem('other', null)).text).toBe('Причина неизвестна.');
  });
});

describe('why main refused a request', () => {
  const codes = Object.keys(enFailures.failure) as PlainCode[];
  const failureOf = (code: PlainCode): Failure => {
    const params = {
      fileOther: { reason: 'EIO' },
      viewsFull: { most: 30 },
      restoreOtherAccount: { whose: 'Анна (127.0.0.1)' },
    };
    return {
      code,
      params: params[code as keyof typeof params] ?? {},
      detail: 'disk I/O error',
    } as unknown as Failure;
  };

  it.each(codes)('is said in the language of the person, whole, without technical words: %s', (code) => {
    const inRussian = explainFailure(ru, failureOf(code));
    expect(inRussian.text).toMatch(/[а-яё]/i);
    expect(inRussian.text.replace('EIO', '')).not.toMatch(/[a-z]|\{|failure/i);
    expect(inRussian.detail).toBe('disk I/O error');
    expect(explainFailure(en, failureOf(code)).text).toMatch(/^[A-Z][^{]*[.)]$/);
  });
});
