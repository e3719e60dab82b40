import { dialog, type BrowserWindow } from 'electron';
import type { Question } from '../app/core-types.ts';
import { wordQuestion } from './question-words.ts';
import type { Words } from './words.ts';

/** Asks outside the window, in front of it. */
export function createConfirm(
  window: () => BrowserWindow | null,
  words: () => Words,
): (question: Question) => Promise<boolean> {
  return async (question) => {
    const options = wordQuestion(question, words());
    const parent = window();
    const answer = await (parent === null
      ? dialog.showMessageBox(options)
      : dialog.showMessageBox(parent, options));
    return answer.response === 0;
  };
}
