import type { Change } from '../../protocol/event.ts';
import { isStatusCode, STATUSES } from '../../protocol/statuses.ts';
import type { StatusCode } from '../../protocol/statuses.ts';
import type { Random } from '../random.ts';
import { makeAmount, makeDueAt } from './contracts.ts';
import type { ContractState } from './contracts.ts';
import { COLLEAGUES, REASONS } from './words.ts';

/** Ends are rare, so that contracts live long enough to have a history. */
const WEIGHTS: Partial<Record<StatusCode, number>> = {
  cancelled: 0.4,
  terminated: 0.4,
  fulfilled: 0.6,
  ended: 0.8,
  rejected: 1,
  declined: 1.5,
  expired: 1,
  on_hold: 2,
};
const USUAL_WEIGHT = 6;

/** Statuses in which the other side, or nobody, acts; all others are the work of colleagues. */
const BY_COUNTERPARTY: ReadonlySet<string> = new Set(['viewed', 'partially_signed', 'declined', 'signed']);
const BY_SYSTEM: ReadonlySet<string> = new Set(['expired', 'ended', 'active']);
/** Statuses after which somebody on our side usually has to do something, with the share of cases. */
const ACTION_SHARE: Readonly<Record<string, number>> = {
  in_review: 0.4,
  changes_requested: 1,
  sent: 0.4,
  partially_signed: 0.7,
  declined: 1,
  expired: 0.8,
  rejected: 0.6,
  on_hold: 0.2,
};

/** True when the status model knows no way on. */
export function isAtEnd(state: ContractState): boolean {
  return isStatusCode(state.status) && STATUSES[state.status].next.length === 0;
}

/** A usual next status; a contract at its end is taken up again by hand, as real systems allow. */
export function chooseNext(random: Random, state: ContractState): string {
  if (!isStatusCode(state.status) || isAtEnd(state)) return 'in_review';
  const next = STATUSES[state.status].next;
  const chosen = random.weighted<string>(next, (code) =>
    isStatusCode(code) ? (WEIGHTS[code] ?? USUAL_WEIGHT) : USUAL_WEIGHT,
  );
  return chosen === 'previous' ? (state.beforeHold ?? 'in_review') : chosen;
}

export function makeActor(random: Random, state: ContractState, to: string): NonNullable<Change['actor']> {
  if (BY_SYSTEM.has(to)) return { id: 'system', name: 'System', kind: 'system' };
  if (BY_COUNTERPARTY.has(to))
    return { id: `a-${state.party.id}`, name: state.party.person, kind: 'counterparty' };
  const names = COLLEAGUES[state.party.language];
  const index = random.integer(names.length);
  return { id: `a-${state.party.language}${index}`, name: names[index] as string, kind: 'colleague' };
}

export function makeReason(random: Random, state: ContractState): NonNullable<Change['reason']> {
  const [code, text] = random.pick<readonly [string, string]>(REASONS[state.party.language]);
  return { code, text };
}

export function needsReason(to: string): boolean {
  return isStatusCode(to) && STATUSES[to].reasonRequired;
}

export function needsAction(random: Random, to: string): boolean {
  return random.chance(ACTION_SHARE[to] ?? 0);
}

/** What else changes with the status: an amendment its amount, a renewal and a new round of signing the due date. */
export function amendContract(random: Random, state: ContractState, to: string, atMs: number): void {
  if (to === 'amended' && state.contract.amount)
    state.contract = { ...state.contract, amount: makeAmount(random, state.party.language) };
  if (to === 'renewed' || to === 'sent')
    state.contract = { ...state.contract, dueAt: makeDueAt(random, atMs) };
}
