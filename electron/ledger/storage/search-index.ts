import { foundWordsOf } from '../../../protocol/text.ts';
import type { Store } from './store.ts';

/**
 * The words of contracts and reasons in the file (`contract_words`, `reason_words`), filled behind the writes: those
 * leave no more than their rowids. What is not in yet is told by `backlog`, and searched by reading it.
 */
export interface SearchIndex {
  /** Takes in more, one text at least, until `pause()` says so (asked after each text). True when nothing is left. */
  step(pause: () => boolean): boolean;
  /** Contracts of this account of which something is not in yet, with the words of that. */
  backlog(accountId: number): readonly Backlog[];
  /** Contracts whose words in the index are out of date; their present ones are in the backlog. */
  outdated(): ReadonlySet<number>;
  /** Contracts, of any account, with a word that begins so: by title, parties and id, and by the reasons of stored changes. */
  contracts(word: string): readonly number[];
  /** With one for each such reason. */
  reasons(word: string): readonly number[];
}

export interface Backlog {
  readonly rowid: number;
  /** As spell() gives it. */
  readonly words: string;
}

/** Rows taken in at once, and read past at once on the way to the next reason. */
const BATCH = 200;
const EVENT_BATCH = 1000;
/** By which a reason's rowid tells its contract: see schema-v2.ts. */
const EVENTS = 2 ** 26;

/** The words by which a text is found, each after a space, so that ` word` begins one of them. */
export function spell(text: string): string {
  const words = foundWordsOf(text);
  return words.length === 0 ? '' : ` ${words.join(' ')}`;
}

/** Forgets all words, durably together with the transaction around it: they are taken in anew. */
export function clearSearchIndex(store: Store): void {
  store.sql(`INSERT INTO contract_words (contract_words) VALUES ('delete-all')`).run();
  store.sql(`INSERT INTO reason_words (reason_words) VALUES ('delete-all')`).run();
  store.sql('DELETE FROM search_changed').run();
  store.sql('UPDATE search_state SET contracts = 0, events = 0').run();
}

/** An event's reason was revised: its new words stand for it at once, where the old ones were taken in. */
export function respellReason(store: Store, eventRowid: number, contractRowid: number, reason: string): void {
  const { events } = store.sql('SELECT events FROM search_state').get() as { events: number };
  if (eventRowid > events) return;
  const rowid = contractRowid * EVENTS + (eventRowid % EVENTS);
  store.sql('INSERT OR REPLACE INTO reason_words (rowid, words) VALUES (?, ?)').run(rowid, spell(reason));
}

type Row = readonly [rowid: number, text: string];

export function openSearchIndex(store: Store): SearchIndex {
  function state(): { readonly contracts: number; readonly events: number } {
    return store.sql('SELECT contracts, events FROM search_state').get() as ReturnType<typeof state>;
  }

  /** Hands over one row after the other, at least one, until `pause()`; the last that was handed over. */
  function takeIn<T>(rows: Iterable<T>, pause: () => boolean, take: (row: T) => void): T | undefined {
    let last: T | undefined;
    for (const row of rows) {
      take(row);
      last = row;
      if (pause()) break;
    }
    return last;
  }

  function addContracts(after: number, pause: () => boolean): boolean {
    const rows = store
      .sqlArrays(
        `SELECT contract_rowid, search_text FROM contract WHERE contract_rowid > ? ORDER BY contract_rowid LIMIT ${BATCH}`,
      )
      .all(after) as unknown as Row[];
    const last = takeIn(rows, pause, ([rowid, text]) => {
      store.sql('INSERT INTO contract_words (rowid, words) VALUES (?, ?)').run(rowid, spell(text));
    });
    if (last) store.sql('UPDATE search_state SET contracts = ?').run(last[0]);
    return last !== undefined;
  }

  function addChanged(upTo: number, pause: () => boolean): boolean {
    const rows = store
      .sqlArrays(
        `SELECT contract_rowid, search_text FROM search_changed CROSS JOIN contract USING (contract_rowid) LIMIT ${BATCH}`,
      )
      .all() as unknown as Row[];
    const last = takeIn(rows, pause, ([rowid, text]) => {
      store.sql('DELETE FROM search_changed WHERE contract_rowid = ?').run(rowid);
      if (rowid > upTo) return;
      // One statement: a deletion alone leaves a rowid of FTS5's own tables behind, too large for what run() returns.
      store.sql('INSERT OR REPLACE INTO contract_words (rowid, words) VALUES (?, ?)').run(rowid, spell(text));
    });
    return last !== undefined;
  }

  function addReasons(after: number, pause: () => boolean): boolean {
    const rows = store
      .sqlArrays(
        `SELECT event_rowid, contract_rowid, coalesce(reason_text, reason_code) FROM event
         WHERE event_rowid > ? ORDER BY event_rowid LIMIT ${EVENT_BATCH}`,
      )
      .all(after) as unknown as (readonly [id: number, contractRowid: number, reason: string | null])[];
    const last = takeIn(rows, pause, ([id, contractRowid, reason]) => {
      if (reason === null) return;
      const rowid = contractRowid * EVENTS + (id % EVENTS);
      store.sql('INSERT OR REPLACE INTO reason_words (rowid, words) VALUES (?, ?)').run(rowid, spell(reason));
    });
    if (last) store.sql('UPDATE search_state SET events = ?').run(last[0]);
    return last !== undefined;
  }

  /** One text of all rowids takes a seventh of the time of one row each. */
  function rowidsOf(sql: string, word: string): readonly number[] {
    const [text] = store.sqlArrays(sql).get(`"${word}"*`) as unknown as readonly [string];
    return JSON.parse(text) as number[];
  }

  return {
    step(pause) {
      for (;;) {
        const { contracts, events } = state();
        const isTaken = store.transaction(
          'normal',
          () => addContracts(contracts, pause) || addChanged(contracts, pause) || addReasons(events, pause),
        );
        if (!isTaken) return true;
        if (pause()) return false;
      }
    },
    backlog(accountId) {
      // `+` and CROSS: from what is left, which is little, and not by an index of the whole account.
      const { contracts, events } = state();
      const texts = [
        ...(store
          .sqlArrays(
            'SELECT contract_rowid, search_text FROM contract WHERE contract_rowid > ? AND +account_id = ?',
          )
          .all(contracts, accountId) as unknown as Row[]),
        ...(store
          .sqlArrays(
            `SELECT contract_rowid, search_text FROM search_changed CROSS JOIN contract USING (contract_rowid)
             WHERE contract_rowid <= ? AND +account_id = ?`,
          )
          .all(contracts, accountId) as unknown as Row[]),
        ...(store
          .sqlArrays(
            `SELECT contract_rowid, coalesce(reason_text, reason_code) FROM event
             WHERE event_rowid > ? AND +account_id = ? AND coalesce(reason_text, reason_code) IS NOT NULL`,
          )
          .all(events, accountId) as unknown as Row[]),
      ];
      return texts.map(([rowid, text]) => ({ rowid, words: spell(text) }));
    },
    outdated() {
      const rows = store
        .sqlArrays('SELECT contract_rowid FROM search_changed')
        .all() as unknown as (readonly [number])[];
      return new Set(rows.map(([rowid]) => rowid));
    },
    contracts: (word) =>
      rowidsOf('SELECT json_group_array(rowid) FROM contract_words WHERE contract_words MATCH ?', word),
    reasons: (word) =>
      rowidsOf('SELECT json_group_array(rowid >> 26) FROM reason_words WHERE reason_words MATCH ?', word),
  };
}
