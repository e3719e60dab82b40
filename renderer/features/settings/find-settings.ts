import { foldText, wordsOf } from '../../../protocol/text.ts';

export interface Findable {
  /** Label, explanation, choices and the group's name: all words under which a person may look for it. */
  readonly words: string;
}

/** Whether every word of `text` begins some word of the setting; an empty text finds everything. */
export function isFound({ words }: Findable, text: string): boolean {
  const here = wordsOf(foldText(words));
  return wordsOf(text).every((word) => here.some((each) => each.startsWith(word)));
}
