import type { Exchange } from '../wire.ts';
import type { Model } from '../model.ts';
import type { Claim, ConnectionKey, Sentence } from '../sentence.ts';
import { bringsChanges, cameLate, isCatchingUp, lastOutcome, recently, serverKeeps } from '../truths.ts';

const SECOND = 1_000;
const RECEIVING = ['stream', 'poll', 'snapshot'] as const;

const label = (why = 'the name of a fact or of a place'): Sentence => ({ plain: why });

/** No connection that is any good; so that somebody has to be told. */
const notConnected = ({ open }: Model): boolean => open === null;
const online = ({ wire }: Model): boolean => !wire.weather.offline;

/** One of the newest attempts ended like this. */
function ended(means: string, test: (one: Exchange) => boolean): Claim {
  return {
    means: `the newest attempt ended so: ${means}`,
    when: (model) => recently(model, RECEIVING, (one) => one.ended !== null && test(one)),
  };
}

const refreshRefused = (model: Model): boolean =>
  recently(
    model,
    ['refresh'],
    ({ answer }) => answer?.by === 'server' && answer.status >= 400 && answer.status < 500,
    86_400_000,
  );

function headIsOverdue({ open, now, heartbeatMs }: Model): boolean {
  return !(open?.lateness.some(({ at, ms }) => at > now - 2 * heartbeatMs && ms < 2 * heartbeatMs) ?? false);
}

/** 401 of the server itself, and since the last good stream a renewal that went well. */
function freshRefused(model: Model): boolean {
  const kinds = ['stream', 'poll', 'snapshot', 'acknowledge'] as const;
  const refused = recently(
    model,
    kinds,
    ({ answer }) => answer?.by === 'server' && answer.status === 401,
    1_200_000,
  );
  return (
    refused &&
    recently(model, ['refresh', 'login'], ({ answer }) => answer?.status === 200, 1_200_000) &&
    model.open === null
  );
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

export const CONNECTION_SENTENCES: Record<ConnectionKey, Sentence> = {
  'connection.label': label(),
  'connection.server': label(),
  'connection.lastEvent': label(),
  'connection.lastHeard': label(),
  'connection.transport': label(),
  'connection.skew': label(),
  'connection.skewAhead': { provedBy: 'electron/proof/follow.test.ts' },
  'connection.skewBehind': { provedBy: 'electron/proof/follow.test.ts' },
  'connection.transportName.sse': label(),
  'connection.transportName.ndjson': label(),
  'connection.transportName.long_poll': label(),
  'connection.lastEventNone': label('beside the name of the fact: it says that none has been counted'),
  'connection.catching_up': label('the name of a progress bar, which is there only beside the sentences'),
  'connection.signed_out': { provedBy: 'electron/proof/session.test.ts' },
  'connection.text.signed_out': { provedBy: 'electron/proof/session.test.ts' },

  'connection.live': {
    means:
      'a connection is open, heard of within two heartbeats, and brings each change soon after it was published',
    when: bringsChanges,
    must: {
      when: (model) =>
        bringsChanges(model) && (model.connectedMs ?? 0) > 20 * SECOND && model.waitingMs === 0,
      withinMs: 20 * SECOND,
      or: ['connection.connected', 'connection.late'],
    },
  },
  'connection.text.live': {
    means: 'changes reach this computer soon after they are published',
    when: bringsChanges,
  },
  'connection.connected': { means: 'a connection is open', when: (model) => model.open !== null },
  'connection.newest': {
    means: 'a change is here, and was before now',
    when: (model, { time }) =>
      model.file.contracts.size > 0 &&
      (Number(time) <= model.computerNow + 2 * SECOND || model.clockSetMs < Infinity),
  },
  'connection.text.connected': {
    means:
      'a connection is open, and no head has come for two heartbeats that names what is here as the newest',
    when: (model) => model.open !== null && (!model.server.traits.heads || headIsOverdue(model)),
    graceMs: 5 * SECOND,
  },
  'connection.late': {
    means: 'what came lately was on its way for as long as it says',
    when: (model, { span }) => cameLate(model, Number(span)),
  },
  'connection.text.late': {
    means: 'as `connection.late`',
    when: (model, { span }) => cameLate(model, Number(span)),
  },
  'connection.meanwhile.proven': {
    means: 'what has not been received is kept by the server and will be told',
    when: serverKeeps,
  },
  'connection.meanwhile.unknown': { plain: 'what was received is kept: the file is on the disk' },
  'connection.meanwhile.none': {
    means: 'the server does not tell again what happened in a pause',
    when: (model) => !serverKeeps(model),
  },
  'connection.connecting': {
    means: 'no connection is open, and one is being made',
    when: (model) => notConnected(model) || (model.connectedMs ?? 0) < 3 * SECOND,
  },
  'connection.text.connecting': {
    means: 'no connection is open, and one is being made',
    when: (model) => notConnected(model) || (model.connectedMs ?? 0) < 3 * SECOND,
  },
  'connection.catchingUpSome': {
    means: 'what happened before this connection is still arriving',
    when: isCatchingUp,
  },
  'connection.catchingUpOf': {
    means: 'what happened before this connection is still arriving, and so much of so much is here',
    when: (model, { done, total }) => isCatchingUp(model) && Number(done) <= Number(total),
  },
  'connection.text.catching_up': {
    means: 'what happened before this connection is still arriving',
    when: isCatchingUp,
  },
  'connection.waiting': { means: 'no connection is open', when: notConnected },
  'connection.waitingNow': {
    means: 'no connection is open',
    when: (model) => notConnected(model) || (model.connectedMs ?? 0) < 5 * SECOND,
  },
  'connection.noConnection': {
    means: 'no connection is open',
    when: notConnected,
    must: {
      when: (model) => notConnected(model) && online(model),
      withinMs: 5 * SECOND,
      or: STATES.filter(
        (key) =>
          !['connection.live', 'connection.connected', 'connection.late', 'connection.noConnection'].includes(
            key,
          ),
      ),
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
  },
  'connection.text.refused': { means: 'as `connection.refused`', when: freshRefused },
  'connection.stopped': {
    means: 'the newest answer to the stream, or to the first look, was 204 or 403',
    when: (model) => [204, 403].includes(lastOutcome(model)?.answer?.status ?? 0),
  },
  'connection.text.waiting': { means: 'no connection is open', when: notConnected },
  'connection.text.offline': {
    means: 'the machine has no network',
    when: (model) => !online(model),
    graceMs: 5 * SECOND,
  },
  'connection.text.expired': { provedBy: 'electron/account/session.test.ts' },
  'connection.text.revoked': { means: 'the token endpoint itself has refused', when: refreshRefused },
  'connection.text.no_content': { provedBy: 'electron/proof/session.test.ts' },
  'connection.text.forbidden': {
    means: 'the newest answer was 403',
    when: (model) => lastOutcome(model)?.answer?.status === 403,
  },
  'connection.trouble.unreachable': ended('nobody was there', ({ ended: end }) => end?.how === 'unreachable'),
  'connection.trouble.timeout': ended(
    'given up without an answer',
    ({ answer, ended: end }) => end?.how === 'given_up' && answer === null,
  ),
  'connection.trouble.silent': ended(
    'given up after an answer',
    ({ answer, ended: end }) => end?.how === 'given_up' && answer !== null,
  ),
  'connection.trouble.closed': ended(
    'closed or cut',
    ({ ended: end }) => end?.how === 'end' || end?.how === 'cut',
  ),
  'connection.trouble.http': {
    means: 'the newest attempt was answered with this status',
    when: (model, { status }) =>
      recently(
        model,
        [...RECEIVING, 'refresh'],
        ({ answer }) =>
          answer !== null && answer.status >= 300 && (status === '' || answer.status === Number(status)),
      ),
  },
  'connection.trouble.throttled': { provedBy: 'electron/stream/open-stream.test.ts' },
  'connection.trouble.content_type': ended(
    'a page came in place of the stream',
    ({ answer }) => answer?.by === 'proxy',
  ),
  'connection.trouble.certificate': { provedBy: 'electron/ports/node-http.test.ts' },
  'connection.trouble.redirect': { provedBy: 'electron/stream/open-stream.test.ts' },
  'connection.trouble.misdirected': { provedBy: 'electron/stream/open-stream.test.ts' },
  'connection.trouble.overloaded': { provedBy: 'electron/stream/open-stream.test.ts' },
  'connection.slower': {
    means: 'the connection is one of polls, because a stream was held back or cut off',
    when: pollsInstead,
  },
  'connection.slowerShort': {
    means: 'the connection is one of polls, because a stream was held back',
    when: pollsInstead,
  },
};

/** The stream was given up for its silence or lateness, and polls are answered. */
function pollsInstead(model: Model): boolean {
  const polls = recently(model, ['poll'], ({ answer }) => answer?.status === 200 && answer.by === 'server');
  return (
    polls &&
    recently(model, ['stream'], ({ ended: end }) => end?.how === 'given_up' || end?.how === 'end', 7_200_000)
  );
}
