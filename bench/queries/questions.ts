import type { ViewName } from '../../protocol/view.ts';

/** What a person asks of the ledger by looking, scrolling, typing, opening. */
export type Question =
  | {
      readonly kind: 'view';
      readonly view: ViewName;
      /**
       * Asked one after the other, so that the ledger's memory of the last search answers none of them; while events
       * arrive it would not either. One empty text: no search.
       */
      readonly texts: readonly string[];
      /** Where in the list, 0–1. */
      readonly at: number;
    }
  | { readonly kind: 'hold' }
  | { readonly kind: 'contract' }
  | { readonly kind: 'receipt' };

const search = (...texts: readonly string[]): Question => ({ kind: 'view', view: 'all', texts, at: 0 });
const look = (view: ViewName, at: number): Question => ({ kind: 'view', view, texts: [''], at });

export const QUESTIONS: Readonly<Record<string, Question>> = {
  'all, newest page': look('all', 0),
  'all, page in the middle': look('all', 0.5),
  'all, last page': look('all', 1),
  'unread, newest page': look('unread', 0),
  'action required, newest page': look('action_required', 0),
  'search: common word, Cyrillic': search('поставка', 'аренда', 'перевозка'),
  'search: common word, Latin': search('supply', 'lease', 'transport'),
  'search: two letters': search('по', 'su', 'ре'),
  'search: ё as е': search('п. ё.', 'п. е.'),
  'search: two words': search('поставка северный', 'supply northwind', 'аренда вектор'),
  'search: one contract’s id': search('c-2026-0123', 'c-2026-0456', 'c-2026-0789'),
  'search: nothing found': search('qqzz', 'ъъщщ'),
  'hold the order, read a page, release': { kind: 'hold' },
  'one contract with its timeline': { kind: 'contract' },
  'the receipt': { kind: 'receipt' },
};

export type LedgerRequest =
  | {
      readonly kind: 'fill';
      readonly path: string;
      readonly contracts: number;
      readonly events: number;
      /** Ends early after this many seconds; what is there then is what is asked. */
      readonly withinS: number;
    }
  | { readonly kind: 'ask'; readonly question: string; readonly times: number }
  | { readonly kind: 'close' };

export interface Filled {
  readonly contracts: number;
  readonly events: number;
  readonly fileBytes: number;
  readonly seconds: number;
}
