import type { Language } from '../../../protocol/language.ts';

/** What the browser shows when it comes back: `done`, or `foreign` for what belongs to no sign-in that waits. */
export type CallbackPage = 'done' | 'foreign';

const WORDS: Readonly<Record<Language, Readonly<Record<CallbackPage, { title: string; text: string }>>>> = {
  en: {
    done: {
      title: 'Back to Contract Pulse',
      text: 'You can close this tab. The app says whether you are signed in.',
    },
    foreign: {
      title: 'This page belongs to no sign-in',
      text: 'Nothing was changed. Close this tab, and begin again in Contract Pulse if you are not signed in there.',
    },
  },
  ru: {
    done: {
      title: 'Вернитесь в Contract Pulse',
      text: 'Эту вкладку можно закрыть. Выполнен ли вход, видно в приложении.',
    },
    foreign: {
      title: 'Эта страница не относится ко входу',
      text: 'Ничего не изменилось. Закройте вкладку; если вход в Contract Pulse ещё не выполнен, начните его заново.',
    },
  },
};

/** Nothing of the request goes into it. */
export function callbackPage(language: Language, page: CallbackPage): string {
  const { title, text } = WORDS[language][page];
  return `<!doctype html>
<html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<h1>${title}</h1><p>${text}</p></html>
`;
}
