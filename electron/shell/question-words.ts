import type { MessageBoxOptions } from 'electron';
import type { Question } from '../app/core-types.ts';
import type { Words } from './words.ts';

/** The question as the system's dialog shows it. No is what Escape means; the address stands there whole. */
export function wordQuestion(question: Question, words: Words): MessageBoxOptions {
  const { confirm } = words;
  const fill = (text: string): string =>
    text
      .replaceAll('{server}', () => question.server)
      .replaceAll('{issuer}', () => (question.about === 'issuer' ? question.issuer : ''))
      .replaceAll('{portal}', () => (question.about === 'portal' ? question.portal : ''));
  const { message, detail, yes } = confirm[question.about];
  return {
    type: 'question',
    title: 'Contract Pulse',
    message: fill(message),
    detail: fill(detail),
    buttons: [yes, confirm.no],
    // Whoever types must not say yes by the way.
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  };
}
