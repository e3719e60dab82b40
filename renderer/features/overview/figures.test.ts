import { describe, expect, it } from 'vitest';
import type { ViewFilter } from '../../../protocol/filter.ts';
import * as v from 'valibot';
import { filterSchema } from '../../../protocol/filter.ts';
import { fakeRow } from '../../testing/fake-data.ts';
import { fakeOverview } from '../../testing/fake-figures.ts';
import { selectRows } from '../../testing/fake-filter.ts';
import { NOW } from '../../testing/fixtures.ts';
import {
  dayBounds,
  ofCurrency,
  ofDueDay,
  ofOverdue,
  ofStatus,
  overdueSteps,
  stageGroups,
  STACK,
  sumOf,
  totalChanges,
} from './figures.ts';

const rows = Array.from({ length: 400 }, (_, index) => fakeRow(index, NOW));
const overview = fakeOverview(rows, 30, NOW);
const listed = (filter: ViewFilter): number => selectRows(rows, filter, NOW, '').length;

describe('the figures of the overview', () => {
  it('are the counts of the lists they lead to', () => {
    for (const { status, count } of overview.statuses)
      expect([status, listed(ofStatus(status))]).toEqual([status, count]);
    for (const step of overdueSteps(overview.due.overdue))
      expect(listed(ofOverdue(step, NOW))).toBe(step.count);
    for (const { day, count } of overview.due.soon)
      expect([day, listed(ofDueDay(day, NOW))]).toEqual([day, count]);
    const overdue = overview.due.overdue.reduce((sum, { count }) => sum + count, 0);
    expect(overdue).toBe(listed({ view: 'overdue', text: '' }));
  });

  it('lose no contract between the stages', () => {
    const groups = stageGroups(overview.statuses);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(rows.length);
    expect(groups.map(({ family }) => family)).toEqual([
      'preparing',
      'signing',
      'decision',
      'in_force',
      'paused',
      'over_good',
      'over_bad',
      'unknown',
    ]);
    expect(groups[0]?.statuses.map(({ status }) => status).slice(0, 2)).toEqual(['draft', 'in_review']);
  });

  it('are asked for by filters that main accepts', () => {
    const filters = [
      ...overview.statuses.map(({ status }) => ofStatus(status)),
      ...overview.amounts.map(({ currency }) => ofCurrency(currency, overview.statuses)),
      ...overdueSteps(overview.due.overdue).map((step) => ofOverdue(step, NOW)),
    ];
    for (const filter of filters) expect(v.safeParse(filterSchema, filter).success).toBe(true);
    expect(JSON.stringify(ofCurrency('EUR', overview.statuses))).not.toContain('terminated');
  });

  it('add up the changes, problems at the bottom', () => {
    expect(STACK[0]).toBe('error');
    expect(sumOf(totalChanges(overview.days))).toBe(
      overview.days.reduce((sum, { changes }) => sum + sumOf(changes), 0),
    );
  });

  it('know that not every day has 24 hours', () => {
    const { from, to } = dayBounds('2026-11-23');
    expect(new Date(from).getHours()).toBe(0);
    expect(new Date(to).getDate()).toBe(24);
  });
});
