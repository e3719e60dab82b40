import {
  CONDITION_KEYS,
  type ConditionKey,
  DUE_SOON_MS,
  fixConditions,
  type FixedConditions,
  type Sort,
  type ViewFilter,
  type ViewName,
} from '../../../protocol/filter.ts';
import {
  AWAITING,
  DUE_SETTLED,
  SEVERITIES,
  STATUS_CODES,
  type Severity,
} from '../../../protocol/statuses.ts';
import { foldText, foundWordsOf, wordsOf } from '../../../protocol/text.ts';

/** What a list is, said plainly over an array of contracts. */
export interface ModelContract {
  readonly id: string;
  position: number;
  title: string;
  parties: readonly string[];
  amount: { readonly value: string; readonly currency: string } | null;
  dueAt: string | null;
  status: string;
  severity: Severity;
  actor: string;
  actionRequired: boolean;
  time: number;
  /** Stored changes. */
  unread: number;
  /** Whether the row shows a change that the log has yet to bring, and whether it was seen. */
  ahead: 'no' | 'seen' | 'unread';
  muted: boolean;
  snoozed: boolean;
  /** Of all its changes, oldest first; the last change may have none. */
  reasons: string[];
  reason: string | null;
}

const has = (codes: readonly string[], code: string): boolean => codes.includes(code);

export function isIn(contract: ModelContract, view: ViewName, now: number): boolean {
  if (view === 'all') return true;
  if (view === 'snoozed') return contract.snoozed;
  if (contract.snoozed) return false;
  const due =
    contract.dueAt === null || has(DUE_SETTLED, contract.status) ? Number.NaN : Date.parse(contract.dueAt);
  switch (view) {
    case 'unread':
      return (contract.unread > 0 || contract.ahead === 'unread') && !contract.muted;
    case 'action_required':
      return contract.actionRequired;
    case 'waiting':
      return has(AWAITING, contract.status) && !contract.actionRequired;
    case 'overdue':
      return due < now;
    case 'due_soon':
      return due >= now && due < now + DUE_SOON_MS;
    case 'muted':
      return contract.muted;
  }
}

const begins = (text: string, word: string): boolean =>
  foundWordsOf(text).some((other) => other.startsWith(word));

function shows(contract: ModelContract, word: string): boolean {
  return [contract.title, ...contract.parties, contract.id, contract.reason ?? ''].some((text) =>
    begins(text, word),
  );
}

function isFound(contract: ModelContract, word: string): boolean {
  return shows(contract, word) || contract.reasons.some((reason) => begins(reason, word));
}

/** The newest reason with all words that the row does not show, or else with one of them. */
export function foundReason(contract: ModelContract, text: string): string | null {
  const missing = wordsOf(text).filter((word) => !shows(contract, word));
  if (missing.length === 0) return null;
  const newest = contract.reasons.toReversed();
  return (
    newest.find((reason) => missing.every((word) => begins(reason, word))) ??
    newest.find((reason) => missing.some((word) => begins(reason, word))) ??
    null
  );
}

/** The decimal as an integer, so that 40 digits are compared exactly. */
function exact(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(10, '0'));
  return text.startsWith('-') ? -value : value;
}

const within = (at: number, bounds: { readonly from: number | null; readonly to: number | null }): boolean =>
  (bounds.from === null || at >= bounds.from) && (bounds.to === null || at < bounds.to);

const MEETS: {
  readonly [K in ConditionKey]: (contract: ModelContract, asked: NonNullable<FixedConditions[K]>) => boolean;
} = {
  statuses: (contract, codes) => codes.includes(contract.status),
  severities: (contract, names) => names.includes(contract.severity),
  parties: (contract, names) => names.some((name) => contract.parties.includes(name)),
  actors: (contract, names) => names.includes(contract.actor),
  amount: ({ amount }, { currency, min, max }) =>
    amount?.currency === currency &&
    (min === null || exact(amount.value) >= exact(min)) &&
    (max === null || exact(amount.value) <= exact(max)),
  due: ({ dueAt }, asked) =>
    asked === 'none' ? dueAt === null : dueAt !== null && within(Date.parse(dueAt), asked),
  period: (contract, asked) => within(contract.time, asked),
};

function meets(contract: ModelContract, asked: FixedConditions): boolean {
  return CONDITION_KEYS.every((key) => asked[key] === undefined || MEETS[key](contract, asked[key] as never));
}

type Value = number | bigint | string;

function valueOf(contract: ModelContract, by: Sort['by']): Value | null {
  switch (by) {
    case 'recent':
      return contract.position;
    case 'due':
      return contract.dueAt === null ? null : Date.parse(contract.dueAt);
    case 'amount':
      return contract.amount && exact(contract.amount.value);
    case 'title':
      return foldText(contract.title);
    case 'party':
      return contract.parties[0] === undefined ? null : foldText(contract.parties[0]);
    case 'status': {
      const place = (STATUS_CODES as readonly string[]).indexOf(contract.status);
      return place < 0 ? null : place;
    }
    case 'severity':
      return SEVERITIES.indexOf(contract.severity);
  }
}

export function selectContracts(
  contracts: readonly ModelContract[],
  { view, text, conditions = {}, sort = { by: 'recent', descending: true } }: ViewFilter,
  now: number,
): readonly ModelContract[] {
  const asked = fixConditions(conditions, now);
  const members = contracts.filter(
    (contract) =>
      isIn(contract, view, now) &&
      meets(contract, asked) &&
      wordsOf(text).every((word) => isFound(contract, word)),
  );
  return members.toSorted((a, b) => {
    const x = valueOf(a, sort.by);
    const y = valueOf(b, sort.by);
    const newer = b.position - a.position;
    if (x === null || y === null) return Number(x === null) - Number(y === null) || newer;
    if (sort.by === 'amount' && a.amount?.currency !== b.amount?.currency) {
      return (a.amount?.currency ?? '') < (b.amount?.currency ?? '') ? -1 : 1;
    }
    if (x === y) return newer;
    return x < y === sort.descending ? 1 : -1;
  });
}
