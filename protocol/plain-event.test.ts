import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decode, statusChangedSchema, STATUS_CHANGED_TYPE } from './event.ts';
import { readPlainEvent } from './plain-event.ts';

const ordinary = (): Record<string, unknown> => ({
  specversion: '1.0',
  id: 'e7-00000018231',
  source: '/streams/u42',
  type: STATUS_CHANGED_TYPE,
  subject: 'contract/C-2026-0117',
  time: '2026-10-02T09:14:03Z',
  sequence: '00000018231',
  data: {
    contract: {
      id: 'C-2026-0117',
      title: 'Supply',
      version: 9,
      counterparties: [
        { id: 'p7', name: 'ООО Ромашка', role: 'supplier' },
        { id: 'p8', name: 'AG' },
      ],
      amount: { value: '1250000.00', currency: 'RUB' },
      dueAt: '2026-10-05T21:00:00Z',
    },
    change: {
      from: 'sent',
      to: 'declined',
      actor: { id: 'a3', name: 'Анна П.', kind: 'counterparty' },
      reason: { code: 'price', text: '…' },
    },
    severity: 'error',
    actionRequired: true,
  },
});

/** Every place in the event, as a way of keys. */
function placesOf(value: unknown, way: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...way, key]))];
}

const PLACES = placesOf(ordinary()).filter((way) => way.length > 0);
const GONE = Symbol('gone');

const around = (bound: number): fc.Arbitrary<string> =>
  fc.integer({ min: bound - 1, max: bound + 1 }).map((length) => 'я'.repeat(length));
const replacement = fc.oneof(
  fc.constantFrom(GONE, null, '', 'x', 0, 1, -1, 1.5, 2 ** 53 - 1, 2 ** 53, true, false, [], {}, [1], [[]]),
  fc.constantFrom('info', 'Info', 'RUB', 'rub', '-1', '1.', '1.0', '.5', '1e5', '1'.repeat(31), '1.0\n'),
  fc.constantFrom('2026-10-02', '2026-10-02T09:14', '2026-13-02T09:14:03Z', '2026-10-02T09:14:03+03:00'),
  fc.constantFrom(`2026-10-02T09:14:03${'0'.repeat(30)}Z`, '1.1', 'x2026-10-02T09:14:03Z'),
  around(500),
  around(10_000),
  fc.constant(Array.from({ length: 101 }, () => ({ id: 'p', name: 'P' }))),
  fc.jsonValue(),
);

function put(event: Record<string, unknown>, way: readonly string[], value: unknown): void {
  let at: unknown = event;
  for (const key of way.slice(0, -1)) {
    if (typeof at !== 'object' || at === null) return;
    at = (at as Record<string, unknown>)[key];
  }
  const last = way.at(-1);
  if (typeof at !== 'object' || at === null || last === undefined) return;
  if (value === GONE) delete (at as Record<string, unknown>)[last];
  else (at as Record<string, unknown>)[last] = value;
}

it('reads the ordinary event, and nothing otherwise than the schema does', () => {
  expect(readPlainEvent(ordinary())).toEqual(ordinary());
  const changes = fc.array(fc.tuple(fc.constantFrom(...PLACES), replacement), { maxLength: 3 });
  fc.assert(
    fc.property(changes, (list) => {
      const event = ordinary();
      for (const [way, value] of list) put(event, way, value);
      // As it comes: through JSON, which knows no undefined.
      const input: unknown = JSON.parse(JSON.stringify(event));
      const plain = readPlainEvent(input);
      if (plain === undefined) return;
      expect({ ok: true, value: plain }).toStrictEqual(decode(statusChangedSchema, input));
    }),
    { seed: 20_261_123, numRuns: 3000 },
  );
});

it('needs no schema where optional things are left out or null', () => {
  const event = ordinary();
  for (const way of [['subject'], ['sequence'], ['data', 'contract', 'counterparties', '0', 'role']]) {
    put(event, way, GONE);
  }
  for (const way of [
    ['data', 'contract', 'amount'],
    ['data', 'contract', 'dueAt'],
    ['data', 'change', 'from'],
    ['data', 'change', 'actor'],
    ['data', 'change', 'reason'],
  ]) {
    put(event, way, null);
  }
  expect(readPlainEvent(event)).toEqual(event);
});
