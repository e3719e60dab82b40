import { describe, expect, it } from 'vitest';
import { STATUS_LABELS } from './status-labels.ts';
import { OVER, STATUS_CODES, STATUSES, isDueSettled, isStatusCode, isUsualTransition } from './statuses.ts';

describe('the status model', () => {
  it('ends only where a contract is over', () => {
    const ends = STATUS_CODES.filter((code) => STATUSES[code].next.length === 0);
    expect(ends).not.toEqual([]);
    expect(ends.filter((code) => !OVER.includes(code))).toEqual([]);
  });

  it.each(['rejected', 'declined', 'expired'] as const)(
    'has no end in %s: somebody decides what becomes of it',
    (code) => {
      expect([STATUSES[code].family, OVER.includes(code), isDueSettled(code)]).toEqual([
        'decision',
        false,
        false,
      ]);
    },
  );

  it('reaches every status from a draft: a new one is named in `next` of those that lead to it', () => {
    const reached = new Set<string>(['draft']);
    for (const code of reached) {
      for (const next of isStatusCode(code) ? STATUSES[code].next : []) {
        if (next !== 'previous') reached.add(next);
      }
    }
    expect([...reached].toSorted()).toEqual([...STATUS_CODES].toSorted());
  });

  it('takes a contract off hold to where it was, not to another pause', () => {
    expect(isUsualTransition('on_hold', 'in_review')).toBe(true);
    expect(isUsualTransition('on_hold', 'active')).toBe(true);
    expect(isUsualTransition('on_hold', 'on_hold')).toBe(false);
  });

  it('flags what breaks the rules, and codes it does not know, without an error', () => {
    expect(isUsualTransition('sent', 'signed')).toBe(true);
    expect(isUsualTransition('declined', 'signed')).toBe(false);
    expect(isUsualTransition('sent', 'quantum_entangled')).toBe(false);
    expect(isUsualTransition('quantum_entangled', 'sent')).toBe(false);
    expect(isUsualTransition(null, 'quantum_entangled')).toBe(false);
    expect(isUsualTransition(null, 'sent')).toBe(true);
    for (const code of ['__proto__', 'constructor', 'Draft', '']) {
      expect(isStatusCode(code)).toBe(false);
      expect(isUsualTransition(code, 'sent')).toBe(false);
    }
  });

  it('has a name of its own for every status in every language', () => {
    for (const labels of Object.values(STATUS_LABELS)) {
      const names = STATUS_CODES.map((code) => labels[code]);
      expect(new Set(names).size).toBe(STATUS_CODES.length);
      expect(Object.keys(labels)).toHaveLength(STATUS_CODES.length);
    }
  });
});
