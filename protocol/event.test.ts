import { describe, expect, it } from 'vitest';
import { STATUS_CHANGED_TYPE, decodeEvent } from './event.ts';

/** The event of the wire agreement, with these fields of `data` changed. */
const event = (change: object = {}, contract: object = {}, envelope: object = {}): string =>
  JSON.stringify({
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
        counterparties: [{ id: 'p7', name: 'ООО Ромашка', role: 'supplier' }],
        amount: { value: '1250000.00', currency: 'RUB' },
        dueAt: '2026-10-05T21:00:00Z',
        ...contract,
      },
      change: {
        from: 'sent',
        to: 'declined',
        actor: { id: 'a3', name: 'Анна П.', kind: 'counterparty' },
        reason: { code: 'price', text: '…' },
        ...change,
      },
      severity: 'error',
      actionRequired: true,
    },
    ...envelope,
  });

const reasonFor = (json: string): string => {
  const decoded = decodeEvent(json);
  return decoded.ok ? 'it was read' : decoded.reason;
};

describe('an event', () => {
  it('is read as the agreement writes it; money stays text', () => {
    const decoded = decodeEvent(event());
    expect(decoded).toMatchObject({
      ok: true,
      value: {
        id: 'e7-00000018231',
        data: {
          contract: { amount: { value: '1250000.00' } },
          change: { to: 'declined' },
          severity: 'error',
        },
      },
    });
  });

  it('may leave out what is not needed, and bring more than we know', () => {
    const bare = event(
      { from: undefined, actor: undefined, reason: undefined, mood: 'good' },
      { counterparties: undefined, amount: undefined, dueAt: undefined, colour: 'green' },
      { sequence: undefined, subject: undefined, traceparent: '00-1' },
    );
    expect(decodeEvent(bare)).toMatchObject({
      ok: true,
      value: {
        data: {
          contract: { counterparties: [], amount: null, dueAt: null },
          change: { from: null, actor: null, reason: null },
        },
      },
    });
  });

  it('keeps a status it does not know as it came, and takes an unknown severity for information', () => {
    const { data } = JSON.parse(event({ to: 'quantum_entangled' })) as { data: object };
    const odd = event({}, {}, { data: { ...data, severity: 'catastrophic' } });
    expect(decodeEvent(odd)).toMatchObject({
      ok: true,
      value: { data: { change: { to: 'quantum_entangled' }, severity: 'info' } },
    });
  });

  it.each(['', '{', '<html>', '{"specversion":', '\u0000'])('that is no JSON says so: %j', (json) => {
    expect(reasonFor(json)).toMatch(/^malformed JSON: /);
  });

  it.each([
    ['null', 'null', /^the value: /],
    ['a list', '[]', /^specversion: /],
    ['another version', event({}, {}, { specversion: '0.3' }), /^specversion: /],
    ['another type', event({}, {}, { type: 'app.contracts.deleted.v1' }), /^type: /],
    ['no id', event({}, {}, { id: '' }), /^id: /],
    ['an endless id', event({}, {}, { id: 'x'.repeat(501) }), /^id: /],
    ['a time without a zone of time', event({}, {}, { time: 'yesterday' }), /^time: is not an RFC 3339 time/],
    ['no status', event({ to: '' }), /^data\.change\.to: /],
    ['money as a number', event({}, { amount: { value: 12.5, currency: 'EUR' } }), /amount\.value: /],
    [
      'a currency in words',
      event({}, { amount: { value: '1', currency: 'euro' } }),
      /is not an ISO 4217 code/,
    ],
    ['version zero', event({}, { version: 0 }), /^data\.contract\.version: /],
    ['a version between two', event({}, { version: 1.5 }), /^data\.contract\.version: /],
    [
      'parties without end',
      event({}, { counterparties: Array.from({ length: 101 }, () => ({ id: 'p', name: 'P' })) }),
      /counterparties: /,
    ],
  ])('with %s is set aside, naming the field', (_what, json, reason) => {
    expect(reasonFor(json)).toMatch(reason);
  });
});
