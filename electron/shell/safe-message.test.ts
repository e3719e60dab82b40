import { describe, expect, it } from 'vitest';
import { requestError } from '../../protocol/failures.ts';
import { LedgerError } from '../ledger/types.ts';
import { HttpError } from '../ports/http.ts';
import { toHttpError, joinHeaders } from './net-errors.ts';
import { describeError, toFailure } from './safe-message.ts';

describe('toFailure', () => {
  it('is the reason of the error, with its detail in one bounded line', () => {
    const full = new LedgerError('disk_full', 'database or disk is full\nmore');
    expect(toFailure(full)).toEqual({ code: 'ledgerFull', params: {}, detail: 'database or disk is full' });
    expect(toFailure(requestError('noBrowser'))).toEqual({ code: 'noBrowser', params: {}, detail: '' });
  });

  it('keeps the words of other errors as a detail, where they quote nobody', () => {
    expect(toFailure(new Error('view 3 is not open'))).toMatchObject({
      code: 'ownFault',
      detail: 'view 3 is not open',
    });
    expect(toFailure(new Error('x'.repeat(1000))).detail).toHaveLength(300);
  });

  it('says nothing of a programming error but that it was one', () => {
    for (const error of [new TypeError('secret is not a function'), 'secret', null, new Error('')])
      expect(toFailure(error)).toEqual({ code: 'ownFault', params: {}, detail: '' });
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
    expect(toHttpError(new Error(text), 'unreachable').code).toBe(code);
  });

  it('keeps a failure that is one already', () => {
    const failure = new HttpError('closed', 'cut');
    expect(toHttpError(failure, 'unreachable')).toBe(failure);
  });

  it('joins headers of either shape by lower-case name', () => {
    expect(joinHeaders({ 'X-One': ['a', 'b'], 'x-one': 'c', Date: 'now' })).toEqual({
      'x-one': 'a, b, c',
      date: 'now',
    });
  });
});
