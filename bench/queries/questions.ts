import type { Conditions, SortKey, ViewFilter, ViewName } from '../../protocol/filter.ts';

/** What a person asks of the ledger by looking, scrolling, filtering, typing, opening. */
export type Question =
  | {
      readonly kind: 'view';
      /** Asked one after the other. */
      readonly filters: readonly ViewFilter[];
      /** Where in the list, 0–1. */
      readonly at: number;
    }
  | { readonly kind: 'hold'; readonly filters: readonly ViewFilter[] }
  | { readonly kind: 'select' }
  | { readonly kind: 'facets'; readonly texts: readonly string[] }
  | { readonly kind: 'saved' }
  | { readonly kind: 'contract' }
  | { readonly kind: 'receipt' }
  /** The first page after the ledger was opened. */
  | { readonly kind: 'start' };

const HOUR = 3_600_000;
const view = (name: ViewName): ViewFilter => ({ view: name, text: '' });
const look = (name: ViewName, at: number): Question => ({ kind: 'view', filters: [view(name)], at });
const words = (text: string): ViewFilter => ({ view: 'all', text });
/** More texts than the ledger remembers, so that each is searched. */
const search = (...texts: readonly string[]): Question => ({
  kind: 'view',
  filters: texts.map(words),
  at: 0,
});
const sorted = (by: SortKey, descending: boolean, at: number): Question => ({
  kind: 'view',
  filters: [{ view: 'all', text: '', sort: { by, descending } }],
  at,
});
const filtered = (conditions: Conditions, more: Partial<ViewFilter> = {}): ViewFilter => ({
  view: 'all',
  text: '',
  conditions,
  ...more,
});
const filter = (...filters: readonly ViewFilter[]): Question => ({ kind: 'view', filters, at: 0 });

const soon = { from: Date.now() + 24 * HOUR, to: Date.now() + 20 * 24 * HOUR };
const lately = { from: Date.now() - HOUR, to: null };

/** Counted each time that saved views are asked for. */
export const SAVED: readonly ViewFilter[] = [
  filtered({ statuses: ['sent', 'viewed'] }),
  filtered({ parties: ['ООО «Ромашка»'] }),
  filtered({ amount: { currency: 'RUB', min: '1000000', max: null } }, { view: 'unread' }),
  { view: 'overdue', text: '' },
  words('поставка'),
  words('lease'),
];

export const QUESTIONS: Readonly<Record<string, Question>> = {
  'first page after start': { kind: 'start' },
  'all, newest page': look('all', 0),
  'all, page in the middle': look('all', 0.5),
  'all, last page': look('all', 1),
  'unread, newest page': look('unread', 0),
  'action required, newest page': look('action_required', 0),
  'waiting, page in the middle': look('waiting', 0.3),
  'due soon, newest page': look('due_soon', 0),
  'muted, newest page': look('muted', 0),
  'by due date, page in the middle': sorted('due', false, 0.5),
  'by amount, newest page': sorted('amount', true, 0),
  'by title, page in the middle': sorted('title', false, 0.5),
  'by party, last page': sorted('party', false, 1),
  'by status, page in the middle': sorted('status', false, 0.5),
  'by severity, newest page': sorted('severity', true, 0),
  'filter: status and severity': filter(filtered({ statuses: ['sent', 'viewed'], severities: ['info'] })),
  'filter: party, by amount': filter(
    filtered({ parties: ['Northwind Paper Ltd'] }, { sort: { by: 'amount', descending: true } }),
  ),
  'filter: amount': filter(filtered({ amount: { currency: 'RUB', min: '100000', max: '5000000.50' } })),
  'filter: actor and period': filter(filtered({ actors: ['Ольга Смирнова'], period: lately })),
  'filter: due, with words': filter(
    ...['поставка', 'lease', 'аренда'].map((text) => filtered({ due: soon }, { text })),
  ),
  'search: common word, Cyrillic': search('поставка', 'аренда', 'перевозка'),
  'search: common word, Latin': search('supply', 'lease', 'transport'),
  'search: one letter': search('п', 's', 'о'),
  'search: two letters': search('по', 'su', 'ре'),
  'search: ё as е': search('щукин п. ё.', 'щукин п. е.', 'п. ё.'),
  'search: two words': search('поставка северный', 'supply northwind', 'аренда вектор'),
  'search: words of reasons': search('бюджета', 'payment', 'доверенность'),
  'search: title and reason': search('поставка бюджета', 'supply documents power', 'аренда реквизиты'),
  'search: one contract’s id': search('c-2026-0123', 'c-2026-0456', 'c-2026-0789'),
  'search: nothing found': search('qqzz', 'ъъщщ', 'zqzq'),
  'hold the order, read a page, release': { kind: 'hold', filters: [view('all')] },
  'hold a search by due date': {
    kind: 'hold',
    filters: ['поставка', 'lease', 'аренда'].map((text) => ({
      ...words(text),
      sort: { by: 'due', descending: false },
    })),
  },
  'select 5,000 from the middle': { kind: 'select' },
  'choices of the filter': { kind: 'facets', texts: ['', 'сев', 'a'] },
  'saved views with counts': { kind: 'saved' },
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

export interface Asked {
  /** From the call to its answer in the main thread: what the window would wait for. Ms. */
  readonly ms: number;
  /** Of the whole process meanwhile, both threads. Ms. */
  readonly cpuMs: number;
}
