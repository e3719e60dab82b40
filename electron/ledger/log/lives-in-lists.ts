import { decodeEvent } from '../../../protocol/decode-event.ts';
import type { StatusChanged } from '../../../protocol/event.ts';
import { parsePosition } from '../../../protocol/cursor.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import type { SnapshotContract } from '../ingest.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import { addVersion } from '../storage/versions.ts';
import { beginsAnew, currentEpoch } from './context.ts';
import { positionOf } from './epochs.ts';
import { refreshGap, restartVersions } from './projection.ts';
import { noteRestart, openRestart } from './restarts.ts';
import type { WriteContext } from './write-context.ts';

/** What a list of contracts tells of the lives of the log. */

/**
 * Whether a list has a contract at the version that is shown here, but by another change of the same log: the log went back, and has
 * come as far again since, which no id has told. `logBegan`: what lies below this position is another log's.
 */
export function contradictsShown(context: WriteContext, logBegan: number): boolean {
  const { store, state } = context;
  const others = store
    .sql(
      `SELECT staged.item, c.last_event_id AS shownId, c.to_status AS status, c.since FROM staged_contract AS staged
         JOIN contract AS c ON c.account_id = staged.account_id AND c.contract_id = staged.contract_id
       WHERE staged.account_id = ? AND staged.version = c.version AND c.superseded = 0 AND c.ahead = 0 AND c.position >= ?
         AND (staged.item ->> '$.status' <> c.to_status OR staged.item ->> '$.lastEventId' <> c.last_event_id)`,
    )
    .iterate(state.accountId, Math.max(logBegan, state.lifePosition)) as Iterable<Shown>;
  for (const shown of others) {
    const told = JSON.parse(shown.item) as SnapshotContract;
    if (told.status === shown.status && !isOtherChange(told, shown)) continue;
    const isRepeated = noteRestart(context);
    const label = currentEpoch(context)?.label ?? null;
    const { id, version } = told.contract;
    openRestart(
      context,
      label,
      null,
      `a list has another change for version ${version} of ${id}`,
      isRepeated,
    );
    return true;
  }
  return false;
}

interface Shown {
  readonly item: string;
  readonly shownId: string | null;
  readonly status: string;
  readonly since: string;
}

/**
 * Two changes of one log have this version: the later one is told with it, or the status holds since later. An id alone tells nothing: a
 * server may name in the list what was no change of the status.
 */
function isOtherChange({ contract, lastEvent, lastEventId, since }: SnapshotContract, shown: Shown): boolean {
  const [now, before] = [parsePosition(lastEventId ?? ''), parsePosition(shown.shownId ?? '')];
  if (!now || now.epoch !== before?.epoch || now.sequence === before.sequence) return false;
  if ((parseInstant(since) ?? 0) > (parseInstant(shown.since) ?? Number.POSITIVE_INFINITY)) return true;
  const decoded = lastEvent === null ? null : decodeEvent(lastEvent);
  return (
    decoded?.ok === true &&
    decoded.value.id === lastEventId &&
    decoded.value.data.contract.version === contract.version
  );
}

/**
 * The log went back further than its head let us think: this version came again under another id or with another status, so
 * the one that is here was undone, and what is known of the versions says nothing of those that came instead.
 */
export function restartIfOther(context: WriteContext, item: SnapshotContract): void {
  const record = context.contracts.get(item.contract.id);
  if (record === undefined || record.ahead !== 0) return;
  const isOther =
    record.superseded === 1 ? contradictsKept(context, record, item) : isOtherThanShown(record, item);
  if (!isOther) return;
  record.superseded = 1;
  restartVersions(record);
}

function isOtherThanShown(record: ContractRecord, item: SnapshotContract): boolean {
  if (record.version !== item.contract.version) return false;
  if (record.lastEventId === null || item.lastEventId === null) return false;
  return record.lastEventId !== item.lastEventId || record.toStatus !== item.status;
}

/**
 * What was taken to be left of the contract in the log is not: the snapshot has it less far, has another event for that version, or
 * has the one with which it begins here later in the log than that.
 */
function contradictsKept(
  { store, state, epochs }: WriteContext,
  record: ContractRecord,
  { contract: { version }, lastEventId }: SnapshotContract,
): boolean {
  if (version < (record.haveTop ?? 0)) return true;
  const position = parsePosition(lastEventId ?? '');
  if (!position) return false;
  const stored = store
    .sql(
      'SELECT event_id AS id FROM event WHERE account_id = ? AND contract_rowid = ? AND version = ? ORDER BY position DESC LIMIT 1',
    )
    .get(state.accountId, record.contractRowid, version) as { id: string } | undefined;
  if (stored !== undefined) return stored.id !== lastEventId;
  const { baseVersion, basePosition } = record;
  if (baseVersion === null || basePosition === null || version > baseVersion) return false;
  const epoch = epochs.find(position);
  return epoch !== undefined && positionOf(epoch.index, position.sequence) > basePosition;
}

/** A contract that an earlier life of opaque ids told of last: as it was, or with versions that began anew. */
export function meetAgain(
  context: WriteContext,
  record: ContractRecord,
  item: SnapshotContract,
  lastEvent: StatusChanged | null,
): void {
  const { version } = item.contract;
  const top = record.haveTop ?? 0;
  record.superseded = 1;
  if (!beginsAnew(context, record, version, item.lastEventId)) return;
  const known = lastEvent === null || context.events.lookUp(lastEvent).same !== null;
  const isSame =
    record.lastEventId === null || item.lastEventId === null || record.lastEventId === item.lastEventId;
  const unchanged = version === record.version && item.status === record.toStatus && known && isSame;
  if (version === top && unchanged) record.superseded = 0;
  else restartVersions(record);
}

/**
 * A contract in a stretch that the log has lost is in a snapshot just as the last event of that stretch left it: it was not undone,
 * only its events are no longer in the log. What is here of its versions counts, and so does what is missing between them.
 */
export function takeBack(
  { store, state, contracts }: WriteContext,
  record: ContractRecord,
  { contract: { version }, status, lastEventId }: SnapshotContract,
): void {
  const isAsItWas =
    version === record.version && status === record.toStatus && lastEventId === record.lastEventId;
  if (!isAsItWas || lastEventId === null || parsePosition(lastEventId) === undefined) return;
  contracts.flush();
  const stored = store
    .sql(
      'SELECT version, position FROM event WHERE account_id = ? AND contract_rowid = ? AND version <= ? ORDER BY version DESC',
    )
    .all(state.accountId, record.contractRowid, version) as { version: number; position: number }[];
  // Of the baseline no event needs to be here.
  if (stored.length === 0 && record.position <= state.baselinePosition)
    stored.push({ version, position: record.position });
  const first = stored.at(-1);
  if (first === undefined) return;
  for (const each of stored) addVersion(record, each.version);
  record.superseded = 0;
  record.baseVersion = Math.min(first.version, record.baseVersion ?? first.version);
  record.basePosition = Math.min(first.position, record.basePosition ?? first.position);
  record.baseFixed = 1;
  refreshGap(record);
}
