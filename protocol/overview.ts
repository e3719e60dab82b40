import type { Severity } from './statuses.ts';

/** Figures of the whole account, each from the ledger by SQL. Totals equal the lists' counts. */
export interface Overview {
  /** Contracts by present status (codes, possibly unknown ones); their sum is `counts.all`. */
  readonly statuses: readonly { readonly status: string; readonly count: number }[];
  /** One entry for each of the last `days` local days, oldest first, today last; days without a change too. */
  readonly days: readonly {
    /** `YYYY-MM-DD`, local. */
    readonly day: string;
    /** Changes by the server's time, of those kept here. */
    readonly changes: Readonly<Record<Severity, number>>;
  }[];
  /**
   * Contracts due, neither signed nor over, and not snoozed. `overdue` sums to the view `overdue`: late by at least so many times 24 hours,
   * and by less than the next (0, 1, 7, 30). `soon` sums to `due_soon`: local days from today on, those without any too.
   */
  readonly due: {
    readonly overdue: readonly { readonly atLeastDays: number; readonly count: number }[];
    readonly soon: readonly { readonly day: string; readonly count: number }[];
  };
  /**
   * Amounts of contracts that are not over, by currency: never summed across currencies. Exact decimal sums, without zeros
   * at their end. The currency of most contracts first.
   */
  readonly amounts: readonly {
    readonly currency: string;
    readonly open: string;
    readonly contracts: number;
  }[];
  /** Epoch ms of the client's clock when these figures were read. */
  readonly at: number;
}
