import { createHash } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import { ApiError } from './api.ts';

/** Honest servers stay far below: 10,000 pages of one contract each, or 100 of 10,000. */
const MAX_PAGES = 10_000;
/** Characters of all pages. */
const MAX_SIZE = 2 ** 30;
/** Of all pages: whoever reads them keeps in memory which they have seen. */
const MAX_ENTRIES = 2_000_000;
const MAX_MS = 30 * 60_000;
/** One page may have lost its entries meanwhile, or bring those that moved; a row of them leads nowhere. */
const MAX_EMPTY = 3;

export interface PageRead {
  readonly next: string | null;
  /** Characters. */
  readonly size: number;
}

export interface Paging {
  /** To be told of each page, with the number of entries that no page before it had. The next one's token, null after the last. Throws ApiError. */
  next(page: PageRead, entries: number): string | null;
}

/** Of an entry's text, to know it again. */
export const digestOf = (text: string): string => createHash('sha1').update(text).digest('base64');

/** Bounds pages that are read one after the other, which a server (or a cache before it) may let go round in circles. */
export function createPaging(what: string, clock: Clock): Paging {
  const began = clock.monotonic();
  const seen = new Set<string>();
  let pages = 0;
  let size = 0;
  let all = 0;
  let empty = 0;

  const stop = (detail: string): ApiError =>
    new ApiError('later', { code: 'content_type', status: null, detail: `${what} ${detail}` });

  return {
    next(page, entries) {
      pages += 1;
      size += page.size;
      all += entries;
      empty = entries === 0 ? empty + 1 : 0;
      const { next } = page;
      if (next === null) return null;
      if (seen.has(next)) throw stop('names a page again that was read already');
      seen.add(next);
      if (empty >= MAX_EMPTY) throw stop(`goes on with ${MAX_EMPTY} pages that bring nothing new`);
      if (pages >= MAX_PAGES) throw stop(`has more than ${MAX_PAGES} pages`);
      if (all >= MAX_ENTRIES) throw stop(`has more than ${MAX_ENTRIES} entries`);
      if (size >= MAX_SIZE) throw stop(`is longer than ${MAX_SIZE} characters`);
      if (clock.monotonic() - began >= MAX_MS) throw stop(`takes longer than ${MAX_MS / 60_000} minutes`);
      return next;
    },
  };
}
