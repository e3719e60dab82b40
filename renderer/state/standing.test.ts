import { describe, expect, it } from 'vitest';
import type { ConnectionState } from '../../protocol/connection.ts';
import type { Receipt, Verdict } from '../../protocol/receipt.ts';
import { fakeConnection, fakeReceipt } from '../testing/fake-states.ts';
import { areCountsKnown, beforeOf, doubtOf, gapsOf, isMoreKnown, reachOf, type Reach } from './standing.ts';

const now = new Date(2026, 10, 23, 14, 3, 30).getTime();
const REACHES: readonly Reach[] = ['live', 'coming', 'cut_off', 'ended'];
const VERDICTS = [
  'complete',
  'confirming',
  'no_gap_seen',
  'no_baseline',
  'no_list',
  'gaps',
  'nothing_yet',
] as const satisfies readonly Verdict[];
const receipt = (verdict: Verdict): Receipt => fakeReceipt(verdict, now);

describe('what the window may say of the present', () => {
  it('changes arrive in the phase that says so, and in no other', () => {
    const failure = { code: 'unreachable', status: null, detail: '' } as const;
    const states: readonly (readonly [ConnectionState, Reach])[] = [
      [{ phase: 'live' }, 'live'],
      [{ phase: 'connecting', attempt: 1 }, 'coming'],
      [{ phase: 'catching_up', done: 1, total: 2 }, 'coming'],
      [{ phase: 'waiting', retryAt: now, attempt: 1, failure, offline: false }, 'cut_off'],
      [{ phase: 'sign_in_needed', cause: 'expired' }, 'ended'],
      [{ phase: 'stopped', cause: 'forbidden' }, 'ended'],
      [{ phase: 'signed_out' }, 'ended'],
    ];
    for (const [state, reach] of states) {
      expect(reachOf({ ...fakeConnection('live', now)!, state })).toBe(reach);
    }
    expect(reachOf(null)).toBe('coming');
  });

  it('an empty list is without doubt only while changes arrive and nothing is known to be missing', () => {
    for (const reach of REACHES) {
      for (const verdict of VERDICTS) {
        const doubt = doubtOf(reach, receipt(verdict));
        const sure =
          reach === 'live' && verdict !== 'gaps' && verdict !== 'no_baseline' && verdict !== 'no_list';
        expect(doubt === null, `${reach} ${verdict}`).toBe(sure);
      }
    }
  });

  it('that there is more than is here is known from an open gap alone', () => {
    expect(isMoreKnown(null)).toBe(false);
    for (const verdict of VERDICTS) expect(isMoreKnown(receipt(verdict))).toBe(verdict === 'gaps');
  });

  it('no number of contracts is known before the first look, nor where there can be none; any there are count', () => {
    expect(areCountsKnown(0, null)).toBe(false);
    for (const verdict of VERDICTS) {
      const known = verdict !== 'nothing_yet' && verdict !== 'no_baseline' && verdict !== 'no_list';
      expect(areCountsKnown(0, receipt(verdict)), verdict).toBe(known);
      expect(areCountsKnown(1, receipt(verdict)), verdict).toBe(true);
    }
  });

  it('where nobody knows what there is, that nothing is here says no more, with a connection or without', () => {
    for (const reach of REACHES) {
      expect(beforeOf(0, reach, null)).toBe(reach);
      for (const verdict of VERDICTS) {
        const before = beforeOf(0, reach, receipt(verdict));
        expect(before !== null, `${reach} ${verdict}`).toBe(!areCountsKnown(0, receipt(verdict)));
        expect(beforeOf(1, reach, receipt(verdict))).toBeNull();
      }
      expect(beforeOf(0, reach, receipt('nothing_yet'))).toBe(reach);
      expect(beforeOf(0, reach, receipt('no_baseline'))).toBe(reach === 'live' ? 'no_baseline' : reach);
    }
  });
});

it('a contract’s gaps are its own and those of which nobody knows whose they are', () => {
  const [gap] = receipt('gaps').openGaps;
  const openGaps = [
    { ...gap!, contractId: 'a' },
    { ...gap!, contractId: 'b' },
    { ...gap!, contractId: null },
  ];
  expect(gapsOf({ ...receipt('gaps'), openGaps }, 'a').map(({ contractId }) => contractId)).toEqual([
    'a',
    null,
  ]);
});
