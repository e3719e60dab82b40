import type { Severity } from './statuses.ts';

/** "While you were away": the net change of each contract during the last absence. */
export interface AwaySummary {
  /** Epoch ms, client clock. */
  readonly since: number;
  readonly until: number;
  /** Changes received for that time, and how many are known missing (null: an unknown number). */
  readonly changes: number;
  readonly missing: number | null;
  /** Contracts that changed. */
  readonly contracts: number;
  /** What needs the person first, then the most severe, then the newest; at most 200. */
  readonly items: readonly AwayItem[];
}

export interface AwayItem {
  readonly contractId: string;
  readonly title: string;
  readonly counterparty: string | null;
  /** Status before the absence (null: the contract is new) and at its end. */
  readonly from: string | null;
  readonly to: string;
  readonly severity: Severity;
  /** The last change of the absence asks for an action, still stands, and nobody has taken it on. */
  readonly actionRequired: boolean;
  /** The way from one to the other, oldest first, at most 20 steps (the newest ones). */
  readonly path: readonly {
    readonly to: string;
    readonly time: string;
    readonly actorName: string | null;
  }[];
  /** Steps altogether. */
  readonly steps: number;
}
