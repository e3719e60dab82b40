import type { AwaySummary } from '../../protocol/away.ts';
import type { Facet, Facets } from '../../protocol/filter.ts';
import type { Overview } from '../../protocol/overview.ts';
import type { Severity } from '../../protocol/statuses.ts';
import type { ContractRow } from '../../protocol/view.ts';
import { pick } from './fake-data.ts';
import { selectRows } from './fake-filter.ts';

/** Figures over the fake contracts, as the ledger would give them by SQL. */

const DAY = 86_400_000;

function tally(names: Iterable<string>): Facet[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}

export function fakeFacets(rows: readonly ContractRow[], text: string): Facets {
  const some = (names: string[]): Facet[] =>
    tally(names)
      .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
      .slice(0, 50);
  return {
    parties: some(rows.flatMap((row) => row.counterparties.map((party) => party.name))),
    actors: some(rows.flatMap((row) => row.actorName ?? [])),
    statuses: tally(rows.map((row) => row.to)),
    currencies: tally(rows.flatMap((row) => row.amount?.currency ?? [])),
  };
}

function dayOf(instant: number): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function fakeOverview(rows: readonly ContractRow[], days: number, now: number): Overview {
  const dueIn = (view: 'overdue' | 'due_soon'): readonly ContractRow[] =>
    selectRows(rows, { view, text: '' }, now, '');
  const late = (row: ContractRow): number => Math.floor((now - Date.parse(row.dueAt ?? '')) / DAY);
  const steps = [0, 1, 3, 7, 14, 30];
  const amounts = new Map<string, { sum: bigint; contracts: number }>();
  for (const { amount } of rows) {
    if (!amount) continue;
    const { sum, contracts } = amounts.get(amount.currency) ?? { sum: 0n, contracts: 0 };
    amounts.set(amount.currency, {
      sum: sum + BigInt(amount.value.replace('.', '')),
      contracts: contracts + 1,
    });
  }
  return {
    statuses: tally(rows.map((row) => row.to)).map(({ name, count }) => ({ status: name, count })),
    days: Array.from({ length: days }, (_, index) => {
      const day = dayOf(now - (days - 1 - index) * DAY);
      const most = rows.length === 0 ? 0 : 1;
      const changes: Record<Severity, number> = {
        info: most * pick(index, 21, 40),
        success: most * pick(index, 22, 25),
        warning: most * pick(index, 23, 12),
        error: most * pick(index, 24, 6),
      };
      return { day, changes };
    }),
    due: {
      overdue: steps.map((atLeastDays, index) => ({
        atLeastDays,
        count: dueIn('overdue').filter((row) => {
          const next = steps[index + 1] ?? Infinity;
          return late(row) >= atLeastDays && late(row) < next;
        }).length,
      })),
      soon: Array.from({ length: 8 }, (_, index) => {
        const day = dayOf(now + index * DAY);
        return {
          day,
          count: dueIn('due_soon').filter((row) => dayOf(Date.parse(row.dueAt ?? '')) === day).length,
        };
      }),
    },
    amounts: [...amounts].map(([currency, { sum, contracts }]) => ({
      currency,
      open: `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`,
      contracts,
    })),
    at: now,
  };
}

export function fakeAway(rows: readonly ContractRow[], missing: number | null, now: number): AwaySummary {
  const changed = rows.slice(0, 24).map((row, index) => ({
    contractId: row.contractId,
    title: row.title,
    counterparty: row.counterparties[0]?.name ?? null,
    from: index % 9 === 4 ? null : row.from,
    to: row.to,
    severity: row.severity,
    actionRequired: row.actionRequired && row.acknowledgement === 'none',
    path: ['draft', 'in_review', 'approved', 'sent', row.to].slice(index % 4).map((to, step) => ({
      to,
      time: new Date(now - 2 * DAY + step * 7_200_000).toISOString(),
      actorName: row.actorName,
    })),
    steps: 5 - (index % 4),
  }));
  const rank = { error: 0, warning: 1, success: 2, info: 3 };
  changed.sort(
    (a, b) => Number(b.actionRequired) - Number(a.actionRequired) || rank[a.severity] - rank[b.severity],
  );
  return {
    since: now - 2.6 * DAY,
    until: now - 600_000,
    changes: changed.reduce((sum, item) => sum + item.steps, 0),
    missing,
    contracts: changed.length,
    items: changed,
  };
}
