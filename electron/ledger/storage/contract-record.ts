import type { AcknowledgementState } from '../../../protocol/view.ts';
import type { Severity } from '../../../protocol/statuses.ts';
import { selectList } from './column-names.ts';
import type { VersionColumns } from './versions.ts';

/** One contract as its latest change shows it, and what is known of its versions. Flags are 0 or 1. */
export interface ContractRecord extends VersionColumns {
  readonly contractRowid: number;
  readonly contractId: string;
  /** Of its latest change: what the views are ordered by. */
  position: number;
  /** Unread events stored. */
  unread: number;
  /** The latest change requires an action that nobody has taken on. */
  actionOpen: number;
  /** What the search reads, where it is to be written; null: as it stands in the file. */
  searchText: string | null;
  version: number;
  title: string;
  /** JSON array. */
  counterparties: string;
  amountValue: string | null;
  amountCurrency: string | null;
  dueAt: string | null;
  /** `dueAt` as epoch ms, by which it is compared. */
  dueTime: number | null;
  fromStatus: string | null;
  toStatus: string;
  severity: Severity;
  actionRequired: number;
  actorName: string | null;
  reasonText: string | null;
  time: string;
  since: string;
  lastEventId: string | null;
  /** The row is what a snapshot told; the event of its version may still come. */
  fromSnapshot: number;
  /** The row belongs to a life of the log that the server lost: anything newer in time replaces it. */
  superseded: number;
  /** A version is missing between stored ones, after the contract's baseline. */
  gap: number;
  /** At `basePosition` the contract stood at `baseVersion`, and all later versions are ours to have; null: unknown. */
  baseVersion: number | null;
  basePosition: number | null;
  /** Set by the baseline snapshot: earlier versions are never ours to have. */
  baseFixed: number;
  snapVersion: number | null;
  snapRun: number;
  ackVersion: number | null;
  ackState: AcknowledgementState | null;
  ackAt: number | null;
  ackBy: string | null;
  /** JSON of an AcknowledgementProblem. */
  ackProblem: string | null;
  muted: number;
  /** Epoch ms; UNTIL_CHANGED: until its next change; null: not snoozed. A newer version ends it. */
  snoozedUntil: number | null;
  /** The action by which all changes stored so far count as read, whatever their own marks say; null: the marks hold. */
  readBy: number | null;
  /** 1: a preview has brought the row ahead of the log, and it was seen as it stands; 2: and it was not; 0: as the log has it. */
  ahead: 0 | 1 | 2;
  /** Where ahead: the row as the log left it (see ahead.ts); null otherwise. */
  logState: string | null;
  /** Changes up to this position count as read when they come: what they led to was seen ahead of them. */
  readTo: number | null;
}

/** Later than every date (ECMA-262 §21.4.1.1). */
export const UNTIL_CHANGED = 8.64e15;

/** What an ordinary event changes. */
export const HOT_FIELDS = [
  'position',
  'unread',
  'actionOpen',
  'version',
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
  'haveTop',
] as const satisfies readonly (keyof ContractRecord)[];

export const COLD_FIELDS = [
  'title',
  'counterparties',
  'amountValue',
  'amountCurrency',
  'dueAt',
  'dueTime',
  'superseded',
  'haveLow',
  'haveParts',
  'gap',
  'baseVersion',
  'basePosition',
  'baseFixed',
  'snapVersion',
  'snapRun',
  'ackVersion',
  'ackState',
  'ackAt',
  'ackBy',
  'ackProblem',
  'muted',
  'snoozedUntil',
  'readBy',
  'ahead',
  'logState',
  'readTo',
] as const satisfies readonly (keyof ContractRecord)[];

export const CONTRACT_SELECT = `SELECT ${selectList(['contractRowid', 'contractId', ...HOT_FIELDS, ...COLD_FIELDS])} FROM contract`;

export function blankContract(contractRowid: number, contractId: string): ContractRecord {
  return {
    contractRowid,
    contractId,
    position: 0,
    unread: 0,
    actionOpen: 0,
    searchText: null,
    version: 0,
    title: '',
    counterparties: '[]',
    amountValue: null,
    amountCurrency: null,
    dueAt: null,
    dueTime: null,
    fromStatus: null,
    toStatus: '',
    severity: 'info',
    actionRequired: 0,
    actorName: null,
    reasonText: null,
    time: '',
    since: '',
    lastEventId: null,
    fromSnapshot: 0,
    superseded: 0,
    haveLow: null,
    haveTop: null,
    haveParts: null,
    gap: 0,
    baseVersion: null,
    basePosition: null,
    baseFixed: 0,
    snapVersion: null,
    snapRun: 0,
    ackVersion: null,
    ackState: null,
    ackAt: null,
    ackBy: null,
    ackProblem: null,
    muted: 0,
    snoozedUntil: null,
    readBy: null,
    ahead: 0,
    logState: null,
    readTo: null,
  };
}
