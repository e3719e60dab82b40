import { wordsOf } from '../../../protocol/text.ts';
import type { Match } from './matching.ts';
import type { ColumnIndex } from './column-index.ts';
import { spell, type SearchIndex } from '../storage/search-index.ts';
import type { Store } from '../storage/store.ts';

/**
 * Full-text search in one account: each word must begin some word of the contract's title, parties, id, or of any of its
 * reasons, also earlier ones.
 */
export interface Search {
  /** Null where the text has no words. Stays right until the next write. */
  find(text: string): Match | null;
  /** The newest earlier reason in which words stand that the row does not show; null when it shows all of them. */
  foundIn(text: string, rowid: number, shown: string): string | null;
  /** Grows with each forget. */
  readonly revision: number;
  /** What was found stays, but for these contracts; null: for all. */
  forget(rowids: readonly number[] | null): void;
}

interface Found {
  readonly words: readonly string[];
  /** By contract_rowid: 1 where all words stand. */
  marks: Uint8Array;
}

/** Contracts whose words are looked at one by one; more of them are searched anew. */
const FEW = 200;

export function openSearch(
  store: Store,
  accountId: number,
  columns: ColumnIndex,
  index: SearchIndex,
): Search {
  /** What was searched last: typing and scrolling ask for the same again and again. */
  const known = new Map<string, Found>();
  const MAX_KNOWN = 2;
  let revision = 0;

  function reasonsOf(rowid: number): readonly string[] {
    const rows = store
      .sqlArrays(
        `SELECT coalesce(reason_text, reason_code) FROM event
         WHERE account_id = ? AND contract_rowid = ? AND coalesce(reason_text, reason_code) IS NOT NULL
         ORDER BY version DESC, position DESC`,
      )
      .all(accountId, rowid) as unknown as (readonly [string])[];
    return rows.map(([reason]) => reason);
  }

  function shownOf(rowid: number): string {
    const row = store
      .sqlArrays(
        `SELECT search_text || ' ' || coalesce(reason_text, '') FROM contract WHERE contract_rowid = ?`,
      )
      .get(rowid) as unknown as readonly [string] | undefined;
    return row?.[0] ?? '';
  }

  function searchAll(words: readonly string[]): Uint8Array {
    // Counts the words found so far: a contract stays in while it has as many as were looked for.
    const marks = new Uint8Array(columns.bound);
    const outdated = index.outdated();
    const backlog = index.backlog(accountId);
    const told = columns.snapshotReasons().map((rowid) => ({ rowid, words: spell(shownOf(rowid)) }));
    for (const [before, word] of words.entries()) {
      const mark = (rowid: number): void => {
        if (marks[rowid] === before) marks[rowid] = before + 1;
      };
      for (const rowid of index.contracts(word)) if (!outdated.has(rowid)) mark(rowid);
      for (const rowid of index.reasons(word)) mark(rowid);
      const begin = ` ${word}`;
      for (const row of backlog) if (row.words.includes(begin)) mark(row.rowid);
      for (const row of told) if (row.words.includes(begin)) mark(row.rowid);
      const rest = words.slice(before + 1);
      if (rest.length > 0 && checkFew(marks, before + 1, rest)) return marks;
    }
    for (let rowid = 0; rowid < marks.length; rowid++) marks[rowid] = marks[rowid] === words.length ? 1 : 0;
    return marks;
  }

  /** Where few are left, looks at each for the other words; true when it did. */
  function checkFew(marks: Uint8Array, mark: number, rest: readonly string[]): boolean {
    let left = 0;
    for (let rowid = 0; rowid < marks.length; rowid++) if (marks[rowid] === mark) left++;
    if (left > FEW) return false;
    for (let rowid = 0; rowid < marks.length; rowid++) {
      marks[rowid] = marks[rowid] === mark && searchOne(rowid, rest) ? 1 : 0;
    }
    return true;
  }

  function searchOne(rowid: number, words: readonly string[]): boolean {
    const all = spell([shownOf(rowid), ...reasonsOf(rowid)].join(' '));
    return words.every((word) => all.includes(` ${word}`));
  }

  /**
   * Words without those that another one contains at its beginning (at most 100 of 200 characters). Long ones first, and the
   * last part of an id before its others: they leave the fewest contracts to look at for the next.
   */
  function askedFor(text: string): readonly string[] {
    const words = [...new Set(wordsOf(text))];
    return words
      .filter((word) => !words.some((other) => other !== word && other.startsWith(word)))
      .toReversed()
      .toSorted((a, b) => b.length - a.length);
  }

  return {
    find(text) {
      const words = askedFor(text);
      if (words.length === 0) return null;
      const key = words.join(' ');
      let found = known.get(key);
      if (!found) {
        found = { words, marks: searchAll(words) };
        known.set(key, found);
        for (const old of known.keys()) {
          if (known.size <= MAX_KNOWN) break;
          known.delete(old);
        }
      }
      const { marks } = found;
      return (rowid) => marks[rowid] === 1;
    },
    foundIn(text, rowid, shown) {
      const row = spell(shown);
      const missing = askedFor(text).filter((word) => !row.includes(` ${word}`));
      if (missing.length === 0) return null;
      const reasons = reasonsOf(rowid).map((reason) => ({ reason, words: spell(reason) }));
      const has = (words: string) => (word: string) => words.includes(` ${word}`);
      const hit =
        reasons.find(({ words }) => missing.every(has(words))) ??
        reasons.find(({ words }) => missing.some(has(words)));
      return hit?.reason ?? null;
    },
    get revision() {
      return revision;
    },
    forget(rowids) {
      revision++;
      if (rowids === null || rowids.length > FEW) return known.clear();
      for (const found of known.values()) {
        if (found.marks.length < columns.bound) {
          const marks = new Uint8Array(Math.ceil(columns.bound * 1.25));
          marks.set(found.marks);
          found.marks = marks;
        }
        for (const rowid of rowids) found.marks[rowid] = searchOne(rowid, found.words) ? 1 : 0;
      }
    },
  };
}
