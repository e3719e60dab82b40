import { describe, expect, it } from 'vitest';
import type { StatusChanged } from '../protocol/event.ts';
import { createUserLog } from './log.ts';

function change(contractId: string, version: number): StatusChanged['data'] {
  return {
    contract: { id: contractId, title: 't', version, counterparties: [], amount: null, dueAt: null },
    change: { from: null, to: 'draft', actor: null, reason: null },
    severity: 'info',
    actionRequired: false,
  };
}

function filled(count: number, retention = 100, foreign = false) {
  const log = createUserLog('u42', retention, foreign);
  for (let index = 1; index <= count; index += 1)
    log.append(change(`C-${index % 2}`, index), '2026-01-01T00:00:00Z');
  return log;
}

describe('a user log', () => {
  it('numbers events from 1 without gaps and names itself as their source', () => {
    const log = filled(3);
    expect(log.record.map(({ id }) => id)).toEqual(['e1-00000000001', 'e1-00000000002', 'e1-00000000003']);
    expect(log.record[2]).toMatchObject({ sequence: '00000000003', source: '/streams/u42' });
    expect(log.head()).toBe('e1-00000000003');
  });

  it('counts from 1 again in the same epoch when its counter was kept in memory', () => {
    const log = filled(3);
    log.restart();
    expect(log.head()).toBeNull();
    expect(log.place('e1-00000000003')).toEqual({ from: 3, stale: true });
    log.append(change('C-1', 4), '2026-01-01T00:00:00Z');
    expect(log.head()).toBe('e1-00000000001');
    expect(log.record.map(({ id }) => id)).toHaveLength(4);
    expect(log.history('C-1')).toHaveLength(3);
    expect(log.place('e1-00000000001')).toEqual({ from: 4, stale: false });
  });

  it('places a cursor behind the event it names', () => {
    const log = filled(5);
    expect(log.place('e1-00000000003')).toEqual({ from: 3, stale: false });
    expect(log.place('e1-00000000005')).toEqual({ from: 5, stale: false });
    expect(log.place(null)).toEqual({ from: 0, stale: false });
  });

  it.each([
    ['beyond the head', 'e1-00000000006'],
    ['of another epoch', 'e2-00000000001'],
    ['of another server', '1712:3'],
    ['of no form at all', 'идентификатор'],
  ])('calls a cursor %s stale and goes on with the oldest kept', (_name, cursor) => {
    expect(filled(5).place(cursor)).toEqual({ from: 0, stale: true });
  });

  it('keeps only the newest for replay, more for history, and all in the record', () => {
    const log = filled(25, 2);
    expect(log.oldest()).toBe('e1-00000000024');
    expect(log.place('e1-00000000022').stale).toBe(true);
    expect(log.place('e1-00000000023')).toEqual({ from: 23, stale: false });
    expect(log.place(null)).toEqual({ from: 23, stale: true });
    expect(log.history('C-1').map(({ data }) => data.contract.version)).toEqual([
      7, 9, 11, 13, 15, 17, 19, 21, 23, 25,
    ]);
    expect(log.record).toHaveLength(25);
  });

  it('truncates what is replayed, and appends go on', () => {
    const log = filled(10);
    log.truncate(1);
    expect(log.oldest()).toBe('e1-00000000010');
    log.truncate(5);
    expect(log.oldest()).toBe('e1-00000000010');
    log.append(change('C-1', 11), '2026-01-01T00:00:00Z');
    expect([log.oldest(), log.head()]).toEqual(['e1-00000000010', 'e1-00000000011']);
  });

  it('begins anew in another epoch and keeps the old events for history', () => {
    const log = filled(4);
    log.newEpoch();
    expect([log.head(), log.oldest(), log.latest('C-1')]).toEqual([null, null, undefined]);
    const event = log.append(change('C-1', 5), '2026-01-01T00:00:00Z');
    expect(event.id).toBe('e2-00000000001');
    expect(log.place('e1-00000000004').stale).toBe(true);
    expect(log.place('e2-00000000001')).toEqual({ from: 5, stale: false });
    expect(log.history('C-1').map(({ id }) => id)).toEqual([
      'e1-00000000001',
      'e1-00000000003',
      'e2-00000000001',
    ]);
  });

  it('gives the same JSON for recent and for old events', () => {
    const log = filled(5000, 10_000);
    for (const index of [0, 903, 904, 4999])
      expect(JSON.parse(log.json(index))).toEqual(JSON.parse(JSON.stringify(log.record[index])));
  });

  it('gives foreign ids and never speaks of staleness when it is a foreign server', () => {
    const log = filled(3, 100, true);
    expect(log.record.map(({ id }) => id)).toEqual(['1712:1', '1712:2', '1712:3']);
    expect(log.record[0]).not.toHaveProperty('sequence');
    expect(log.place('1712:2')).toEqual({ from: 2, stale: false });
    expect(log.place('1712:9')).toEqual({ from: 0, stale: false });
  });
});
