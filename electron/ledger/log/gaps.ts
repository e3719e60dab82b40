import type { Position } from '../../../protocol/cursor.ts';
import type { GapKind } from '../../../protocol/receipt.ts';
import { positionOf, type Epoch } from './epochs.ts';
import { countStored, counted, cutOut, partUnreadable } from './gap-ranges.ts';
import { countAbsent, type VersionColumns } from '../storage/versions.ts';
import type { Store } from '../storage/store.ts';

/** Gaps of one account within one write transaction. */
export interface Gaps {
  /** Gaps opened through this object. */
  opened(): number;
  /** Of those, the ones to be asked for at once: no `quarantine`, and none that can wait. */
  openedToFetch(): number;
  /**
   * Records `from … to` of this epoch as missing, less what is stored already; nothing when all of it is.
   * An `epoch` gap is recorded in any case: nobody knows what the end of the old epoch held.
   */
  openRange(kind: GapKind, epoch: Epoch, from: number, to: number, note: string): number;
  /**
   * Missing without a known range, after `start`. `end`: a snapshot up to here can show that nothing is. `epoch` of a
   * `sequence`: the id that a head without a place has named.
   */
  openUnknown(
    kind: GapKind,
    epoch: string | null,
    place: { readonly start: number; readonly end: number | null },
    note: string,
    canWait?: boolean,
  ): void;
  /** `missing` of `from … to`. */
  openVersions(contractId: string, from: number, to: number, missing: number, note: string): void;
  /** One own event that could not be read; neighbours become one gap. */
  openQuarantine(
    place: { readonly epoch: Epoch; readonly sequence: number } | { readonly start: number },
    contractId: string | null,
    note: string,
  ): void;
  /** An event was stored at this place: what was missing there no longer is. `heal`: at once when none is left. */
  fill(epochIndex: number, sequence: number, heal: boolean): void;
  /** An event of this contract can be read that came unreadably in a place where another copy was stored before: `fill` for that alone. */
  fillAgain(epochIndex: number, sequence: number, contractId: string): void;
  /** Whether something unreadable under this id has an open gap that lost its place, because another life of the log began before it. */
  hasLost(position: Position): boolean;
  /** It can be read now. */
  fillLost(position: Position): void;
  /** Heals the gaps that a head without a place has named and whose change is here; how many. */
  healNamed(isHere: (id: string) => boolean): number;
  /** Heals version gaps of the contract that are filled. */
  fillVersions(contractId: string, columns: VersionColumns): void;
  /** The contract's history tells `from … to` in a form that cannot be read: no better is to be had where no more is missing. */
  versionsUnreadable(contractId: string, from: number, to: number): void;
  /** This one of a `sequence` gap has come in a form that cannot be read: it becomes a gap of its own, and what is left of the other stays. */
  sequenceUnreadable(epochIndex: number, sequence: number, contractId: string | null, note: string): void;
  /** True when an open gap may explain missing versions, whatever contract they are of and however many. */
  covering(): boolean;
  /** True when the contract's version gaps, and events without a place that could not be read, are as many as its missing versions. */
  explains(contractId: string, absent: number): boolean;
  /** True when an event in this place came that could not be read, and was of this contract. */
  awaits(epochIndex: number, sequence: number, contractId: string): boolean;
  /** True once a covering gap was healed through this object. */
  healedCovering(): boolean;
  covers(epochIndex: number, sequence: number): boolean;
  /** True when something unreadable without a place has an open gap. */
  hasPlaceless(): boolean;
  /** So many of those can be read now, under the same id, and were of this contract. */
  fillPlaceless(contractId: string, count: number): void;
}

/** What could not be read and has no place in the log; with `from_version` it was told by a history. */
const PLACELESS = `kind = 'quarantine' AND from_sequence IS NULL`;

/** What could not be read, in a stretch that is no longer the log's. */
const LOST = `kind = 'quarantine' AND epoch_index IS NULL AND epoch = ? AND from_sequence <= ? AND to_sequence >= ?`;

export function openGaps(store: Store, accountId: number, now: number): Gaps {
  let opened = 0;
  /** Opened, and in no hurry. */
  let waiting = 0;
  let healedCovering = false;
  // Looked up once where there is none: it is asked for with each event that comes.
  const placeless = store.cached('placeless gap', accountId, () => ({
    isOpen: isPlacelessOpen(store, accountId),
  }));

  function insert(gap: {
    readonly kind: GapKind;
    readonly epoch?: string | null;
    readonly epochIndex?: number | null;
    readonly from?: number | null;
    readonly to?: number | null;
    readonly start?: number | null;
    readonly end?: number | null;
    readonly contractId?: string | null;
    readonly fromVersion?: number;
    readonly toVersion?: number;
    readonly missing: number | null;
    readonly note: string;
  }): void {
    store
      .sql(
        `INSERT INTO gap (account_id, kind, epoch_index, epoch, from_sequence, to_sequence, start_position, end_position,
           contract_id, from_version, to_version, missing, opened_at, note)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        accountId,
        gap.kind,
        gap.epochIndex ?? null,
        gap.epoch ?? null,
        gap.from ?? null,
        gap.to ?? null,
        gap.start ?? null,
        gap.end ?? null,
        gap.contractId ?? null,
        gap.fromVersion ?? null,
        gap.toVersion ?? null,
        gap.missing,
        now,
        gap.note.slice(0, 300),
      );
    opened++;
  }

  function heal(where: string, ...values: readonly (string | number)[]): number {
    const { changes } = store
      .sql(
        `UPDATE gap SET healed_at = ?, next_attempt_at = NULL, missing = 0 WHERE account_id = ? AND healed_at IS NULL AND ${where}`,
      )
      .run(now, accountId, ...values);
    return changes;
  }

  function covering(): boolean {
    return (
      store
        .sql(
          `SELECT 1 FROM gap WHERE account_id = ? AND healed_at IS NULL AND kind <> 'version' AND NOT (${PLACELESS}) LIMIT 1`,
        )
        .get(accountId) !== undefined
    );
  }

  return {
    opened: () => opened,
    openedToFetch: () => opened - waiting,
    openRange(kind, epoch, from, to, note) {
      const missing = to < from ? 0 : to - from + 1 - countStored(store, accountId, epoch.index, from, to);
      if (missing === 0 && kind !== 'epoch') return 0;
      const empty = to < from;
      insert({
        kind,
        epoch: epoch.label,
        epochIndex: epoch.index,
        from: empty ? null : from,
        to: empty ? null : to,
        // An epoch gap begins with the unknown end of the epoch before.
        start: positionOf(epoch.index, kind === 'epoch' ? 0 : from),
        end: positionOf(epoch.index, empty ? from - 1 : to),
        missing: counted(missing),
        note,
      });
      return missing;
    },
    openUnknown(kind, epoch, { start, end }, note, canWait = false) {
      if (canWait) waiting++;
      insert({ kind, epoch, start, end, missing: null, note });
    },
    openVersions(contractId, from, to, missing, note) {
      insert({
        kind: 'version',
        contractId,
        fromVersion: from,
        toVersion: to,
        missing: counted(missing),
        note,
      });
    },
    openQuarantine(place, contractId, note) {
      waiting++;
      if ('epoch' in place) {
        const { epoch, sequence } = place;
        const { changes } = store
          .sql(
            `UPDATE gap SET to_sequence = ?, end_position = ?, missing = missing + 1, attempt_run = NULL,
               contract_id = CASE WHEN contract_id = ? THEN contract_id END
             WHERE account_id = ? AND healed_at IS NULL AND kind = 'quarantine' AND epoch_index = ? AND to_sequence = ?`,
          )
          .run(sequence, positionOf(epoch.index, sequence), contractId, accountId, epoch.index, sequence - 1);
        if (changes > 0) {
          opened++;
          return;
        }
        const position = positionOf(epoch.index, sequence);
        insert({
          kind: 'quarantine',
          epoch: epoch.label,
          epochIndex: epoch.index,
          from: sequence,
          to: sequence,
          start: position,
          end: position,
          contractId,
          missing: 1,
          note,
        });
        return;
      }
      placeless.isOpen = true;
      const { changes } = store
        .sql(
          `UPDATE gap SET missing = missing + 1, attempt_run = NULL, start_position = min(start_position, ?),
             contract_id = CASE WHEN contract_id = ? THEN contract_id END
           WHERE account_id = ? AND healed_at IS NULL AND ${PLACELESS} AND from_version IS NULL`,
        )
        .run(place.start, contractId, accountId);
      if (changes > 0) opened++;
      else insert({ kind: 'quarantine', start: place.start, contractId, missing: 1, note });
    },
    fill(epochIndex, sequence, healNow) {
      cutOut(
        store,
        accountId,
        sequence,
        'epoch_index = ? AND from_sequence <= ? AND to_sequence >= ?',
        epochIndex,
        sequence,
        sequence,
      );
      const { changes } = store
        .sql(
          `UPDATE gap SET missing = missing - 1
           WHERE account_id = ? AND healed_at IS NULL AND epoch_index = ? AND from_sequence <= ? AND to_sequence >= ?`,
        )
        .run(accountId, epochIndex, sequence, sequence);
      if (changes > 0 && healNow) {
        const healed = heal(
          `epoch_index = ? AND from_sequence <= ? AND to_sequence >= ? AND missing <= 0 AND kind <> 'epoch'`,
          epochIndex,
          sequence,
          sequence,
        );
        if (healed > 0) healedCovering = true;
      }
    },
    fillAgain(epochIndex, sequence, contractId) {
      const place = `kind = 'quarantine' AND epoch_index = ? AND from_sequence <= ? AND to_sequence >= ? AND contract_id = ?`;
      const values = [epochIndex, sequence, sequence, contractId] as const;
      cutOut(store, accountId, sequence, place, ...values);
      store
        .sql(`UPDATE gap SET missing = missing - 1 WHERE account_id = ? AND healed_at IS NULL AND ${place}`)
        .run(accountId, ...values);
      if (heal(`${place} AND missing <= 0`, ...values) > 0) healedCovering = true;
    },
    hasLost: ({ epoch, sequence }) =>
      store
        .sql(`SELECT 1 FROM gap WHERE account_id = ? AND healed_at IS NULL AND ${LOST} LIMIT 1`)
        .get(accountId, epoch, sequence, sequence) !== undefined,
    fillLost({ epoch, sequence }) {
      cutOut(store, accountId, sequence, LOST, epoch, sequence, sequence);
      store
        .sql(`UPDATE gap SET missing = missing - 1 WHERE account_id = ? AND healed_at IS NULL AND ${LOST}`)
        .run(accountId, epoch, sequence, sequence);
      if (heal(`${LOST} AND missing <= 0`, epoch, sequence, sequence) > 0) healedCovering = true;
    },
    healNamed(isHere) {
      const named = store
        .sql(
          `SELECT gap_id AS id, epoch AS name FROM gap
           WHERE account_id = ? AND healed_at IS NULL AND epoch_index IS NULL AND from_sequence IS NULL
             AND kind = 'sequence' AND epoch IS NOT NULL`,
        )
        .all(accountId) as { id: number; name: string }[];
      const here = named.filter(({ name }) => isHere(name));
      for (const { id } of here) heal('gap_id = ?', id);
      if (here.length > 0) healedCovering = true;
      return here.length;
    },
    fillVersions(contractId, columns) {
      const gaps = store
        .sql(
          `SELECT gap_id AS id, from_version AS low, to_version AS high FROM gap
           WHERE account_id = ? AND healed_at IS NULL AND from_version IS NOT NULL AND contract_id = ?`,
        )
        .all(accountId, contractId) as { id: number; low: number; high: number }[];
      for (const gap of gaps) {
        const missing = countAbsent(columns, gap.low, gap.high);
        if (missing === 0) heal('gap_id = ?', gap.id);
        else store.sql('UPDATE gap SET missing = ? WHERE gap_id = ?').run(counted(missing), gap.id);
      }
    },
    versionsUnreadable(contractId, from, to) {
      store
        .sql(
          `UPDATE gap SET kind = 'quarantine' WHERE account_id = ? AND healed_at IS NULL AND kind = 'version'
             AND contract_id = ? AND from_version <= ? AND to_version >= ? AND missing = ?`,
        )
        .run(accountId, contractId, from, to, to - from + 1);
    },
    sequenceUnreadable: (epochIndex, sequence, contractId, note) =>
      partUnreadable(store, accountId, { epochIndex, sequence, contractId, note }),
    covering,
    explains(contractId, absent) {
      const known = store
        .sql(
          `SELECT coalesce(sum(missing), 0) AS told, coalesce(sum(kind = 'quarantine'), 0) AS unreadable FROM gap
           WHERE account_id = ? AND healed_at IS NULL
             AND (${PLACELESS} AND (contract_id IS NULL OR contract_id = ?) OR kind = 'version' AND contract_id = ?)`,
        )
        .get(accountId, contractId, contractId) as { told: number; unreadable: number };
      return known.unreadable > 0 && known.told >= absent;
    },
    awaits: (epochIndex, sequence, contractId) =>
      store
        .sql(
          `SELECT 1 FROM gap WHERE account_id = ? AND healed_at IS NULL AND kind = 'quarantine' AND contract_id = ?
             AND epoch_index = ? AND from_sequence <= ? AND to_sequence >= ? LIMIT 1`,
        )
        .get(accountId, contractId, epochIndex, sequence, sequence) !== undefined,
    hasPlaceless: () => placeless.isOpen && (placeless.isOpen = isPlacelessOpen(store, accountId)),
    fillPlaceless(contractId, count) {
      const where = `${PLACELESS} AND from_version IS NULL AND (contract_id IS NULL OR contract_id = ?)`;
      store
        .sql(`UPDATE gap SET missing = missing - ? WHERE account_id = ? AND healed_at IS NULL AND ${where}`)
        .run(count, accountId, contractId);
      if (heal(`${where} AND missing <= 0`, contractId) > 0) healedCovering = true;
    },
    healedCovering: () => healedCovering,
    covers(epochIndex, sequence) {
      return (
        store
          .sql(
            `SELECT 1 FROM gap WHERE account_id = ? AND healed_at IS NULL AND epoch_index = ?
               AND from_sequence <= ? AND to_sequence >= ? LIMIT 1`,
          )
          .get(accountId, epochIndex, sequence, sequence) !== undefined
      );
    },
  };
}

const isPlacelessOpen = (store: Store, accountId: number): boolean =>
  store
    .sql(
      `SELECT 1 FROM gap WHERE account_id = ? AND healed_at IS NULL AND ${PLACELESS} AND from_version IS NULL LIMIT 1`,
    )
    .get(accountId) !== undefined;
