import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../protocol/decode-event.ts';
import { isStatusCode, isUsualTransition, STATUSES } from '../protocol/statuses.ts';
import { completeOptions, makeUsers } from './options.ts';
import type { ServerOptions } from './types.ts';
import { createWorld } from './world.ts';

const NOW = Date.UTC(2026, 5, 1, 12);

function makeWorld(options: Partial<ServerOptions> = {}) {
  return createWorld(completeOptions(options), () => NOW);
}

describe('the simulator', () => {
  it('makes the same history from the same seed, and another from another', () => {
    const record = (seed: number) => makeWorld({ seed, backlog: 300 }).log('u42').record;
    expect(record(5)).toEqual(record(5));
    expect(record(5)).not.toEqual(record(6));
  });

  it('goes on alike from the same seed', () => {
    const [one, other] = [makeWorld({ seed: 9, backlog: 20 }), makeWorld({ seed: 9, backlog: 20 })];
    expect(one.advance(200)).toEqual(other.advance(200));
    expect(one.publish('u42', { title: 'Mine' })).toEqual(other.publish('u42', { title: 'Mine' }));
  });

  it('makes only events that the protocol can read, by usual transitions, with reasons where they are due', () => {
    const events = makeWorld({ backlog: 5000 }).log('u7').record;
    const languages = new Set<boolean>();
    const currencies = new Set<string>();
    for (const event of events) {
      const decoded = decodeEvent(JSON.stringify(event));
      expect(decoded.ok ? '' : decoded.reason).toBe('');
      const { change, contract } = event.data;
      expect(isUsualTransition(change.from ?? null, change.to), `${change.from} → ${change.to}`).toBe(true);
      if (isStatusCode(change.to) && STATUSES[change.to].reasonRequired)
        expect(change.reason?.text).not.toBe('');
      languages.add(/\p{Script=Cyrillic}/u.test(contract.title));
      if (contract.amount) currencies.add(contract.amount.currency);
    }
    expect(events.length).toBeGreaterThan(2000);
    expect(languages.size).toBe(2);
    expect(currencies.size).toBeGreaterThan(3);
    expect(events.some(({ data }) => data.actionRequired)).toBe(true);
  });

  it('counts each contract up by one for every follower, whoever it was published to', () => {
    const world = makeWorld({ users: makeUsers(3), backlog: 3000 });
    for (const userId of ['u42', 'u7', 'u101']) {
      const versions = new Map<string, number>();
      const { record } = world.log(userId);
      for (const [index, { data, id }] of record.entries()) {
        expect(id).toBe(`e1-${String(index + 1).padStart(11, '0')}`);
        const before = versions.get(data.contract.id);
        if (before !== undefined) expect(data.contract.version).toBe(before + 1);
        versions.set(data.contract.id, data.contract.version);
      }
    }
    const shared = world.followed('u42').filter((state) => state.followers.length === 3);
    expect(shared.length).toBeGreaterThan(0);
  });

  it('ends its backlog before the time it was told, in order, and dates live events by the clock', () => {
    const world = makeWorld({ backlog: 500, historyEnd: Date.UTC(2026, 4, 1) });
    const times = world.log('u42').record.map(({ time }) => time);
    expect(times).toEqual([...times].sort());
    expect(times.at(-1)?.slice(0, 10)).toBe('2026-04-30');
    expect(world.advance(1)[0]?.time).toBe(new Date(NOW).toISOString());
  });

  it('lets each user follow as many contracts as asked for', () => {
    const world = makeWorld({ contracts: 40, users: makeUsers(5) });
    for (const user of makeUsers(5)) expect(world.followed(user.id)).toHaveLength(40);
  });

  it('works without any contract to begin with', () => {
    expect(makeWorld({ contracts: 0 }).advance(3)).toHaveLength(3);
  });
});

describe('publishing by hand', () => {
  it('says what the test says and makes up the rest', () => {
    const event = makeWorld().publish('u42', {
      contractId: 'C-9',
      title: '<b>x</b>',
      from: 'signed',
      to: 'teleported',
      reason: 'because',
      severity: 'error',
      actionRequired: true,
      counterparty: 'ООО Тест',
      amount: { value: '1250000.05', currency: 'RUB' },
      dueAt: '2026-07-01T00:00:00Z',
      actor: 'Ёлкина Вера',
    });
    expect(event.data).toMatchObject({
      contract: {
        id: 'C-9',
        title: '<b>x</b>',
        version: 1,
        amount: { value: '1250000.05', currency: 'RUB' },
        dueAt: '2026-07-01T00:00:00Z',
      },
      change: {
        from: 'signed',
        to: 'teleported',
        actor: { name: 'Ёлкина Вера' },
        reason: { text: 'because' },
      },
      severity: 'error',
      actionRequired: true,
    });
    expect(event.data.contract.counterparties[0]?.name).toBe('ООО Тест');
    expect(decodeEvent(JSON.stringify(event)).ok).toBe(true);
  });

  it('disturbs nobody else unless the contract is shared', () => {
    const world = makeWorld();
    for (let index = 0; index < 50; index += 1) world.publish('u42', {});
    expect(world.log('u7').record).toHaveLength(0);
    const shared = world.followed('u42').find((state) => state.followers.length === 2);
    world.publish('u42', { contractId: shared?.contract.id ?? '' });
    expect(world.log('u7').record).toHaveLength(1);
    expect(world.log('u7').record[0]?.data).toEqual(world.log('u42').record.at(-1)?.data);
  });

  it('names the users there are when asked for another', () => {
    expect(() => makeWorld().publish('nobody', {})).toThrow('There is no user with the id nobody');
  });

  it('gives as many events as were asked for when advancing one user', () => {
    const world = makeWorld();
    const events = world.advance(30, 'u7');
    expect(events).toHaveLength(30);
    expect(world.log('u7').record).toEqual(events);
  });
});

describe('options', () => {
  it.each([
    [{ port: 70_000 }, 'port must be a number from 0 to 65535, got 70000'],
    [{ heartbeatMs: Number.NaN }, 'heartbeatMs must be'],
    [{ users: [] }, 'users must name at least one'],
    [{ users: [...makeUsers(1), ...makeUsers(1)] }, 'each id must be there only once'],
    [{ apiKeys: { key: 'u99' } }, 'no user with the id u99'],
  ])('refuses %j', (options, message) => {
    expect(() => completeOptions(options)).toThrow(message);
  });
});
