import type { Exchange } from '../wire.ts';
import type { Model } from '../model.ts';
import type { Claim, ConnectionKey, Sentence } from '../sentence.ts';
import { isGood } from '../missing.ts';
import {
  bringsChanges,
  cameLate,
  isCatchingUp,
  isNamedInVain,
  isSignedIn,
  isSteady,
  lastOutcome,
  recently,
  serverKeeps,
} from '../truths.ts';
import {
  RECEIVING,
  cameInThisRun,
  freshRefused,
  headIsOverdue,
  isLate,
  isSteadyWithoutHeads,
  notConnected,
  online,
  pollsInstead,
  refreshRefused,
  keepsAsShown,
  sawNoReplay,
  sawReplay,
  waitsAfter,
  wasForbidden,
  wasRefusedAgain,
} from './connection-truths.ts';

const SECOND = 1_000;

const label = (why = 'the name of a fact or of a place'): Sentence => ({ plain: why });
const whenSteadyByPolls = (model: Model): boolean =>
  isSteady(model, 20 * SECOND) && model.open?.kind === 'poll';

/** One of the newest attempts ended like this. */
function ended(means: string, test: (one: Exchange) => boolean): Claim {
  return {
    means: `the newest attempt ended so: ${means}`,
    when: (model) => recently(model, RECEIVING, (one) => one.ended !== null && test(one)),
    must: { when: waitsAfter(test), withinMs: 5 * SECOND, or: NOT_WAITING },
  };
}

const STATES = [
  'connection.live',
  'connection.connected',
  'connection.late',
  'connection.connecting',
  'connection.catchingUpSome',
  'connection.catchingUpOf',
  'connection.noConnection',
  'connection.offline',
  'connection.stopped',
  'connection.refused',
  'connection.sign_in_needed',
  'connection.signed_out',
] as const satisfies readonly ConnectionKey[];

const NOT_CONNECTED = STATES.filter(
  (key) =>
    !['connection.live', 'connection.connected', 'connection.late', 'connection.noConnection'].includes(key),
);

/** What is said of no connection where the app does not wait for its next attempt. */
const NOT_WAITING: readonly ConnectionKey[] = [
  'connection.text.connecting',
  'connection.text.offline',
  'connection.text.signed_out',
  'connection.text.revoked',
  'connection.text.expired',
  'connection.text.refused',
  'connection.text.forbidden',
  'connection.text.no_content',
];

/** What is said of no connection without a word on what happens meanwhile. */
const WITHOUT_MEANWHILE = NOT_WAITING.filter(
  (key) => !['connection.text.connecting', 'connection.text.offline'].includes(key),
);

const CATCHING_UP = ['connection.catchingUpSome', 'connection.catchingUpOf'] as const;

const UNTIL_THE_END =
  'it ends as what was missed has arrived; how long it may stand, the bound of `connection.live` says';

export const CONNECTION_SENTENCES: Record<ConnectionKey, Sentence> = {
  'connection.label': label(),
  'connection.server': label(),
  'connection.lastEvent': label(),
  'connection.lastHeard': label(),
  'connection.transport': label(),
  'connection.skew': label(),
  'connection.skewAhead': { provedBy: 'electron/integration/follow.test.ts' },
  'connection.skewBehind': { provedBy: 'electron/integration/follow.test.ts' },
  'connection.transportName.sse': label(),
  'connection.transportName.ndjson': label(),
  'connection.transportName.long_poll': label(),
  'connection.lastEventNone': label('beside the name of the fact: it says that none has been counted'),
  'connection.lastEventNoneSince': label('as `connection.lastEventNone`, beside a list that is here'),
  'connection.catching_up': label('the name of a progress bar, which is there only beside the sentences'),
  'connection.back': { provedBy: 'renderer/features/feed/announcer.test.tsx' },
  'connection.signed_out': { provedBy: 'electron/integration/session.test.ts' },
  'connection.text.signed_out': { provedBy: 'electron/integration/session.test.ts' },

  'connection.live': {
    means:
      'a connection is open, heard of within two heartbeats, and brings each change soon after it was published',
    when: bringsChanges,
    must: {
      when: (model) =>
        bringsChanges(model) &&
        (model.connectedMs ?? 0) > 20 * SECOND &&
        model.waitingMs === 0 &&
        !isNamedInVain(model),
      withinMs: 20 * SECOND,
      or: ['connection.connected', 'connection.late'],
    },
  },
  'connection.text.live': {
    means: 'changes reach this computer soon after they are published',
    when: bringsChanges,
    must: {
      when: (model) => isSteady(model, 20 * SECOND) && model.open?.kind === 'stream' && !isNamedInVain(model),
      withinMs: 20 * SECOND,
      or: ['connection.text.connected', 'connection.text.late'],
    },
  },
  'connection.connected': {
    means: 'a connection is open',
    when: (model) => model.open !== null,
    must: { when: isSteadyWithoutHeads, withinMs: 20 * SECOND },
  },
  'connection.newest': {
    means: 'a change is here, and was before now',
    when: (model, { time }) =>
      model.file.contracts.size > 0 &&
      (Number(time) <= model.computerNow + 2 * SECOND || model.clockSetMs < Infinity),
    must: {
      when: (model) => isSteadyWithoutHeads(model) && cameInThisRun(model),
      withinMs: 20 * SECOND,
    },
  },
  'connection.text.connected': {
    means:
      'a connection is open, and no head has come in time for two heartbeats that names what is here as the newest',
    when: (model) => model.open !== null && (!model.server.traits.heads || headIsOverdue(model)),
    graceMs: 5 * SECOND,
    must: { when: isSteadyWithoutHeads, withinMs: 20 * SECOND },
  },
  'connection.late': {
    means: 'what came lately was on its way for as long as it says',
    when: (model, { span }) => cameLate(model, Number(span)),
    must: { when: isLate, withinMs: 20 * SECOND, or: CATCHING_UP },
  },
  'connection.text.late': {
    means: 'as `connection.late`',
    when: (model, { span }) => cameLate(model, Number(span)),
    must: { when: isLate, withinMs: 20 * SECOND, or: ['connection.text.catching_up'] },
  },
  'connection.meanwhile.proven': {
    means:
      'what has not been received is kept by the server and will be told, and nothing has shown the opposite since',
    when: keepsAsShown,
    must: {
      when: (model) => notConnected(model) && sawReplay(model) && !model.brokenOff,
      withinMs: 5 * SECOND,
      or: WITHOUT_MEANWHILE,
    },
  },
  'connection.meanwhile.unknown': { plain: 'what was received is kept: the file is on the disk' },
  'connection.meanwhile.none': {
    means: 'the server does not tell again what happened in a pause',
    when: (model) => !serverKeeps(model),
    must: { when: sawNoReplay, withinMs: 5 * SECOND, or: WITHOUT_MEANWHILE },
  },
  'connection.connecting': {
    means: 'no connection is open, and one is being made',
    when: (model) => notConnected(model) || (model.connectedMs ?? 0) < 3 * SECOND,
    boundWith: 'connection.noConnection',
  },
  'connection.text.connecting': {
    means: 'no connection is open, and one is being made',
    when: (model) => notConnected(model) || (model.connectedMs ?? 0) < 3 * SECOND,
    boundWith: 'connection.text.waiting',
  },
  'connection.catchingUpSome': {
    means: 'what happened before this connection, or a preview has told of since, is still arriving',
    when: isCatchingUp,
    unbound: UNTIL_THE_END,
  },
  'connection.catchingUpOf': {
    means:
      'what happened before this connection, or a preview has told of since, is still arriving, and so much of so much is here',
    when: (model, { done, total }) => isCatchingUp(model) && Number(done) <= Number(total),
    unbound: UNTIL_THE_END,
  },
  'connection.text.catching_up': {
    means: 'what happened before this connection, or a preview has told of since, is still arriving',
    when: isCatchingUp,
    unbound: UNTIL_THE_END,
  },
  'connection.waiting': {
    means: 'no connection is open',
    when: notConnected,
    must: {
      when: (model) => notConnected(model) && online(model),
      withinMs: 5 * SECOND,
      or: ['connection.waitingNow', ...NOT_CONNECTED],
    },
  },
  'connection.waitingNow': {
    means: 'no connection is open',
    when: (model) => notConnected(model) || (model.connectedMs ?? 0) < 5 * SECOND,
    boundWith: 'connection.waiting',
  },
  'connection.noConnection': {
    means: 'no connection is open',
    when: notConnected,
    must: {
      when: (model) => notConnected(model) && online(model),
      withinMs: 5 * SECOND,
      or: NOT_CONNECTED,
    },
  },
  'connection.offline': {
    means: 'the machine has no network',
    when: (model) => !online(model),
    graceMs: 5 * SECOND,
    must: {
      when: (model) => !online(model),
      // It is found out at an attempt: the longest pause between two is a minute and a half.
      withinMs: 95 * SECOND,
      or: ['connection.stopped', 'connection.sign_in_needed', 'connection.connecting'],
    },
  },
  'connection.sign_in_needed': {
    means: 'the token endpoint itself has refused, so that only the person can go on',
    when: refreshRefused,
    must: {
      when: (model) =>
        model.server.revokedAt !== null &&
        refreshRefused(model) &&
        model.now - model.server.revokedAt < 5 * SECOND,
      withinMs: 3 * SECOND,
    },
  },
  'connection.refused': {
    means: 'the server itself has refused credentials that its token endpoint had just renewed',
    when: freshRefused,
    must: { when: wasRefusedAgain, withinMs: 10 * SECOND },
  },
  'connection.text.refused': {
    means: 'as `connection.refused`',
    when: freshRefused,
    must: { when: wasRefusedAgain, withinMs: 10 * SECOND },
  },
  'connection.stopped': {
    means: 'the newest answer to the stream, or to the first look, was 204 or 403',
    when: (model) => [204, 403].includes(lastOutcome(model)?.answer?.status ?? 0),
    must: { when: wasForbidden, withinMs: 5 * SECOND, or: ['connection.connecting'] },
  },
  'connection.text.waiting': {
    means: 'no connection is open',
    when: notConnected,
    must: {
      when: (model) => notConnected(model) && online(model) && isSignedIn(model),
      withinMs: 5 * SECOND,
      or: [...NOT_WAITING, 'connection.text.waitingNow', 'connection.text.catching_up'],
    },
  },
  'connection.text.waitingNow': {
    means: 'no connection is open',
    when: (model) => notConnected(model) || (model.connectedMs ?? 0) < 5 * SECOND,
    boundWith: 'connection.text.waiting',
  },
  'connection.text.offline': {
    means: 'the machine has no network',
    when: (model) => !online(model),
    graceMs: 5 * SECOND,
    must: {
      when: (model) => !online(model) && isSignedIn(model),
      withinMs: 95 * SECOND,
      or: [
        'connection.text.forbidden',
        'connection.text.revoked',
        'connection.text.connecting',
        'connection.text.refused',
      ],
    },
  },
  'connection.text.expired': { provedBy: 'electron/account/session.test.ts' },
  'connection.text.revoked': {
    means: 'the token endpoint itself has refused',
    when: refreshRefused,
    must: {
      when: (model) =>
        refreshRefused(model) && model.now - (model.server.revokedAt ?? -Infinity) < 5 * SECOND,
      withinMs: 3 * SECOND,
    },
  },
  'connection.text.no_content': { provedBy: 'electron/integration/session.test.ts' },
  'connection.text.forbidden': {
    means: 'the newest answer was 403',
    when: (model) => lastOutcome(model)?.answer?.status === 403,
    must: { when: wasForbidden, withinMs: 5 * SECOND, or: ['connection.text.connecting'] },
  },
  'connection.failure.unreachable': ended('nobody was there', ({ ended: end }) => end?.how === 'unreachable'),
  'connection.failure.timeout': ended(
    'given up without an answer',
    ({ answer, ended: end }) => end?.how === 'given_up' && answer === null,
  ),
  'connection.failure.silent': ended(
    'given up after an answer',
    ({ answer, ended: end }) => end?.how === 'given_up' && answer !== null,
  ),
  'connection.failure.closed': ended(
    'closed or cut',
    ({ answer, ended: end }) => end?.how === 'cut' || (end?.how === 'end' && isGood(answer)),
  ),
  'connection.failure.http': {
    means: 'the newest attempt was answered with this status',
    when: (model, { status }) =>
      recently(
        model,
        [...RECEIVING, 'refresh'],
        ({ answer }) =>
          answer !== null && answer.status >= 300 && (status === '' || answer.status === Number(status)),
      ),
    must: {
      when: waitsAfter(({ answer }) => [404, 405, 502, 503].includes(answer?.status ?? 0)),
      withinMs: 5 * SECOND,
      or: [...NOT_WAITING, 'connection.failure.content_type'],
    },
  },
  'connection.failure.throttled': { provedBy: 'electron/stream/open-stream.test.ts' },
  'connection.failure.content_type': {
    means: 'something else than the server answered the newest attempt, or the renewal of its credentials',
    when: (model) =>
      recently(
        model,
        [...RECEIVING, 'refresh'],
        ({ answer, ended: end }) => end !== null && answer?.by === 'proxy',
      ),
    must: {
      when: waitsAfter(({ answer }) => answer?.by === 'proxy' && answer.status < 404),
      withinMs: 5 * SECOND,
      or: NOT_WAITING,
    },
  },
  'connection.failure.certificate': { provedBy: 'electron/ports/node-http.test.ts' },
  'connection.failure.client_certificate': { provedBy: 'electron/ports/node-http.test.ts' },
  'connection.failure.redirect': { provedBy: 'electron/stream/open-stream.test.ts' },
  'connection.failure.misdirected': { provedBy: 'electron/stream/open-stream.test.ts' },
  'connection.failure.overloaded': { provedBy: 'electron/stream/open-stream.test.ts' },
  'connection.slower': {
    means: 'the connection is one of polls, because a stream was held back or cut off',
    when: pollsInstead,
    must: { when: whenSteadyByPolls, withinMs: 5 * SECOND, or: ['connection.text.late'] },
  },
  'connection.slowerShort': {
    means: 'the connection is one of polls, because a stream was held back or cut off',
    when: pollsInstead,
    must: { when: whenSteadyByPolls, withinMs: 5 * SECOND, or: ['connection.connected', 'connection.late'] },
  },
};
