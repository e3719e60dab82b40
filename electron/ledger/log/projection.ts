import type { Contract, Counterparty, StatusChanged } from '../../../protocol/event.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import { cutText, foldText } from '../../../protocol/text.ts';
import type { ContractRecord } from '../storage/contract-record.ts';
import type { SnapshotContract } from '../ingest.ts';
import { addVersion, countAbsent } from '../storage/versions.ts';

/**
 * Shows the event on the contract's row if it is newer than what the row shows, or if it is the event of a
 * version that only a snapshot told so far. A late event changes nothing here.
 */
export function projectEvent(record: ContractRecord, event: StatusChanged, position: number): boolean {
  const { contract, change, severity, actionRequired } = event.data;
  const newer =
    contract.version > record.version ||
    (record.superseded === 1 && position > record.position) ||
    (contract.version === record.version && record.fromSnapshot === 1);
  if (!newer) return false;
  const isShown =
    contract.version === record.version &&
    (record.superseded === 0 || showsChange(record, contract.version, change.to, event.id));
  if (!isShown) leaveChange(record, contract.version);
  if (record.toStatus !== change.to || record.since === '') record.since = event.time;
  describe(record, contract);
  record.version = contract.version;
  record.position = position;
  record.fromStatus = change.from;
  record.toStatus = change.to;
  record.severity = severity;
  record.actionRequired = actionRequired ? 1 : 0;
  record.actorName = change.actor?.name ?? null;
  record.reasonText = reasonOf(change.reason);
  record.time = event.time;
  record.lastEventId = event.id;
  record.fromSnapshot = 0;
  record.superseded = 0;
  record.ahead = 0;
  record.logState = null;
  refreshAction(record);
  return true;
}

/** The event that the row shows came once more with other details: they are shown, and nothing else changes. */
export function describeRevision(record: ContractRecord, event: StatusChanged): void {
  const { contract, change, severity, actionRequired } = event.data;
  describe(record, contract);
  record.fromStatus = change.from;
  record.severity = severity;
  record.actionRequired = actionRequired ? 1 : 0;
  record.actorName = change.actor?.name ?? null;
  record.reasonText = reasonOf(change.reason);
  record.time = event.time;
  refreshAction(record);
}

function showsChange(
  record: ContractRecord,
  version: number,
  status: string,
  eventId: string | null,
): boolean {
  return record.version === version && record.toStatus === status && record.lastEventId === eventId;
}

/**
 * The row goes on to another change: what the person has done with the one that it shows ends. Where the log went back, so does what
 * was taken on since: the change that has that version now is another one, until it is seen to be the same (`recallAcknowledgement`).
 */
function leaveChange(record: ContractRecord, version: number): void {
  record.snoozedUntil = null;
  const { superseded, ackVersion } = record;
  if (superseded === 0 || ackVersion === null || ackVersion > record.version || ackVersion < version) return;
  forgetAcknowledgement(record);
}

/** Nobody has taken on the change that the row shows. */
export function forgetAcknowledgement(record: ContractRecord): void {
  record.ackVersion = null;
  record.ackState = null;
  record.ackAt = null;
  record.ackBy = null;
  record.ackProblem = null;
}

/** The contract's versions began anew with another life of the log: what is known of those before says nothing of the new ones. */
export function restartVersions(record: ContractRecord): void {
  record.haveLow = null;
  record.haveTop = null;
  record.haveParts = null;
  record.gap = 0;
  record.baseVersion = null;
  record.basePosition = null;
  record.baseFixed = 0;
  record.snapVersion = null;
}

/**
 * A new life of the log tells of the contract for the first time, at `position`, and nothing is known that both lives share. What was
 * shown before was here; of the versions from there up to `upTo` none is, whatever became of them.
 */
export function keepBefore(record: ContractRecord, upTo: number, position: number): void {
  if (record.superseded === 0 || record.version === 0 || record.baseVersion !== null) return;
  if (upTo <= record.version) return;
  addVersion(record, record.version);
  record.baseVersion = record.version;
  record.basePosition = position;
}

/**
 * The first event of a contract that only a list has told of so far. What led to the version in the list may be missing or not; what
 * lies between the two is. A preview's row does not count: its changes are on their way.
 */
export function keepListed(record: ContractRecord, version: number, position: number): void {
  if (record.version === 0 || record.baseVersion !== null || record.ahead !== 0) return;
  if (version <= record.version + 1) return;
  record.baseVersion = record.version + 1;
  record.basePosition = position;
}

/** Shows what a snapshot says of the contract, with the details of its latest event where that came along. */
export function projectSnapshot(
  record: ContractRecord,
  item: SnapshotContract,
  lastEvent: StatusChanged | null,
  position: number,
): boolean {
  if (item.contract.version <= record.version && record.superseded === 0) return false;
  const change = lastEvent?.data.change;
  const { version } = item.contract;
  if (!showsChange(record, version, item.status, item.lastEventId)) leaveChange(record, version);
  describe(record, item.contract);
  record.version = version;
  record.position = position;
  record.fromStatus = change?.from ?? null;
  record.toStatus = item.status;
  record.severity = item.severity;
  record.actionRequired = item.actionRequired ? 1 : 0;
  record.actorName = change?.actor?.name ?? null;
  record.reasonText = change ? reasonOf(change.reason) : null;
  record.time = lastEvent?.time ?? item.since;
  record.since = item.since;
  record.lastEventId = item.lastEventId;
  record.fromSnapshot = 1;
  record.superseded = 0;
  refreshAction(record);
  return true;
}

function describe(record: ContractRecord, contract: Contract): void {
  const counterparties = JSON.stringify(contract.counterparties.map(shortenParty));
  const isBlank = record.version === 0;
  if (isBlank || record.title !== contract.title || record.counterparties !== counterparties) {
    record.searchText = textOf(contract);
  }
  record.title = contract.title;
  record.counterparties = counterparties;
  record.amountValue = contract.amount?.value ?? null;
  record.amountCurrency = contract.amount?.currency ?? null;
  if (record.dueAt !== contract.dueAt) {
    record.dueAt = contract.dueAt;
    record.dueTime = contract.dueAt === null ? null : parseInstant(contract.dueAt);
  }
}

/** What the search reads of the row as it stands. */
export function searchTextOf(record: ContractRecord): string {
  const counterparties = JSON.parse(record.counterparties) as Contract['counterparties'];
  return textOf({ id: record.contractId, title: record.title, counterparties });
}

/** As much as the pane shows (read-model/shorten.ts). Characters; `parties` is their number. */
const SEARCHED = { title: 1000, parties: 100 };

function textOf({ id, title, counterparties }: Pick<Contract, 'id' | 'title' | 'counterparties'>): string {
  const names = counterparties.slice(0, SEARCHED.parties).map((party) => shortenParty(party).name);
  return foldText([title.slice(0, SEARCHED.title), ...names, id].join('\n'));
}

/**
 * Every list, count and search reads the parties of each contract: a million characters of them in a row make all of those slow.
 * Whole they are in the raw text of the change that told of them.
 */
function shortenParty(party: Counterparty): Counterparty {
  const name = cutText(party.name, PARTY.name);
  return typeof party.role === 'string'
    ? { ...party, name, role: cutText(party.role, PARTY.role) }
    : { ...party, name };
}

/** As long as the pane shows them. Characters. */
const PARTY = { name: 300, role: 200 };

function reasonOf(reason: StatusChanged['data']['change']['reason']): string | null {
  if (!reason) return null;
  return reason.text || reason.code || null;
}

/** An action is open until somebody has taken this very version on, or said so and it is on its way. */
export function refreshAction(record: ContractRecord): void {
  const taken =
    record.ackVersion === record.version &&
    (record.ackState === 'held' || record.ackState === 'sending' || record.ackState === 'sent');
  record.actionOpen = record.actionRequired === 1 && !taken ? 1 : 0;
}

/**
 * Notes that this version's event is (or once was) stored at this position. `isBelow`: the contract begins with the lower of two
 * versions where that lies lower in the log; of events that a history tells without a place nobody knows where they lie.
 */
export function noteVersion(
  record: ContractRecord,
  version: number,
  position: number,
  isBelow = position < (record.basePosition ?? 0),
): void {
  addVersion(record, version);
  if (record.baseVersion === null || record.basePosition === null) {
    record.baseVersion = version;
    record.basePosition = position;
  } else if (record.baseFixed === 0 && version < record.baseVersion && isBelow) {
    record.baseVersion = version;
    record.basePosition = Math.min(position, record.basePosition);
  }
  refreshGap(record);
}

export function refreshGap(record: ContractRecord): void {
  const { haveLow, haveTop, haveParts, baseVersion } = record;
  if (haveLow === null || haveTop === null || baseVersion === null) record.gap = 0;
  else if (haveParts === null) record.gap = baseVersion < haveLow ? 1 : 0;
  else record.gap = countAbsent(record, baseVersion, haveTop) > 0 ? 1 : 0;
}
