import { describe, expect, it } from 'vitest';
import { FAILURES, failureText as said, type Failure } from '../../protocol/failures.ts';
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

  it('say why the server refused an acknowledgement, with its number', () => {
    expect(explainProblem(ru, 'The server refused it (http 422: answered 422).').text).toBe(
      'Сервер его отклонил (ошибка 422).',
    );
    expect(explainProblem(en, 'The server refused it (http 403: answered 403).').text).toContain(
      'does not allow',
    );
    expect(explainProblem(en, 'The server refused it (answered 404).').text).toContain('404');
  });

  it('fold away what they do not know', () => {
    for (const problem of ['The server refused it (no reason).', 'Something else happened.'])
      expect(explainProblem(ru, problem)).toEqual({
        text: 'Сервер его отклонил по неизвестной причине.',
        detail: problem,
      });
  });
});

describe('why main refused a request', () => {
  const names = Object.keys(FAILURES) as Failure[];

  it.each(names)('is said in the language of the person, with codes and numbers at most: %s', (name) => {
    const told = said(name, 'ENOSPC');
    const inRussian = explainFailure(ru, told);
    expect(inRussian.text).toMatch(/[а-яё]/i);
    expect(inRussian.text.replace('ENOSPC', '')).not.toMatch(/[a-z]|\{|failure/i);
    expect(`${inRussian.text} ${inRussian.detail}`.includes('ENOSPC')).toBe(told.includes('ENOSPC'));
    expect(explainFailure(en, told).text).toMatch(/^[A-Z].*[.)]$/);
  });

  it.each([
    said('ledgerOther', 'disk I/O error'),
    said('eraseRest', "EBUSY: resource busy, rmdir '/x'"),
    'The moon is full.',
    'view:open: limit: not a number',
    "Cannot read properties of undefined (reading 'rows')",
  ])('keeps the words of programs out of the sentence: %s', (message) => {
    const { text, detail } = explainFailure(ru, message);
    expect(text).not.toMatch(/[a-z{]/i);
    expect(message).toContain(detail);
    expect(detail).not.toBe('');
  });
});
