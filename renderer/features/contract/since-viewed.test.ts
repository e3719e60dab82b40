import { describe, expect, it } from 'vitest';
import { fakeRow } from '../../testing/fake-data.ts';
import { sinceViewed } from './since-viewed.ts';

const row = fakeRow(0, Date.UTC(2026, 10, 23));
const same = {
  at: 1,
  version: row.version - 2,
  status: row.to,
  title: row.title,
  amount: row.amount,
  dueAt: row.dueAt,
};

describe('what changed since the person last looked', () => {
  it('says nothing where nothing changed, or nobody has looked', () => {
    expect(sinceViewed({ row, lastViewed: null })).toBe(null);
    expect(sinceViewed({ row, lastViewed: { ...same, version: row.version } })).toBe(null);
  });

  it('names the fields that differ, and no others', () => {
    const found = sinceViewed({
      row,
      lastViewed: { ...same, status: 'draft', amount: { value: '1.00', currency: 'EUR' }, dueAt: null },
    });
    expect(found).toMatchObject({
      changes: 2,
      status: { from: 'draft', to: row.to, back: false },
      due: { from: null, to: row.dueAt },
    });
    expect(found).toHaveProperty('amount');
    expect(found).not.toHaveProperty('title');
  });

  it('tells a way there and back from no way at all', () => {
    expect(sinceViewed({ row, lastViewed: same })?.status).toEqual({ from: row.to, to: row.to, back: true });
  });

  it('compares values, not their spelling', () => {
    const amount = (value: string) => ({ value, currency: 'EUR' });
    const written = { ...row, amount: amount('100.50'), dueAt: '2026-11-23T12:00:00Z' };
    const looked = { ...same, amount: amount('100.5'), dueAt: '2026-11-23T13:00:00+01:00' };
    const found = sinceViewed({ row: written, lastViewed: looked });
    expect(found).not.toHaveProperty('amount');
    expect(found).not.toHaveProperty('due');
    expect(
      sinceViewed({ row: { ...row, amount: amount('100') }, lastViewed: { ...same, amount: amount('10') } }),
    ).toHaveProperty('amount');
  });
});
