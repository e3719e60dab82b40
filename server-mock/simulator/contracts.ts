import type { Amount, Contract } from '../../protocol/event.ts';
import type { Severity, StatusCode } from '../../protocol/statuses.ts';
import { STATUSES } from '../../protocol/statuses.ts';
import type { Random } from '../random.ts';
import { CURRENCIES, PARTIES, TITLES } from './words.ts';
import type { Party } from './words.ts';

/** What the server knows of one contract. `contract` is replaced, never changed in place: snapshots keep it. */
export interface ContractState {
  contract: Contract;
  status: string;
  /** The status before `on_hold`, to which `previous` leads. */
  beforeHold: string | null;
  since: string;
  severity: Severity;
  actionRequired: boolean;
  readonly party: Party;
  readonly followers: string[];
}

const DAY_MS = 86_400_000;

export function makeAmount(random: Random, language: 'en' | 'ru'): Amount {
  const [currency, least, most, decimals] = random.pick<readonly [string, number, number, number]>(
    CURRENCIES[language],
  );
  // Skewed to small amounts, as contracts are; rounded to hundreds so that it reads like a price.
  const units = Math.round((least + (most - least) * random.next() ** 3) / 100) * 100;
  return { value: decimals === 0 ? String(units) : `${units}.${'0'.repeat(decimals)}`, currency };
}

/** Midnight in Moscow (21:00 UTC) some days on: an instant that is a day's end for one zone and mid-evening for others. */
export function makeDueAt(random: Random, fromMs: number): string {
  const day = Math.floor(fromMs / DAY_MS) + 2 + random.integer(60);
  return new Date(day * DAY_MS + 21 * 3_600_000).toISOString().replace('.000Z', 'Z');
}

/** A contract before its first change: version 0 as nothing has been said of it yet. */
export function makeContract(
  random: Random,
  id: string,
  followers: readonly string[],
  atMs: number,
): ContractState {
  const party = random.pick(PARTIES);
  const [subject, role] = random.pick<readonly [string, string]>(TITLES[party.language]);
  const counterparties = [{ id: party.id, name: party.name, role }];
  if (random.chance(0.15)) {
    const second = random.pick(PARTIES);
    if (second.id !== party.id)
      counterparties.push({ id: second.id, name: second.name, role: 'third_party' });
  }
  return {
    contract: {
      id,
      title: subject,
      version: 0,
      counterparties,
      amount: random.chance(0.9) ? makeAmount(random, party.language) : null,
      dueAt: random.chance(0.8) ? makeDueAt(random, atMs) : null,
    },
    status: 'draft',
    beforeHold: null,
    since: new Date(atMs).toISOString(),
    severity: 'info',
    actionRequired: false,
    party,
    followers: [...followers],
  };
}

const EARLY_STATUSES = [
  'draft',
  'in_review',
  'changes_requested',
  'approved',
  'sent',
  'viewed',
  'partially_signed',
  'signed',
  'active',
  'active',
] as const satisfies readonly StatusCode[];

/** Gives the contract a life before the log began: a status and a version that no event tells of. */
export function ageContract(random: Random, state: ContractState, logStartMs: number): void {
  const index = random.integer(EARLY_STATUSES.length);
  const status = EARLY_STATUSES[index] as StatusCode;
  state.status = status;
  state.severity = STATUSES[status].severity;
  state.actionRequired = status === 'changes_requested' || (status === 'sent' && random.chance(0.5));
  state.contract = { ...state.contract, version: index + 1 + random.integer(3) };
  state.since = new Date(logStartMs - 3_600_000 - random.integer(20 * DAY_MS)).toISOString();
}
