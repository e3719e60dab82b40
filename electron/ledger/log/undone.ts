import type { StatusChanged } from '../../../protocol/event.ts';
import type { SnapshotContract } from '../ingest.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import { dropAbove } from '../storage/versions.ts';
import { epochIndexOf, positionOf, type Epoch } from './epochs.ts';
import { refreshGap, restartVersions } from './projection.ts';
import type { WriteContext } from './write-context.ts';

/*
 * A new log mostly goes on where the one before it ended: versions grow, and a row accepts newer ones only. Where the server came
 * back from a backup they do not: what the old log told last was undone, and what the new one says of the contract counts.
 */

/** A snapshot that reaches into the new log has the contract less far than the row, or in another status. */
export function undoBySnapshot(context: WriteContext, { contract, status }: SnapshotContract): void {
  const record = context.contracts.get(contract.id);
  const current = context.epochs.at(context.state.currentEpoch ?? -1);
  if (record === undefined || current === undefined || !isOfLogBefore(context, record, current)) return;
  const { version } = contract;
  if (version > record.version || (version === record.version && status === record.toStatus)) return;
  const isKept = statusBefore(context, record, version, current) === status;
  undoAbove(record, isKept ? version : version - 1);
}

/** An event of the new log has another status for a version than the old one had. One that was only renumbered has not. */
export function undoByEvent(
  context: WriteContext,
  record: ContractRecord,
  { data: { contract, change } }: StatusChanged,
  position: number,
): void {
  if (contract.version > record.version) return;
  const epoch = context.epochs.at(epochIndexOf(position));
  if (epoch === undefined || !isOfLogBefore(context, record, epoch)) return;
  const before =
    contract.version === record.version
      ? record.toStatus
      : statusBefore(context, record, contract.version, epoch);
  if (before !== null && before !== change.to) undoAbove(record, contract.version - 1);
}

/** The row is as another log left it, which `epoch` came after. */
function isOfLogBefore({ epochs }: WriteContext, record: ContractRecord, epoch: Epoch): boolean {
  if (epoch.kind !== 'own' || record.superseded === 1 || record.ahead !== 0) return false;
  const of = epochs.at(epochIndexOf(Math.max(record.position, record.basePosition ?? 0)));
  if (of === undefined || of.kind === 'opaque') return false;
  return of.index < epoch.index && of.label !== epoch.label;
}

/** Which status the contract got with this version in a log before; null where that event is not stored. */
function statusBefore(
  { store, state }: WriteContext,
  record: ContractRecord,
  version: number,
  epoch: Epoch,
): string | null {
  const row = store
    .sql(
      `SELECT to_status AS status FROM event WHERE account_id = ? AND contract_rowid = ? AND version = ? AND position < ?
       ORDER BY position DESC LIMIT 1`,
    )
    .get(state.accountId, record.contractRowid, version, positionOf(epoch.index, 0)) as
    { status: string } | undefined;
  return row?.status ?? null;
}

/** Both logs have the versions up to `kept`. */
function undoAbove(record: ContractRecord, kept: number): void {
  record.superseded = 1;
  if (record.baseVersion === null || kept < record.baseVersion) {
    restartVersions(record);
    return;
  }
  dropAbove(record, kept);
  refreshGap(record);
}
