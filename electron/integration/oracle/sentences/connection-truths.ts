import { parsePosition } from '../../../../protocol/cursor.ts';
import type { Exchange, Heard } from '../wire.ts';
import { isGood } from '../missing.ts';
import type { Model } from '../model.ts';
import { HELD_UP_MS, isSignedIn, isSteady, lastOutcome, patienceMs, recently } from '../truths.ts';

const SECOND = 1_000;
/** As in electron/sync/lateness.ts. */
const HEADS = 4;

export const RECEIVING = ['stream', 'poll', 'snapshot'] as const;

/** No connection that is any good; so that somebody has to be told. */
export const notConnected = ({ open }: Model): boolean => open === null;

export const online = ({ wire }: Model): boolean => !wire.faults.offline;

export const refreshRefused = (model: Model): boolean =>
  recently(
    model,
    ['refresh'],
    ({ answer }) => answer?.by === 'server' && answer.status >= 400 && answer.status < 500,
    86_400_000,
  );

/** No head has come in time for two heartbeats that names what is here as the newest; a late one says what was so then. */
export function headIsOverdue(model: Model): boolean {
  const { open, now, heartbeatMs, wire } = model;
  const heads = wire.heard.filter(({ exchange, part }) => exchange === open && part.what === 'head');
  const newest = heads.at(-1);
  // An id without an order that had not come before it was named tells nothing of the newest, until it is named again.
  if (newest !== undefined && model.server.traits.ids !== 'own' && !namesWhatIsHere(model, newest))
    return true;
  if (heads.length < HEADS && isInDoubt(model)) return true;
  return !heads.some(
    (head) =>
      head.at > now - 2 * heartbeatMs && latenessOf(head) < HELD_UP_MS && namesWhatIsHere(model, head),
  );
}

/** What was held back on a connection may be on the next ones: so many heads in time on one of them show that it is not. */
function isInDoubt({ open, wire }: Model): boolean {
  let last: Heard['exchange'] | null = null;
  let inTime = 0;
  for (let index = wire.heard.length - 1; index >= 0; index -= 1) {
    const head = wire.heard[index] as Heard;
    if (head.exchange === open || head.part.what !== 'head') continue;
    inTime = head.exchange === last ? inTime + 1 : 1;
    last = head.exchange;
    if (latenessOf(head) >= HELD_UP_MS) return true;
    if (inTime === HEADS) return false;
  }
  return false;
}

const latenessOf = ({ part, at }: Heard): number => (part.what === 'head' ? at - part.time : 0);

/** What it names had come before it. Where ids have an order, what has come since counts too. */
function namesWhatIsHere({ server, wire, baseline, file }: Model, { part, at }: Heard): boolean {
  if (part.what !== 'head' || part.id === null) return true;
  const { id, published } = part;
  const event = server.published.findLast((one) => one.n <= published && one.id === id);
  if (event === undefined) return true;
  const isInOrder = server.traits.ids === 'own';
  if (event.n === baseline) {
    const listed = wire.heard.find((one) => one.part.what === 'snapshot' && one.part.last);
    if (isInOrder) return true;
    // Named again after later ones have come, it is not the newest here, whatever became of them.
    const hasMovedOn = wire.heard.some(
      (one) => one.part.what === 'event' && one.exchange.kind !== 'history' && one.at < at,
    );
    return (listed?.at ?? Number.POSITIVE_INFINITY) < at && !hasMovedOn;
  }
  if (isInOrder) return event.n <= (baseline ?? 0) || file.stored.has(event) || file.setAside.has(event);
  // What a history tells in a form that cannot be read is not here, and the stream has not come there.
  return wire.heard.some(
    (one) =>
      one.part.what === 'event' &&
      one.part.event === event &&
      one.at <= at &&
      (file.stored.has(event) || one.exchange.kind !== 'history'),
  );
}

/** What passed since the last connection that was answered well, newest first. */
function sinceLastGood(model: Model, kinds: readonly Exchange['kind'][]): readonly Exchange[] {
  const all = model.recent([...kinds, 'stream', 'poll'], 1_200_000);
  const good = all.findIndex(({ kind, answer }) => (kind === 'stream' || kind === 'poll') && isGood(answer));
  return all.slice(0, good === -1 ? all.length : good).filter(({ kind }) => kinds.includes(kind));
}

const isRefusal = ({ answer }: Exchange): boolean => answer?.by === 'server' && answer.status === 401;

/** 401 of the server itself, and since the last good stream a renewal that went well. */
export function freshRefused(model: Model): boolean {
  if (model.open !== null) return false;
  const asked = sinceLastGood(model, ['stream', 'poll', 'snapshot', 'acknowledge', 'refresh', 'login']);
  const isRenewal = ({ kind }: Exchange): boolean => kind === 'refresh' || kind === 'login';
  return (
    asked.some((one) => !isRenewal(one) && isRefusal(one)) &&
    asked.some((one) => isRenewal(one) && one.answer?.status === 200)
  );
}

/** The newest attempt at receiving that has an outcome ended so, and the app waits for the next one. */
export function waitsAfter(test: (one: Exchange) => boolean): (model: Model) => boolean {
  return (model) => {
    const last = model.recent(['stream', 'poll'], 7_200_000).find((one) => one.ended !== null);
    return notConnected(model) && online(model) && isSignedIn(model) && last !== undefined && test(last);
  };
}

/** Changes come, and no head says which is the newest. */
export const isSteadyWithoutHeads = (model: Model): boolean =>
  isSteady(model, 60 * SECOND) && !model.server.traits.heads;

/** Late for good: most of what came in the last minutes. */
export function isLate(model: Model): boolean {
  const { usualLatenessMs, heartbeatMs, open, server } = model;
  if (usualLatenessMs === null || open?.kind !== 'stream' || !server.traits.heads) return false;
  // By the times of heads alone, and one of each connection is not enough.
  if (server.traits.heartbeatMs === null) return false;
  return usualLatenessMs > 2 * heartbeatMs + 5 * SECOND && model.now - open.startedAt > patienceMs(model);
}

/** The stream was given up for its silence or lateness, or cut off again and again, and polls are answered. */
export function pollsInstead(model: Model): boolean {
  const polls = recently(model, ['poll'], ({ answer }) => answer?.status === 200 && answer.by === 'server');
  return (
    polls &&
    (wasCutAlike(model) ||
      recently(
        model,
        ['stream'],
        ({ ended: end }) => end?.how === 'given_up' || end?.how === 'end',
        7_200_000,
      ))
  );
}

/** As long as a pause may be that something on the way cuts off, and three times in a row are no chance. As in electron/stream. */
const CUT_WITHIN_MS = 30 * SECOND;
const CUTS = 3;

/** Three streams in a row were cut, all at about the same age, or all after about the same silence. */
function wasCutAlike({ wire }: Model): boolean {
  const streams = wire.log.filter(({ kind, answer }) => kind === 'stream' && answer?.status === 200);
  return streams.some((_, first) => {
    const three = streams.slice(first, first + CUTS);
    const cuts = three.flatMap(({ answer, lastByteAt, ended: end }) =>
      answer !== null && end?.how === 'cut'
        ? { age: end.at - answer.at, silence: end.at - (lastByteAt ?? answer.at) }
        : [],
    );
    if (cuts.length < CUTS) return false;
    return areAlike(cuts.map(({ age }) => age)) || areAlike(cuts.map(({ silence }) => silence));
  });
}

function areAlike(times: readonly number[]): boolean {
  const [least, most] = [Math.min(...times), Math.max(...times)];
  return most < CUT_WITHIN_MS && most - least <= Math.max(SECOND, least / 4);
}

/**
 * What happened while there was no connection has come over the next one, before its head. A poll that was being answered was one:
 * the stream that follows it is no return.
 */
export function sawReplay({ wire, server }: Model): boolean {
  return (
    server.traits.ids === 'own' &&
    server.traits.heads &&
    wire.heard.some(
      ({ exchange, part }) =>
        exchange.kind === 'stream' &&
        exchange.cursor !== null &&
        part.what === 'event' &&
        part.event.at < exchange.startedAt &&
        !wire.log.some((one) => one.kind === 'poll' && wasOpen(one, part.event.at)),
    )
  );
}

const wasOpen = ({ startedAt, answer, ended }: Exchange, at: number): boolean =>
  isGood(answer) && startedAt <= at && (ended?.at ?? Number.POSITIVE_INFINITY) >= at;

/**
 * The server keeps what has not been received, and since it last showed that its memory was not what it had been (it could not go
 * on from where the app stood, or its log was another), changes of the new log have come.
 */
export function keepsAsShown({ server, wire }: Model): boolean {
  if (!server.traits.replay) return false;
  let epoch: string | undefined;
  let isLost = false;
  for (const { exchange, part } of wire.heard) {
    if (exchange.kind !== 'stream' && exchange.kind !== 'poll') continue;
    const id = part.what === 'event' ? part.event.id : part.what === 'head' ? part.id : null;
    const other = id === null ? undefined : parsePosition(id)?.epoch;
    if (part.what === 'stale' || (epoch !== undefined && other !== undefined && other !== epoch))
      isLost = true;
    // What was published as the app asked was there before the server was asked.
    else if (part.what === 'event' && part.event.at <= exchange.startedAt) isLost = false;
    epoch = other ?? epoch;
  }
  return !isLost;
}

/** After a pause a head has come that is ahead of where the app stood, without what lies between. */
export function sawNoReplay(model: Model): boolean {
  const { server, wire } = model;
  if (!notConnected(model) || server.traits.replay || server.traits.ids !== 'own' || server.life > 1)
    return false;
  return wire.heard.some(({ exchange: { kind, cursor, startedAt }, part }) => {
    if (kind !== 'stream' || cursor === null || part.what !== 'head') return false;
    const stoodAt = server.published.find(({ id }) => id === cursor);
    return (
      stoodAt !== undefined &&
      server.published.some(({ n, at }) => n > stoodAt.n && n <= part.published && at < startedAt)
    );
  });
}

/** Credentials that were had after the last refusal were refused, and those that were had then were as well. */
export function wasRefusedAgain(model: Model): boolean {
  if (!freshRefused(model)) return false;
  const last = lastOutcome(model);
  return (
    last !== undefined &&
    isRefusal(last) &&
    sinceLastGood(model, ['stream', 'poll']).filter(isRefusal).length > 4
  );
}

export function wasForbidden(model: Model): boolean {
  return model.open === null && isSignedIn(model) && isForbidding(lastOutcome(model));
}

export const isForbidding = (last: Exchange | undefined): boolean =>
  last?.answer?.by === 'server' && last.answer.status === 403;

/** A change has come by the stream since the app was started, and is stored. */
export function cameInThisRun({ wire, file, now, runningMs }: Model): boolean {
  // Who is refused begins anew with the next token.
  const refused = wire.log.findLast(({ kind, answer }) => kind === 'stream' && answer?.status === 401);
  const since = Math.max(now - runningMs, refused?.startedAt ?? 0);
  return wire.heard.some(
    ({ exchange, part, at }) =>
      exchange.kind === 'stream' && part.what === 'event' && at > since && file.stored.has(part.event),
  );
}
