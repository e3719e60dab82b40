import { describe, expect, it } from 'vitest';
import { faultUsage, parseFault } from './parse.ts';

describe('a fault on the command line', () => {
  it.each([
    ['drop:0.01', { kind: 'drop', probability: 0.01 }],
    ['drop:1:character', { kind: 'drop', probability: 1, where: 'character' }],
    ['stall:20', { kind: 'stall', afterEvents: 20 }],
    ['stall:0:0.5', { kind: 'stall', afterEvents: 0, probability: 0.5 }],
    ['one_byte', { kind: 'one_byte' }],
    ['buffer', { kind: 'buffer' }],
    ['buffer,bytes=4096', { kind: 'buffer', bytes: 4096 }],
    ['buffer:headers', { kind: 'buffer', headers: true }],
    ['refuse', { kind: 'refuse' }],
    ['refuse:0.2', { kind: 'refuse', probability: 0.2 }],
    ['status:503:0.1', { kind: 'status', status: 503, probability: 0.1 }],
    [
      'status:429,times=2,retryAfter=5,path=/api/login',
      { kind: 'status', status: 429, times: 2, retryAfter: '5', path: '/api/login' },
    ],
    ['content_type:text/html', { kind: 'content_type', value: 'text/html' }],
    ['redirect:http://127.0.0.1:4/x?y', { kind: 'redirect', to: 'http://127.0.0.1:4/x?y' }],
    ['redirect:/other,status=308,times=1', { kind: 'redirect', to: '/other', status: 308, times: 1 }],
    ['duplicate:0.05', { kind: 'duplicate', probability: 0.05 }],
    ['reorder:0.05', { kind: 'reorder', probability: 0.05 }],
    ['omit:0.01', { kind: 'omit', probability: 0.01 }],
    ['omit,sequences=3+7', { kind: 'omit', sequences: [3, 7] }],
    ['omit,last', { kind: 'omit', last: true }],
    ['garbage:0.01', { kind: 'garbage', probability: 0.01 }],
    ['garbage:0.01:own', { kind: 'garbage', probability: 0.01, variant: 'own' }],
    ['giant:0.001:2000000', { kind: 'giant', probability: 0.001, bytes: 2_000_000 }],
    ['giant,bytes=9,sequences=1', { kind: 'giant', bytes: 9, sequences: [1] }],
    ['replay_early:3', { kind: 'replay_early', events: 3 }],
    ['delay:50', { kind: 'delay', ms: 50 }],
    ['clock_skew:-3600000', { kind: 'clock_skew', ms: -3_600_000 }],
    ['restart:30000:2000', { kind: 'restart', everyMs: 30_000, downMs: 2000 }],
    ['truncate:30000:10', { kind: 'truncate', everyMs: 30_000, keep: 10 }],
  ])('%s', (spec, fault) => {
    expect(parseFault(spec)).toEqual({ ok: true, value: fault });
  });

  it.each([
    ['', 'there is no fault ""'],
    ['explode:1', 'there is no fault "explode". Possible are:\n  drop:0.01'],
    ['toString', 'there is no fault "toString"'],
    ['drop', '"drop": probability: '],
    ['drop:2', 'Expected <=1 but received 2. It is written drop:0.01[:between|line|character]'],
    ['drop:often', 'probability: '],
    ['drop:', 'probability: '],
    ['drop:0.1:sideways', 'where: '],
    ['drop:0.1:line:x', 'too many values'],
    ['one_byte:3', 'too many values'],
    ['buffer:bodies', '"bodies" is not "headers"'],
    ['status:99', 'status: '],
    ['status:503,times', '"times" has no value'],
    ['status:503,size=3', 'size: '],
    ['redirect:http://x/\n', 'to: '],
    ['omit,sequences=1+two', 'sequences.1: '],
    ['stall:1.5', 'afterEvents: '],
    ['new_epoch:0', 'everyMs: '],
  ])('%j is refused with the reason', (spec, reason) => {
    const parsed = parseFault(spec);
    expect(parsed.ok ? 'accepted' : parsed.reason).toContain(reason);
  });

  it('is explained for every kind, by examples that are themselves right', () => {
    expect(faultUsage()).toHaveLength(21);
    for (const usage of faultUsage()) {
      for (const example of usage.split(' | ')) {
        const plain = example.replaceAll(/\[[^\]]*\]/g, '');
        expect(parseFault(plain), plain).toMatchObject({ ok: true });
      }
    }
  });
});
