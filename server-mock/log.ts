import type { StatusChanged } from '../protocol/event.ts';
import { STATUS_CHANGED_TYPE } from '../protocol/event.ts';
import { formatPosition, formatSequence, parsePosition } from '../protocol/cursor.ts';

/** Where a client with some cursor goes on: the index in the record of the next event to send. */
export interface Place {
  readonly from: number;
  /** The cursor is older than what is kept, beyond the head, or of another epoch. */
  readonly stale: boolean;
}

/**
 * One user's append-only log. `record` holds everything ever published over all epochs and never
 * shrinks; replay sees the present epoch's newest `retention` events, history ten times as many over all epochs.
 */
export interface UserLog {
  readonly userId: string;
  readonly record: readonly StatusChanged[];
  append(data: StatusChanged['data'], time: string): StatusChanged;
  /** The event's JSON text, made once for as long as it is recent. */
  json(index: number): string;
  head(): string | null;
  oldest(): string | null;
  place(cursor: string | null): Place;
  /** Index of the oldest event kept for replay. */
  firstKept(): number;
  /** One contract's events within history's reach, oldest first. */
  history(contractId: string): readonly StatusChanged[];
  /** The contract's latest event in the present epoch. */
  latest(contractId: string): StatusChanged | undefined;
  /** Index in the record of what followed this event; undefined for another epoch's, or beyond the head. */
  indexAfter(eventId: string): number | undefined;
  newEpoch(): void;
  /** Counts from 1 again in the same epoch: ids come that were given before, for other events. */
  restart(): void;
  truncate(keep: number): void;
}

interface IdForm {
  format(epoch: number, sequence: number): string;
  parse(id: string): { readonly epoch: number; readonly sequence: number } | undefined;
}

const ownForm: IdForm = {
  format: (epoch, sequence) => formatPosition({ epoch: `e${epoch}`, sequence }),
  parse(id) {
    const position = parsePosition(id);
    return position && { epoch: Number(position.epoch.slice(1)), sequence: position.sequence };
  },
};

/** As other servers name events: opaque to our client (`1712:3`). */
const foreignForm: IdForm = {
  format: (epoch, sequence) => `${1711 + epoch}:${sequence}`,
  parse(id) {
    const match = /^(\d{4,15}):(\d{1,15})$/.exec(id);
    return match ? { epoch: Number(match[1]) - 1711, sequence: Number(match[2]) } : undefined;
  },
};

const HISTORY_FACTOR = 10;
const RECENT_TEXTS = 4096;

export function createUserLog(userId: string, retention: number, foreign: boolean): UserLog {
  const form = foreign ? foreignForm : ownForm;
  const record: StatusChanged[] = [];
  const byContract = new Map<string, number[]>();
  // A ring of the newest texts: many streams of one user read the same events at the same time.
  const texts: (string | undefined)[] = [];
  let epoch = 1;
  let epochStart = 0;
  let cutAt = 0;

  const firstKept = () => Math.max(epochStart, cutAt, record.length - retention);

  return {
    userId,
    record,
    firstKept,
    append(data, time) {
      const sequence = record.length - epochStart + 1;
      const id = form.format(epoch, sequence);
      const event: StatusChanged = {
        specversion: '1.0',
        id,
        source: `/streams/${userId}`,
        type: STATUS_CHANGED_TYPE,
        subject: `contract/${data.contract.id}`,
        time,
        ...(foreign ? {} : { sequence: formatSequence(sequence) }),
        data,
      };
      const indexes = byContract.get(data.contract.id);
      if (indexes) indexes.push(record.length);
      else byContract.set(data.contract.id, [record.length]);
      texts[record.length % RECENT_TEXTS] = undefined;
      record.push(event);
      return event;
    },
    json(index) {
      if (index < record.length - RECENT_TEXTS) return JSON.stringify(record[index]);
      const slot = index % RECENT_TEXTS;
      return (texts[slot] ??= JSON.stringify(record[index]));
    },
    head: () => (record.length > epochStart ? (record[record.length - 1]?.id ?? null) : null),
    oldest: () => record[firstKept()]?.id ?? null,
    place(cursor) {
      const kept = firstKept();
      // No cursor means "from the beginning": a client whose snapshot named an empty log loses nothing.
      if (cursor === null || cursor === '') return { from: kept, stale: !foreign && kept > epochStart };
      const position = form.parse(cursor);
      if (position?.epoch === epoch) {
        const next = epochStart + position.sequence;
        if (next >= kept && next <= record.length) return { from: next, stale: false };
      }
      // A foreign server knows no StreamStale: what it cannot place, it follows live from the oldest it has.
      return { from: kept, stale: !foreign };
    },
    history(contractId) {
      const reach = record.length - retention * HISTORY_FACTOR;
      const indexes = byContract.get(contractId) ?? [];
      return indexes.filter((index) => index >= reach).map((index) => record[index] as StatusChanged);
    },
    latest(contractId) {
      const index = byContract.get(contractId)?.at(-1);
      return index === undefined || index < epochStart ? undefined : record[index];
    },
    indexAfter(eventId) {
      const position = form.parse(eventId);
      if (position?.epoch !== epoch) return undefined;
      const next = epochStart + position.sequence;
      return next <= record.length ? next : undefined;
    },
    newEpoch() {
      epoch += 1;
      epochStart = record.length;
    },
    restart() {
      epochStart = record.length;
    },
    truncate(keep) {
      cutAt = Math.max(cutAt, record.length - Math.max(0, Math.floor(keep)));
    },
  };
}
