import { describe, expect, it } from 'vitest';
import { LedgerError } from '../ledger/types.ts';
import { HttpTrouble } from '../ports/http.ts';
import { toTrouble, joinHeaders } from './net-errors.ts';
import { describeError, toSafeMessage } from './safe-message.ts';

describe('toSafeMessage', () => {
  it('passes on what was written for people, in one bounded line', () => {
    expect(toSafeMessage(new Error('Nobody is signed in.'))).toBe('Nobody is signed in.');
    expect(toSafeMessage(new LedgerError('disk_full', 'The disk is full.\nmore'))).toBe('The disk is full.');
    expect(toSafeMessage(new Error('x'.repeat(1000)))).toHaveLength(300);
  });

  it('says nothing of a programming error but that it was one', () => {
    for (const error of [new TypeError('secret is not a function'), 'secret', null, new Error('')]) {
      expect(toSafeMessage(error)).toMatch(/fault of its own/);
      expect(toSafeMessage(error)).not.toContain('secret');
    }
  });

  it('logs kind and place, never the message', () => {
    const line = describeError(new TypeError('password hunter2'));
    expect(line).toMatch(/^TypeError at /);
    expect(line).not.toContain('hunter2');
    expect(describeError('hunter2')).toBe('string');
  });
});

describe('net errors', () => {
  it.each([
    ['net::ERR_CERT_AUTHORITY_INVALID', 'certificate'],
    ['net::ERR_CERT_DATE_INVALID', 'certificate'],
    ['net::ERR_SSL_PROTOCOL_ERROR', 'unreachable'],
    ['net::ERR_CONNECTION_TIMED_OUT', 'timeout'],
    ['net::ERR_TIMED_OUT', 'timeout'],
    ['net::ERR_NAME_NOT_RESOLVED', 'unreachable'],
  ])('%s is %s', (text, code) => {
    expect(toTrouble(new Error(text), 'unreachable').code).toBe(code);
  });

  it('keeps a trouble that is one already', () => {
    const trouble = new HttpTrouble('closed', 'cut');
    expect(toTrouble(trouble, 'unreachable')).toBe(trouble);
  });

  it('joins headers of either shape by lower-case name', () => {
    expect(joinHeaders({ 'X-One': ['a', 'b'], 'x-one': 'c', Date: 'now' })).toEqual({
      'x-one': 'a, b, c',
      date: 'now',
    });
  });
});
