import type { AcknowledgementProblem, ContractDetail, TimelineEntry } from '../../../protocol/view.ts';
import type { Severity } from '../../../protocol/statuses.ts';
import { CONTRACT_SELECT, type ContractRecord } from '../storage/contract-record.ts';
import { readLastViewed } from './last-viewed.ts';
import { acknowledgementOf, isUnusual } from './rows.ts';
import { shortenEntry, toPaneRow } from './shorten.ts';
import type { Store } from '../storage/store.ts';
import { countAbsent } from '../storage/versions.ts';
import { epochIndexOf } from '../log/epochs.ts';
import { mayLack } from '../log/list-gaps.ts';

const MAX_TIMELINE = 500;

interface EventRow {
  readonly position: number;
  readonly eventId: string;
  readonly version: number;
  readonly fromStatus: string | null;
  readonly toStatus: string;
  readonly severity: Severity;
  readonly actionRequired: number;
  readonly actorName: string | null;
  readonly actorKind: string | null;
  readonly reasonCode: string | null;
  readonly reasonText: string | null;
  readonly time: string;
  readonly unread: number;
}

/** One contract with its newest 500 changes; null when it is not known. */
export function readContract(store: Store, accountId: number, contractId: string): ContractDetail | null {
  const record = store
    .sql(`${CONTRACT_SELECT} WHERE account_id = ? AND contract_id = ?`)
    .get(accountId, contractId) as ContractRecord | undefined;
  if (!record) return null;
  const events = store
    .sql(
      `SELECT position, event_id AS eventId, version, from_status AS fromStatus, to_status AS toStatus, severity,
         action_required AS actionRequired, actor_name AS actorName, actor_kind AS actorKind,
         reason_code AS reasonCode, reason_text AS reasonText, time, unread
       FROM event WHERE account_id = ? AND contract_rowid = ?
       ORDER BY position >> 40 DESC, version DESC, position DESC LIMIT ${MAX_TIMELINE}`,
    )
    .all(accountId, record.contractRowid) as EventRow[];
  const { first } = store
    .sql('SELECT min(version) AS first FROM event WHERE account_id = ? AND contract_rowid = ?')
    .get(accountId, record.contractRowid) as { first: number | null };
  const base = record.baseVersion ?? record.haveLow ?? record.version;
  const state = acknowledgementOf(record);
  return {
    row: toPaneRow(accountId, record),
    since: record.since,
    timeline: events.map((event) => toEntry(event, record.readBy === null)),
    earlierVersions: first === null ? record.version : first - 1,
    // Ahead of the log nothing is missing yet: it is on its way.
    hasGap:
      (countAbsent(record, base, record.ahead === 0 ? record.version : (record.haveTop ?? 0)) > 0 ||
        skipsBefore(record, events)) &&
      mayLack(store, accountId, contractId),
    lastViewed: readLastViewed(store, accountId, record),
    portalUrl: null,
    acknowledgement: {
      state,
      at: state === 'none' ? null : record.ackAt,
      by: state === 'none' ? null : record.ackBy,
      problem:
        state === 'none' || record.ackProblem === null
          ? null
          : (JSON.parse(record.ackProblem) as AcknowledgementProblem),
    },
  };
}

/**
 * The log began anew, and of the lives before it, or between them and the first version since then, versions are not here: nobody has
 * said yet that they are none of the new life.
 */
function skipsBefore(record: ContractRecord, events: readonly EventRow[]): boolean {
  const { baseFixed, basePosition } = record;
  if (baseFixed === 1 || basePosition === null) return false;
  const first = events.findLastIndex(({ position }) => epochIndexOf(position) === epochIndexOf(basePosition));
  if (first === -1) return false;
  const before = events.slice(first);
  return before.some(({ version }, index) => version > (before[index + 1]?.version ?? version) + 1);
}

function toEntry(event: EventRow, marked: boolean): TimelineEntry {
  return shortenEntry({
    eventId: event.eventId,
    version: event.version,
    from: event.fromStatus,
    to: event.toStatus,
    unusual: isUnusual(event.fromStatus, event.toStatus, false),
    severity: event.severity,
    actionRequired: event.actionRequired === 1,
    actorName: event.actorName,
    actorKind: event.actorKind,
    reasonCode: event.reasonCode,
    reasonText: event.reasonText,
    time: event.time,
    unread: marked && event.unread === 1,
  });
}
