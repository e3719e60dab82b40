import { DUE_SOON_MS, type ViewFilter } from '../../../protocol/filter.ts';
import type { Overview } from '../../../protocol/overview.ts';
import { isStatusCode, OVER, SEVERITIES, STATUS_CODES, type Severity } from '../../../protocol/statuses.ts';
import { familyOf, type ChipFamily } from '../../ui/status-family.ts';

/** What the figures say, and which list each of them stands for. No number is reckoned twice: all are main's. */

const DAY = 86_400_000;

export interface StageGroup {
  readonly family: ChipFamily;
  readonly count: number;
  readonly statuses: readonly { readonly status: string; readonly count: number }[];
}

const FAMILIES: readonly ChipFamily[] = [
  'preparing',
  'signing',
  'decision',
  'in_force',
  'paused',
  'over_good',
  'over_bad',
  'unknown',
];

/** The statuses in use, by family, in the usual order of a contract's life; unknown codes last, by name. */
export function stageGroups(statuses: Overview['statuses']): readonly StageGroup[] {
  const rank = (code: string): number => (isStatusCode(code) ? STATUS_CODES.indexOf(code) : Infinity);
  return FAMILIES.map((family) => {
    const own = statuses
      .filter(({ status, count }) => count > 0 && familyOf(status) === family)
      .sort((a, b) => rank(a.status) - rank(b.status) || a.status.localeCompare(b.status));
    return { family, statuses: own, count: own.reduce((sum, { count }) => sum + count, 0) };
  }).filter(({ statuses: own }) => own.length > 0);
}

export function ofStatus(status: string): ViewFilter {
  return { view: 'all', text: '', conditions: { statuses: [status] } };
}

/** Open contracts that name an amount in a currency: as many as the figure counts. */
export function ofCurrency(currency: string, statuses: Overview['statuses']): ViewFilter {
  const open = statuses
    .map(({ status }) => status)
    .filter((status) => !(OVER as readonly string[]).includes(status));
  return {
    view: 'all',
    text: '',
    conditions: {
      amount: { currency, min: null, max: null },
      ...(open.length > 0 && { statuses: open.slice(0, 50) }),
    },
    sort: { by: 'amount', descending: true },
  };
}

/** A local day, `YYYY-MM-DD`, as instants: from its midnight to the next one (epoch ms). */
export function dayBounds(day: string): { readonly from: number; readonly to: number } {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return {
    from: new Date(year, month - 1, date).getTime(),
    to: new Date(year, month - 1, date + 1).getTime(),
  };
}

/** Contracts whose latest change was on that day. */
export function ofDay(day: string): ViewFilter {
  return { view: 'all', text: '', conditions: { period: dayBounds(day) } };
}

export interface OverdueStep {
  /** Whole days, at least; `below`: less than (null: no bound). */
  readonly from: number;
  readonly below: number | null;
  readonly count: number;
}

export function overdueSteps(overdue: Overview['due']['overdue']): readonly OverdueStep[] {
  const steps = [...overdue].sort((a, b) => a.atLeastDays - b.atLeastDays);
  return steps.map(({ atLeastDays, count }, index) => ({
    from: atLeastDays,
    below: steps[index + 1]?.atLeastDays ?? null,
    count,
  }));
}

/** Overdue for at least `from` and less than `below` times 24 hours at `now` (epoch ms). */
export function ofOverdue({ from, below }: OverdueStep, now: number): ViewFilter {
  return {
    view: 'overdue',
    text: '',
    conditions: { due: { from: below === null ? null : now - below * DAY + 1, to: now - from * DAY + 1 } },
    sort: { by: 'due', descending: false },
  };
}

export function ofDueDay(day: string, now: number): ViewFilter {
  const { from, to } = dayBounds(day);
  return {
    view: 'due_soon',
    text: '',
    conditions: { due: { from: Math.max(from, now), to: Math.min(to, now + DUE_SOON_MS) } },
    sort: { by: 'due', descending: false },
  };
}

export type DayChanges = Overview['days'][number];

/** From the bottom up: what weighs most stands on the line, where heights can be compared. */
export const STACK = SEVERITIES.toReversed();

export function sumOf(changes: Readonly<Record<Severity, number>>): number {
  return SEVERITIES.reduce((sum, severity) => sum + changes[severity], 0);
}

export function totalChanges(days: readonly DayChanges[]): Readonly<Record<Severity, number>> {
  const total = { info: 0, success: 0, warning: 0, error: 0 };
  for (const { changes } of days) for (const severity of SEVERITIES) total[severity] += changes[severity];
  return total;
}
