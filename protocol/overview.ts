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
  /** Contracts due and not over. `overdue` sums to the view `overdue`, `soon` to `due_soon`. */
  readonly due: {
    readonly overdue: readonly { readonly atLeastDays: number; readonly count: number }[];
    readonly soon: readonly { readonly day: string; readonly count: number }[];
  };
  /** Open contracts' amounts by currency: never summed across currencies. Exact decimal sums. */
  readonly amounts: readonly {
    readonly currency: string;
    readonly open: string;
    readonly contracts: number;
  }[];
  /** Epoch ms of the client's clock when these figures were read. */
  readonly at: number;
}
