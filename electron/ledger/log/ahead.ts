import type { SnapshotContract } from '../ingest.ts';
import type { StatusChanged } from '../../../protocol/event.ts';
import { decodeEvent } from '../../../protocol/decode-event.ts';
import type { WriteContext } from './write-context.ts';
import { blankContract, type ContractRecord } from '../storage/contract-record.ts';
import { epochIndexOf, positionOf, sequenceOfPosition } from './epochs.ts';
import { projectEvent, projectSnapshot, refreshAction, searchTextOf } from './projection.ts';

/** What the row shows, of which a preview may be wrong. */
const SHOWN = [
  'position',
  'version',
  'title',
  'counterparties',
  'amountValue',
  'amountCurrency',
  'dueAt',
  'dueTime',
  'fromStatus',
  'toStatus',
  'severity',
  'actionRequired',
  'actorName',
  'reasonText',
  'time',
  'since',
  'lastEventId',
  'fromSnapshot',
  'superseded',
  'snoozedUntil',
] as const satisfies readonly (keyof ContractRecord)[];

/** Keeps the row as the log left it, before a preview changes it. */
export function saveLogState(record: ContractRecord): void {
  record.logState =
    record.version === 0 ? '' : JSON.stringify(Object.fromEntries(SHOWN.map((key) => [key, record[key]])));
}

function savedState(record: ContractRecord): ContractRecord {
  const blank = blankContract(record.contractRowid, record.contractId);
  return record.logState ? Object.assign(blank, JSON.parse(record.logState)) : blank;
}

/** What a snapshot for repair says holds, whatever becomes of the preview. */
export function repairLogState(
  record: ContractRecord,
  item: SnapshotContract,
  lastEvent: StatusChanged | null,
  place: number,
): void {
  if (record.ahead === 0) return;
  const saved = savedState(record);
  if (!projectSnapshot(saved, item, lastEvent, place)) return;
  record.logState = JSON.stringify(Object.fromEntries(SHOWN.map((key) => [key, saved[key]])));
}

/**
 * Takes the mark from rows that the log has reached without bringing them itself. Where their event lies in a gap the row
 * stays, as if a snapshot for repair had told it; where the log went another way (a new life, another event in that place)
 * the row becomes what the log says.
 */
export function reconcileAhead(context: WriteContext): void {
  const { store, state, contracts, epochs, gaps } = context;
  const epoch = state.currentEpoch === null ? undefined : epochs.at(state.currentEpoch);
  if (!epoch) return;
  const rows = store
    .sql('SELECT contract_rowid AS id FROM contract WHERE account_id = ? AND ahead <> 0 AND position <= ?')
    .all(state.accountId, positionOf(epoch.index, epoch.lastSequence)) as { id: number }[];
  for (const { id } of rows) {
    const record = contracts.byRowid(id);
    if (!record || record.ahead === 0) continue;
    const here = epochIndexOf(record.position) === epoch.index;
    if (!here || !gaps.covers(epoch.index, sequenceOfPosition(record.position))) {
      retract(context, record);
      state.previewEpoch = null;
      continue;
    }
    record.ahead = 0;
    record.logState = null;
    contracts.touch(record);
  }
  if (rows.length > 0) contracts.flush();
}

/** All rows become what the log says: before its end is taken away. */
export function retractPreview(context: WriteContext): void {
  const { store, state, contracts } = context;
  state.previewEpoch = null;
  contracts.flush();
  const rows = store
    .sql('SELECT contract_rowid AS id FROM contract WHERE account_id = ? AND ahead <> 0')
    .all(state.accountId) as { id: number }[];
  for (const { id } of rows) {
    const record = contracts.byRowid(id);
    if (record && record.ahead !== 0) retract(context, record);
  }
  if (rows.length > 0) contracts.flush();
}

/** The server says that its log ends here, of which a preview has shown more: what it showed is no more. */
export function noteEnd(
  context: WriteContext,
  epochIndex: number,
  sequence: number,
  at: number | null,
): void {
  const { previewEpoch, previewSequence, previewTime } = context.state;
  if (previewEpoch !== epochIndex || previewSequence === null || sequence >= previewSequence) return;
  // A head from before the preview is no news.
  if (at === null || previewTime === null || at > previewTime) retractPreview(context);
}

/** As the log left it, and then what it has brought since. */
function retract({ store, state, contracts }: WriteContext, record: ContractRecord): void {
  const saved = savedState(record);
  const events = store
    .sql(
      `SELECT position, envelope FROM event JOIN raw_envelope USING (event_rowid)
       WHERE account_id = ? AND contract_rowid = ? AND position > ? ORDER BY position`,
    )
    .all(state.accountId, record.contractRowid, saved.position) as { position: number; envelope: string }[];
  for (const { position, envelope } of events) {
    const decoded = decodeEvent(envelope);
    if (decoded.ok) projectEvent(saved, decoded.value, position);
  }
  if (saved.version === 0) {
    contracts.remove(record);
    return;
  }
  for (const key of SHOWN) Object.assign(record, { [key]: saved[key] });
  refreshAction(record);
  record.searchText = searchTextOf(record);
  record.ahead = 0;
  record.logState = null;
  contracts.touch(record);
}

/** Seen ahead of the log: what leads to it counts as read when it comes. */
export function readAhead(record: ContractRecord): void {
  record.ahead = 1;
  record.readTo = Math.max(record.readTo ?? 0, record.position);
}

/** The newest change, which is still to come, is to be unread. */
export function unreadAhead(record: ContractRecord): void {
  record.ahead = 2;
  record.readTo = record.position - 1;
}
