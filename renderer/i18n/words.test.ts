import { describe, expect, it } from 'vitest';
import { createI18n } from './i18n.ts';
import { actorKindLabel, problemText, roleLabel } from './words.ts';

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
