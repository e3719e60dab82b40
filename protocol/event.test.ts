import { describe, expect, it } from 'vitest';
import { STATUS_CHANGED_TYPE } from './event.ts';
import { decodeEvent } from './decode-event.ts';

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

/** The event with this number as its amount, as the text has it. */
const money = (number: string): string =>
  event({}, { amount: { value: '«»', currency: 'EUR' } }).replace('"«»"', number);

const EUR = (value: string) => ({ amount: { value, currency: 'EUR' } });
const RUB = (value: string) => ({ amount: { value, currency: 'RUB' } });
const PARTY = { id: 'p', name: 'P', role: null };
const parties = (count: number) => Array.from({ length: count }, () => ({ id: 'p', name: 'P' }));

const NESTED = `${'['.repeat(9_000)}${']'.repeat(9_000)}`;

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

  it.each([
    ['an empty due date', event({}, { dueAt: '' }), { dueAt: null }],
    ['a due date alone', event({}, { dueAt: '2026-10-05' }), { dueAt: '2026-10-05T00:00-00:00' }],
    [
      'a due date without a zone',
      event({}, { dueAt: '2026-10-05T21:00' }),
      { dueAt: '2026-10-05T21:00-00:00' },
    ],
    ['a currency in small letters', event({}, { amount: { value: '1.00', currency: 'rub' } }), RUB('1.00')],
    ['a whole amount as a number', money('1250000'), EUR('1250000')],
    ['an amount as a number with zeros', money('1250000.00'), EUR('1250000.00')],
    ['an amount no float holds', money('12345678901234567890.12'), EUR('12345678901234567890.12')],
    ['an amount with an exponent', money('-1.25E+3'), EUR('-1250')],
    ['a small amount with an exponent', money('125e-3'), EUR('0.125')],
    ['minus nothing', money('-0.00'), EUR('-0.00')],
    ['null for its parties', event({}, { counterparties: null }), { counterparties: [] }],
    ['a party whose role is null', event({}, { counterparties: [PARTY] }), { counterparties: [PARTY] }],
    ['101 parties', event({}, { counterparties: parties(101) }), { counterparties: parties(101) }],
    ['1001 parties', event({}, { counterparties: parties(1001) }), { counterparties: parties(1000) }],
    ['half a character in its title', event({}, { title: 'a\ud800' }), { title: 'a\ufffd' }],
    ['U+0000 in its title', event({}, { title: 'a\0b' }), { title: 'a\ufffdb' }],
  ])('with %s is read all the same', (_what, json, contract) => {
    expect(decodeEvent(json)).toMatchObject({ ok: true, value: { data: { contract } } });
  });

  it('may have null for what it leaves out', () => {
    const json = event(
      { from: null, actor: { id: null, name: 'A', kind: null }, reason: { code: null, text: null } },
      {},
      { subject: null, sequence: null },
    ).replace('"actionRequired":true', '"actionRequired":null');
    expect(decodeEvent(json)).toMatchObject({ ok: true, value: { data: { actionRequired: false } } });
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
    ['money as words', event({}, { amount: { value: 'twelve', currency: 'EUR' } }), /amount\.value: /],
    ['money without end', money('1e400'), /amount\.value: /],
    ['half a cent of a cent of a cent', money('1e-11'), /amount\.value: /],
    ['half a character in its id', event({}, {}, { id: 'e\ud800' }), /^id: /],
    ['half a character in its contract’s id', event({}, { id: '\udfff' }), /^data\.contract\.id: /],
    ['U+0000 in its source', event({}, {}, { source: 'a\0b' }), /^source: /],
    [
      'a currency in words',
      event({}, { amount: { value: '1', currency: 'euro' } }),
      /is not an ISO 4217 code/,
    ],
    ['version zero', event({}, { version: 0 }), /^data\.contract\.version: /],
    ['a version between two', event({}, { version: 1.5 }), /^data\.contract\.version: /],
    ['a due date that is none', event({}, { dueAt: 'soon' }), /dueAt: is not an RFC 3339 time/],
    [
      'depth without end',
      event({}, { colour: 'nested' }).replace('"nested"', NESTED),
      /^JSON of more than 500 levels/,
    ],
  ])('with %s is set aside, naming the field', (_what, json, reason) => {
    expect(reasonFor(json)).toMatch(reason);
  });
});
