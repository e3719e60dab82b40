import type { AcknowledgementState, ContractRow } from '../../../protocol/view.ts';
import type { Counterparty } from '../../../protocol/event.ts';
import { isUsualTransition, isStatusCode } from '../../../protocol/statuses.ts';
import { UNTIL_CHANGED, type ContractRecord } from '../storage/contract-record.ts';

/** The acknowledgement of the version shown; that of an earlier version says nothing of this one. */
export function acknowledgementOf(
  record: Pick<ContractRecord, 'ackState' | 'ackVersion' | 'ackProblem' | 'version'>,
): AcknowledgementState {
  if (record.ackVersion !== record.version) return 'none';
  return record.ackState === 'sending' && record.ackProblem !== null
    ? 'unconfirmed'
    : (record.ackState ?? 'none');
}

/** A row that only a snapshot told has no transition to judge, just a code. */
export function isUnusual(from: string | null, to: string, fromSnapshot: boolean): boolean {
  return fromSnapshot && from === null ? !isStatusCode(to) : !isUsualTransition(from, to);
}

/** What a row shows of the record. */
export type ShownRecord = Pick<
  ContractRecord,
  | 'contractId'
  | 'title'
  | 'counterparties'
  | 'amountValue'
  | 'amountCurrency'
  | 'dueAt'
  | 'version'
  | 'fromStatus'
  | 'toStatus'
  | 'fromSnapshot'
  | 'severity'
  | 'actionRequired'
  | 'actorName'
  | 'reasonText'
  | 'time'
  | 'unread'
  | 'ackVersion'
  | 'ackState'
  | 'ackProblem'
  | 'muted'
  | 'snoozedUntil'
  | 'ahead'
>;

/** With `parties` in place of the record's own, where not all of them are wanted. */
export function toContractRow(
  accountId: number,
  record: ShownRecord,
  parties: readonly Counterparty[] = JSON.parse(record.counterparties) as Counterparty[],
): ContractRow {
  return {
    key: `${accountId}/${record.contractId}`,
    contractId: record.contractId,
    title: record.title,
    counterparties: parties,
    amount:
      record.amountValue === null || record.amountCurrency === null
        ? null
        : { value: record.amountValue, currency: record.amountCurrency },
    dueAt: record.dueAt,
    version: record.version,
    from: record.fromStatus,
    to: record.toStatus,
    unusual: isUnusual(record.fromStatus, record.toStatus, record.fromSnapshot === 1),
    severity: record.severity,
    actionRequired: record.actionRequired === 1,
    actorName: record.actorName,
    reasonText: record.reasonText,
    time: record.time,
    unread: record.unread + (record.ahead === 2 ? 1 : 0),
    acknowledgement: acknowledgementOf(record),
    muted: record.muted === 1,
    snoozed:
      record.snoozedUntil === null
        ? null
        : { until: record.snoozedUntil === UNTIL_CHANGED ? null : record.snoozedUntil },
    found: null,
  };
}
