import type { ExchangeKind } from './exchange-kind.ts';

export type AnswerForm = 'page' | 'basic' | 'problem' | 'empty';

/** What stands between computer and server. */
export interface Faults {
  /** No network at all, and the machine knows it. */
  offline: boolean;
  /** The server's process is not there. */
  down: boolean;
  /** Nothing passes and nothing is refused. */
  frozen: boolean;
  /** A proxy that answers these paths itself, in the server's name. */
  answers: {
    readonly status: number;
    readonly form: AnswerForm;
    readonly kinds: readonly ExchangeKind[];
  } | null;
  /** A proxy that holds streams back until so many characters have come together; Infinity: until their end. */
  buffer: number | null;
  /** A proxy in which so many characters of a stream are always on their way: all of it arrives, and all of it late. */
  lag: number | null;
  /** A proxy that ends a stream so long after its beginning, or after its last byte, ms. */
  cutAfterMs: number | null;
  cutIdleMs: number | null;
}

export const NO_FAULTS: Faults = {
  offline: false,
  down: false,
  frozen: false,
  answers: null,
  buffer: null,
  lag: null,
  cutAfterMs: null,
  cutIdleMs: null,
};

export const PAGES: Readonly<Record<AnswerForm, { readonly type: string; readonly text: string }>> = {
  page: { type: 'text/html', text: '<!doctype html><html><body><h1>Bad gateway</h1></body></html>' },
  basic: { type: 'text/html', text: '<html>Authorization required</html>' },
  problem: { type: 'application/problem+json', text: '{"title":"no"}' },
  empty: { type: '', text: '' },
};
