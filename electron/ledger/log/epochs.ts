import { parsePosition, type Position } from '../../../protocol/cursor.ts';
import { selectList } from '../storage/column-names.ts';
import type { Store } from '../storage/store.ts';

/**
 * The lives of a server's log as this account saw them. An epoch's index grows with each new one, so that
 * `position = index * 2^40 + sequence` orders all events of an account and stays a safe integer.
 *
 * One label may own several rows: when a server came back from a backup or began to count anew, its re-used sequences
 * begin a new row (`firstSequence`) above the superseded ones. Events keep their ids: the position tells the life. Opaque ids count arrivals in an epoch of their own. Index 0
 * gathers what history brings from before the first epoch seen here.
 */
export interface Epoch {
  readonly index: number;
  kind: 'own' | 'opaque' | 'early' | 'superseded';
  label: string;
  firstSequence: number;
  /** Everything after it is ours to have. */
  baselineSequence: number;
  /** 1: the baseline is from a snapshot, an empty log or the epoch's first event. */
  proven: number;
  lastSequence: number;
}

const MUTABLE = ['kind', 'label', 'firstSequence', 'baselineSequence', 'proven', 'lastSequence'] as const;

/** Before every event: where a snapshot stands that knows of none although the stream has brought some. */
export const EMPTY_LOG = 0;

const STRIDE = 2 ** 40;
/** None in a row is greater. */
export const LAST_SEQUENCE = STRIDE - 1;
/** Above this index nothing stays a safe integer; the last one takes all that comes (a hostile server). */
const MAX_EPOCH_INDEX = 8191;

export function positionOf(epochIndex: number, sequence: number): number {
  return epochIndex * STRIDE + sequence;
}

export function sequenceOfPosition(position: number): number {
  return position % STRIDE;
}

export function epochIndexOf(position: number): number {
  return Math.floor(position / STRIDE);
}

/** No id's epoch holds it. */
const SUPERSEDED = '~';

/** The label under which the server knew it; null where ids name none. */
function logOf({ kind, label }: Epoch): string | null {
  return kind === 'own' || kind === 'superseded' ? (label.split(SUPERSEDED)[0] ?? null) : null;
}

/** A greater jump of an epoch's number is no count of epochs. */
const MAX_PASSED_OVER = 16n;

const epochNumber = (label: string): bigint => (/^e\d+$/.test(label) ? BigInt(label.slice(1)) : -1n);

export interface Epochs {
  all(): readonly Epoch[];
  at(index: number): Epoch | undefined;
  /** The epoch in which this position lies; undefined for a label never seen. */
  find(position: Position): Epoch | undefined;
  /** A new one above all others. */
  add(
    kind: 'own' | 'opaque',
    label: string,
    baseline: { sequence: number; proven: boolean },
    first?: number,
  ): Epoch;
  /** Places for the epochs that an account with an empty baseline has missed before this one, its first. */
  reserveBefore(label: string): void;
  /** A place for an opaque id: the newest epoch if it is opaque, else a new one. */
  nextOpaque(): number;
  /**
   * A place for an event that history brought: its own epoch where that is known; above all when its
   * label is a later number than any seen; at the bottom otherwise.
   */
  placeOfHistory(eventId: string): number;
  /** A new epoch for opaque ids: what comes from now on is another life of the log. */
  beginOpaque(): void;
  /** No more epochs can be told apart: all that comes goes into the last one. */
  isFull(): boolean;
  /** The rows of this log's lives before this one, newest first. */
  livesBefore(epoch: Epoch): readonly Epoch[];
  /** The row in which this log went on, where no other log came in between. */
  nextLife(epoch: Epoch): Epoch | undefined;
  /** A place at the bottom, before the first epoch seen here. */
  nextEarly(): number;
  /** False for a position in a stretch that the server has lost. */
  isLive(position: number): boolean;
  /** Ends this epoch after `sequence`, and gives all later ones (before `next`) labels that no id can name. */
  retireAfter(epoch: Epoch, sequence: number, next?: Epoch): void;
  save(): void;
}

export function openEpochs(store: Store, accountId: number): Epochs {
  const { epochs, saved } = store.cached('epochs', accountId, () => {
    const rows = store
      .sql(
        `SELECT epoch_index AS "index", ${selectList(['kind', 'label', 'firstSequence', 'baselineSequence', 'proven', 'lastSequence'])}
         FROM epoch WHERE account_id = ? ORDER BY epoch_index`,
      )
      .all(accountId) as Epoch[];
    return { epochs: rows, saved: new Map(rows.map((epoch) => [epoch.index, { ...epoch }])) };
  });

  /** Epochs that came and went unseen keep their places, so that what history brings of them stays in order. */
  function passOver(label: string): void {
    const newest = epochs.at(-1);
    if (newest?.kind !== 'own') return;
    const [from, to] = [epochNumber(newest.label), epochNumber(label)];
    if (from < 0n || to - from > MAX_PASSED_OVER) return;
    for (let number = from + 1n; number < to; number++) {
      addOne('own', `e${number}`, { sequence: 0, proven: true });
    }
  }

  function reserveBefore(label: string): void {
    const to = epochNumber(label);
    if (epochs.length > 0 || to - 1n > MAX_PASSED_OVER) return;
    for (let number = 1n; number < to; number++) {
      addOne('own', `e${number}`, { sequence: 0, proven: true });
    }
  }

  function add(
    kind: Epoch['kind'],
    label: string,
    baseline: { readonly sequence: number; readonly proven: boolean },
    first = 1,
  ): Epoch {
    if (kind === 'own') passOver(label);
    return addOne(kind, label, baseline, first);
  }

  function addOne(
    kind: Epoch['kind'],
    label: string,
    baseline: { readonly sequence: number; readonly proven: boolean },
    first = 1,
  ): Epoch {
    const newest = epochs.at(-1)?.index ?? 0;
    const full = isFull();
    const last = epochs.at(-1);
    if (full && last?.index === MAX_EPOCH_INDEX) return last;
    const epoch: Epoch = {
      index: newest + 1,
      kind: full ? 'opaque' : kind,
      label: full ? '' : label,
      firstSequence: first,
      baselineSequence: baseline.sequence,
      proven: baseline.proven ? 1 : 0,
      lastSequence: full ? 0 : baseline.sequence,
    };
    epochs.push(epoch);
    return epoch;
  }

  function find(position: Position): Epoch | undefined {
    for (let i = epochs.length - 1; i >= 0; i--) {
      const epoch = epochs[i];
      if (
        epoch?.kind === 'own' &&
        epoch.label === position.epoch &&
        epoch.firstSequence <= position.sequence
      ) {
        return epoch;
      }
    }
    return undefined;
  }

  // Indexes have no gaps.
  const at = (index: number): Epoch | undefined => epochs[index - (epochs[0]?.index ?? 0)];
  const isFull = (): boolean => (epochs.at(-1)?.index ?? 0) >= MAX_EPOCH_INDEX - 1;

  function nextOpaque(): number {
    const newest = epochs.at(-1);
    const epoch = newest?.kind === 'opaque' ? newest : add('opaque', '', { sequence: 0, proven: false });
    epoch.lastSequence++;
    return positionOf(epoch.index, epoch.lastSequence);
  }

  function nextEarly(): number {
    let early = epochs[0];
    if (early?.kind !== 'early') {
      early = {
        index: 0,
        kind: 'early',
        label: '',
        firstSequence: 1,
        baselineSequence: 0,
        proven: 0,
        lastSequence: 0,
      };
      epochs.unshift(early);
    }
    early.lastSequence++;
    return positionOf(0, early.lastSequence);
  }

  return {
    all: () => epochs,
    at,
    find,
    add,
    reserveBefore,
    nextOpaque,
    placeOfHistory(eventId) {
      const position = parsePosition(eventId);
      if (!position) return nextOpaque();
      const known = find(position);
      if (known) return positionOf(known.index, position.sequence);
      const own = epochs.filter((epoch) => epoch.kind === 'own');
      const later = own.every((epoch) => epochNumber(epoch.label) < epochNumber(position.epoch));
      if (!later || own.length === 0) return nextEarly();
      const epoch = add('own', position.epoch, { sequence: 0, proven: true });
      return epoch.kind === 'own' ? positionOf(epoch.index, position.sequence) : nextOpaque();
    },
    beginOpaque() {
      if (!isFull()) add('opaque', '', { sequence: 0, proven: false });
    },
    isFull,
    livesBefore: (epoch) =>
      epochs
        .filter((each) => each.index < epoch.index && logOf(each) !== null && logOf(each) === logOf(epoch))
        .toReversed(),
    nextLife(epoch) {
      const next = epochs.find((each) => each.index > epoch.index && each.kind !== 'superseded');
      return next?.kind === 'own' && next.label === epoch.label ? next : undefined;
    },
    nextEarly,
    isLive(position) {
      const epoch = at(epochIndexOf(position));
      if (epoch?.kind !== 'own') return epoch !== undefined && epoch.kind !== 'superseded';
      return find({ epoch: epoch.label, sequence: sequenceOfPosition(position) }) === epoch;
    },
    retireAfter(epoch, sequence, next) {
      for (const each of epochs) {
        if (each.kind !== 'own' || each.index < epoch.index) continue;
        if (next && each.index >= next.index) break;
        if (each !== epoch || sequence === 0) {
          each.kind = 'superseded';
          each.label = `${each.label}${SUPERSEDED}${each.index}`;
        } else {
          each.lastSequence = Math.min(each.lastSequence, sequence);
        }
      }
    },
    save() {
      // Only what changed is written: the ordinary append touches one row.
      for (const epoch of epochs) {
        const before = saved.get(epoch.index);
        if (before && MUTABLE.every((field) => before[field] === epoch[field])) continue;
        saved.set(epoch.index, { ...epoch });
        store
          .sql(
            `INSERT INTO epoch (account_id, epoch_index, kind, label, first_sequence, baseline_sequence, proven, last_sequence)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (account_id, epoch_index) DO UPDATE SET kind = excluded.kind, label = excluded.label, first_sequence = excluded.first_sequence,
               baseline_sequence = excluded.baseline_sequence, proven = excluded.proven, last_sequence = excluded.last_sequence`,
          )
          .run(
            accountId,
            epoch.index,
            epoch.kind,
            epoch.label,
            epoch.firstSequence,
            epoch.baselineSequence,
            epoch.proven,
            epoch.lastSequence,
          );
      }
    },
  };
}
