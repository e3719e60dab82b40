import { mediaType } from '../stream/attempt-outcomes.ts';
import { found, type Finding } from '../../protocol/findings.ts';
import type { Heard } from './listen.ts';
import type { Answer } from './tapped-http.ts';

/** A connection that lasts no longer was ended at once, ms. */
const AT_ONCE_MS = 1_000;
/** Signs of life that lie closer together belong to one, ms. */
const TOGETHER_MS = 50;
/** So long without a sign of life, and there is no heartbeat that helps: idle connections are cut after as little on their way, ms. */
export const NO_HEARTBEAT_MS = 30_000;

export interface Judged {
  readonly findings: readonly Finding[];
  /** Whether an event stream was open. */
  readonly isOpen: boolean;
  /** Whether the server may have the stream at another path. */
  readonly mayBeElsewhere: boolean;
}

const only = (finding: Finding, mayBeElsewhere = false): Judged => ({
  findings: [finding],
  isOpen: false,
  mayBeElsewhere,
});

const HAS_NO_STREAM: ReadonlySet<number> = new Set([404, 405, 410, 501]);

/** What came of asking for the stream. `withKey`: credentials were sent along. */
export function judgeAnswer(heard: Heard, withKey: boolean, path: string): Judged {
  const answer = heard.answers.at(-1);
  if (heard.refused !== null) return refusalOf(heard, withKey, answer);
  if (answer === undefined) return only(found('no_answer', { ms: Math.round(heard.ms) }));
  const type = mediaType({ ...answer, body: none() });
  return {
    findings: [found('stream_ok', { path, type }), ...judgeEndings(heard)],
    isOpen: true,
    mayBeElsewhere: false,
  };
}

async function* none(): AsyncIterable<Uint8Array> {}

function refusalOf({ refused, ms }: Heard, withKey: boolean, answer: Answer | undefined): Judged {
  const status = answer?.status ?? 0;
  const challenge = answer?.headers['www-authenticate'] ?? '';
  if (refused?.phase === 'unauthorized') return only(found('session_ended'));
  if (refused?.phase === 'stopped')
    return only(refused.cause === 'no_content' ? found('stream_no_content') : found('forbidden', { status }));
  if (refused?.phase !== 'waiting' || refused.failure.status === 401)
    return only(found(withKey ? 'key_refused' : 'key_wanted', { challenge: challenge.slice(0, 200) }));
  const { code, detail, status: failed } = refused.failure;
  switch (code) {
    case 'certificate':
      return only(found('certificate', { detail }));
    case 'client_certificate':
      return only(found('client_certificate', { detail }));
    case 'unreachable':
    case 'closed':
      return only(found('unreachable', { detail }));
    case 'timeout':
    case 'silent':
      return only(found('no_answer', { ms: Math.round(ms) }));
    case 'redirect':
    case 'misdirected':
      return only(found('stream_redirected', { detail }));
    case 'content_type':
      if (/html/i.test(answer?.headers['content-type'] ?? ''))
        return only(found('stream_page', { status }), status === 200 || HAS_NO_STREAM.has(status));
      return only(found('stream_type', { detail }), true);
    case 'http':
    case 'throttled':
      if (failed === null) return only(found('stream_failed', { detail }));
      return only(found('stream_status', { status: failed }), HAS_NO_STREAM.has(failed));
    case 'overloaded':
      return only(found('stream_failed', { detail }));
  }
}

/** Endings that a server's author should know of: not those for silence, which are the heartbeat's. */
function judgeEndings({ endings }: Heard): readonly Finding[] {
  const cuts = endings.filter(({ failure }) => failure.code !== 'silent');
  const [first] = cuts;
  if (first === undefined) return [];
  const lived = cuts.flatMap(({ openMs }) => openMs ?? []);
  const longest = Math.max(0, ...lived);
  return longest < AT_ONCE_MS && lived.length > 1
    ? [found('stream_ends_at_once', { times: cuts.length, ms: Math.round(longest) })]
    : [found('stream_cut', { times: cuts.length, detail: first.failure.detail })];
}

/** Whether anything comes, how finely, and whether silence is told from death. */
export function judgeLife(heard: Heard, noHeartbeatMs = NO_HEARTBEAT_MS): readonly Finding[] {
  const opened = heard.answers.filter(({ status }) => status === 200);
  const first = opened.find(({ pieces }) => pieces.length > 0);
  const ms = Math.round(heard.ms);
  if (first === undefined) return [found('first_byte_none', { ms })];
  const [piece] = first.pieces;
  const findings: Finding[] = [
    found('first_byte_ok', { ms: Math.round((piece?.at ?? first.cameAt) - first.askedAt) }),
  ];
  const pieces = opened.flatMap((answer) => answer.pieces);
  const mean = pieces.reduce((sum, { bytes }) => sum + bytes, 0) / pieces.length;
  if (pieces.length > 50 && mean < 4) findings.push(found('pieces_tiny', { bytes: Math.ceil(mean) }));
  return [...findings, ...judgeHeartbeat(heard, noHeartbeatMs)];
}

function judgeHeartbeat(heard: Heard, noHeartbeatMs: number): readonly Finding[] {
  const silence = heard.endings.find(({ failure }) => failure.code === 'silent');
  if (silence !== undefined) return [found('heartbeat_missed', { detail: silence.failure.detail })];
  if (heard.heartbeatMs !== null) return [found('heartbeat_announced', { ms: heard.heartbeatMs })];
  const signs = [...heard.comments, ...heard.heads].toSorted((a, b) => a - b);
  const distances = signs.slice(1).map((at, index) => at - (signs[index] ?? at));
  const paces = distances.filter((distance) => distance > TOGETHER_MS);
  if (paces.length > 0) return [found('heartbeat_seen', { ms: Math.round(Math.max(...paces)) })];
  const ms = Math.round(heard.ms);
  return [
    longestSilence(heard) >= noHeartbeatMs
      ? found('heartbeat_none', { ms })
      : found('heartbeat_unknown', { ms }),
  ];
}

/** While a connection was open, ms. The last one counts up to the end, unless it had ended before. */
function longestSilence({ answers, endings, ms }: Heard): number {
  const endedAt = (answers[0]?.askedAt ?? 0) + ms;
  const opened = answers.filter(({ status }) => status === 200);
  const silences = opened.flatMap(({ cameAt, pieces }, index) => {
    const times = [cameAt, ...pieces.map(({ at }) => at)];
    if (index === opened.length - 1 && endings.length < opened.length) times.push(endedAt);
    return times.slice(1).map((at, before) => at - (times[before] ?? at));
  });
  return Math.max(0, ...silences);
}
