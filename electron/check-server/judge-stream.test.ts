import { expect, test } from 'vitest';
import { judgeLife } from './judge-stream.ts';
import type { Heard } from './listen.ts';

function heard(pieces: readonly { at: number; bytes: number }[], more: Partial<Heard> = {}): Heard {
  const answer = { path: '/', status: 200, headers: {}, askedAt: 0, cameAt: 5, pieces: [...pieces] };
  return {
    items: [],
    answers: [answer],
    endings: [],
    refused: null,
    comments: [],
    heads: [],
    heartbeatMs: null,
    ms: 60_000,
    ...more,
  };
}

const codes = (from: Heard): readonly string[] => judgeLife(from).map(({ code }) => code);
const every = (ms: number, count: number, bytes: number): { at: number; bytes: number }[] =>
  Array.from({ length: count }, (_, n) => ({ at: 10 + n * ms, bytes }));

test('byte by byte is told; few small pieces are not', () => {
  expect(codes(heard(every(1, 60, 1)))).toContain('pieces_tiny');
  expect(codes(heard(every(1, 60, 80)))).not.toContain('pieces_tiny');
  expect(codes(heard(every(1, 20, 1)))).not.toContain('pieces_tiny');
});

test('half a minute without a byte is no heartbeat; the wait between two connections is none of it', () => {
  expect(codes(heard(every(1, 3, 50)))).toContain('heartbeat_none');
  const ended = { failure: { code: 'closed', detail: '', status: null }, openMs: 20 } as const;
  expect(codes(heard(every(1, 3, 50), { endings: [ended] }))).toContain('heartbeat_unknown');
});

test('the pace of signs of life is the longest distance between two, not that within one beat', () => {
  const from = heard(every(15_000, 4, 20), { comments: [10, 15_010, 30_010], heads: [12, 15_012, 30_012] });
  expect(judgeLife(from)).toContainEqual({ code: 'heartbeat_seen', params: { ms: 14_998 } });
});
