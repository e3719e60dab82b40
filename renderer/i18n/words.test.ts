import { describe, expect, it } from 'vitest';
import { FAILURES, failureText as said, type Failure } from '../../protocol/failures.ts';
import { createI18n } from './i18n.ts';
import { actorKindLabel, failureText, problemText, roleLabel } from './words.ts';

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
    expect(problemText(ru, 'The server refused it (http 422: answered 422).')).toBe(
      'Сервер его отклонил (ошибка 422).',
    );
    expect(problemText(en, 'The server refused it (http 403: answered 403).')).toContain('does not allow');
    expect(problemText(en, 'The server refused it (answered 404).')).toContain('404');
  });

  it('leave what they do not know as main says it', () => {
    expect(problemText(ru, 'The server refused it (no reason).')).toBe('The server refused it (no reason).');
    expect(problemText(ru, 'Something else happened.')).toBe('Something else happened.');
  });
});

describe('why main refused a request', () => {
  const names = Object.keys(FAILURES) as Failure[];

  it.each(names)('is said in the language of the person: %s', (name) => {
    const told = said(name, 'ENOSPC');
    const inRussian = failureText(ru, told);
    expect(inRussian).toMatch(/[а-яё]/i);
    expect(inRussian.replace('(ENOSPC)', '').replace('ENOSPC', '')).not.toMatch(/[a-z]|\{|failure/i);
    expect(inRussian.includes('ENOSPC')).toBe(told.includes('ENOSPC'));
    expect(failureText(en, told)).toMatch(/^[A-Z].*[.)]$/);
  });

  it('is left as main says it where it is not known', () => {
    expect(failureText(ru, 'The moon is full.')).toBe('The moon is full.');
    expect(failureText(ru, 'view:open: limit: not a number')).toBe('view:open: limit: not a number');
  });
});
