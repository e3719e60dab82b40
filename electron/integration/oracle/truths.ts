import type { GapRow } from './ledger-file.ts';
import type { Exchange } from './wire.ts';
import type { Model } from './model.ts';
import type { Published } from './published.ts';

/** Conditions that several sentences share, over the model alone. */

const SECOND = 1_000;

/** Heads and the eye: two heartbeats are allowed, two more may pass until it is noticed, and a little for the way. */
export function patienceMs({ heartbeatMs, open }: Model): number {
  // A poll waits for 25 s and its answer for 20 more before anybody can know that none comes.
  if (open?.kind === 'poll') return 50 * SECOND;
  return 4 * heartbeatMs + 5 * SECOND;
}

/** A connection is open, heard of lately, and brings what is published soon after. */
export function bringsChanges(model: Model): boolean {
  const { open, heartbeatMs, usualLatenessMs } = model;
  if (open === null) return false;
  const heardAt = open.lastByteAt ?? open.answer?.at ?? open.startedAt;
  const silent = model.now - heardAt > 2 * heartbeatMs + 6 * SECOND && open.kind === 'stream';
  // It takes two heads until an app can know that what comes over a new connection comes late.
  const late =
    usualLatenessMs !== null &&
    usualLatenessMs > Math.min(2 * heartbeatMs, 10 * SECOND) + SECOND &&
    model.now - open.startedAt > patienceMs(model);
  return !silent && !late && model.waitingMs <= patienceMs(model);
}

/** So long has there been no connection. */
export function cutOffMs({ open, wire, now }: Model): number {
  if (open !== null) return 0;
  const last = wire.log.findLast(
    ({ kind, answer }) => (kind === 'stream' || kind === 'poll') && answer?.status === 200,
  );
  return now - (last?.ended?.at ?? -Infinity);
}

/** Somebody is signed in, and had time to be told. */
export const isSignedIn = ({ signedInMs }: Model): boolean => (signedInMs ?? 0) > 5 * SECOND;

/** The token endpoint has refused a moment ago, and nobody has signed in again. */
export function wasJustRevoked({ server, signedInMs, now, runningMs }: Model): boolean {
  return (
    server.revokedAt !== null &&
    signedInMs === null &&
    now - server.revokedAt < 20 * SECOND &&
    runningMs > 5 * SECOND
  );
}

/** It has been so for `ms`, and nothing is on its way. */
export function isSteady(model: Model, ms: number): boolean {
  return (model.connectedMs ?? 0) > ms && model.waitingMs === 0 && bringsChanges(model);
}

/** Something that came in the last minutes, by this connection or the ones before, was on its way for so long; it is told rounded to a second. */
export function cameLate({ recent, now, heartbeatMs, waitingMs }: Model, ms = 2 * heartbeatMs): boolean {
  const bound = ms - SECOND;
  const isLateNow = (one: { readonly at: number; readonly ms: number }): boolean =>
    one.at > now - 180 * SECOND && one.ms > bound;
  return (
    waitingMs > bound || recent(['stream', 'poll'], 180 * SECOND).some((one) => one.lateness.some(isLateNow))
  );
}

/** What has not been received yet will come: it is kept by the server and told again after a pause. */
export function serverKeeps({ server }: Model): boolean {
  return server.traits.replay;
}

/** The newest exchange that had to do with receiving, and has an outcome. */
export function lastOutcome(model: Model): Exchange | undefined {
  return model.recent(['stream', 'poll', 'snapshot'], 7_200_000).find((one) => one.ended !== null);
}

export function recently(
  model: Model,
  kinds: readonly Exchange['kind'][],
  test: (one: Exchange) => boolean,
  ms = 130_000,
): boolean {
  return model.recent(kinds, ms).some(test);
}

/** A head or a snapshot that has arrived named this moment. */
export function named(
  model: Model,
  time: number,
): { readonly published: number; readonly id: string | null } | null {
  const found = model.wire.heard.findLast(
    ({ part }) =>
      (part.what === 'head' || part.what === 'snapshot' || part.what === 'preview') && part.time === time,
  )?.part;
  return found !== undefined && 'published' in found ? found : null;
}

/** Everything that was published up to there is stored, and nothing is known to be missing after it. */
export function isComplete(model: Model, published: number): boolean {
  const { baseline, server } = model;
  if (server.traits.snapshot && baseline === null) return false;
  return (
    model.missing().every((event) => event.n > published) &&
    model.knownMissing.length === 0 &&
    model.dropped.length === 0
  );
}

/**
 * Nobody can say that what history brought is all there was to an event that could not be read: that is proven by the second
 * snapshot that was asked for since. No proof is needed where the event that is here has the number of the one that could not be
 * read, or its id, if no id had come for another event by then.
 */
export function isUnproven(model: Model, event: Published, arrivedAt: number): boolean {
  const { server, wire, file } = model;
  if (server.traits.ids === 'own') return false;
  const whole = wire.heard.find(({ part }) => part.what === 'event' && part.event === event && !part.garbled);
  if (whole !== undefined && file.stored.has(event) && !sawIdsAgain(model, whole.at)) return false;
  if (!server.traits.snapshot) return true;
  const since = wire.log.filter(
    ({ kind, startedAt, carried }) =>
      kind === 'snapshot' &&
      startedAt >= arrivedAt &&
      carried.some((part) => part.what === 'snapshot' && part.last),
  );
  return since.length < 2;
}

/**
 * One id has come twice, for two changes; what tells the same of the same contract is a copy. Of what cannot be read
 * nothing but its contract says which change it was. `until`: only what came before then.
 */
export function sawIdsAgain({ wire, file }: Model, until = Infinity): boolean {
  const seen = new Map<string, { readonly contractId: string; told: string | null }>();
  for (const [event, at] of wire.arrivals) {
    if (at >= until) continue;
    const { id, contractId, version, to } = event;
    const told = wire.unreadable.has(event) && !file.stored.has(event) ? null : `${version} ${to}`;
    const before = seen.get(id);
    if (before === undefined) seen.set(id, { contractId, told });
    else if (before.contractId !== contractId) return true;
    else if (told !== null && told !== (before.told ??= told)) return true;
  }
  return false;
}

/** Something is missing, or was, or nobody can say that nothing is. */
export function somethingIsMissing(model: Model): boolean {
  const unproven = [...model.wire.unreadable].some(([event, at]) => isUnproven(model, event, at));
  return model.missing().length > 0 || model.brokenOff || unproven;
}

/** Something is missing that could be read if the server had it; what cannot be read anywhere nobody can fetch. */
export function isBeingFetched(model: Model): boolean {
  const missing = model.missing();
  if (missing.length === 0 || missing.some(({ form }) => form !== 'unreadable')) return true;
  // For a while the app may not know that.
  if (model.now - Math.min(...missing.map((event) => event.at)) < 180 * SECOND) return true;
  // Of a log that has begun anew nobody can say what there was to be had: it is asked for as long as that gap is open.
  return model.file.gaps.some(
    (gap) =>
      gap.healedAt === null &&
      (gap.kind === 'epoch' || gap.kind === 'stale' || gap.kind === 'restart' || isLostSince(model, gap)),
  );
}

/** In this gap lies what could have been read until the server lost it, which no answer tells. */
function isLostSince({ server, file }: Model, { kind, contractId, from, to, openedAt }: GapRow): boolean {
  if (kind === 'version')
    return server.published.some(
      (event) => event.gone && event.contractId === contractId && !file.stored.has(event),
    );
  if (kind !== 'sequence' || from === null || to === null) return false;
  return server.published.some(
    (event) =>
      event.gone &&
      event.form !== 'unreadable' &&
      event.sequence >= from &&
      event.sequence <= to &&
      !file.stored.has(event) &&
      // The gap is one of that life of the log, not of the next.
      !server.published.some(({ life, at }) => life > event.life && at <= openedAt),
  );
}

/**
 * Something of what is known to be missing can be asked for: all of it by a snapshot; without one, the history of a contract of
 * which later changes are here.
 */
export function canBeFetched({ server, file, knownMissing }: Model): boolean {
  if (server.traits.snapshot || !server.traits.history) return server.traits.snapshot;
  return knownMissing.some((event) => {
    const here = [...file.stored].filter(({ contractId }) => contractId === event.contractId);
    return (
      here.some(({ version }) => version < event.version) &&
      here.some(({ version }) => version > event.version)
    );
  });
}

/**
 * Of the contract that the person has opened something is known to be missing that could be read: a version before it is here (of a life
 * of the log that is over its event, as no list tells of it any more),
 * and the row shows it or a later one. What lies beyond them may be any contract's: who becomes a follower of an older one sees
 * a first version above 1.
 */
export function isOpenedMissing(model: Model): boolean {
  const shown = model.file.contracts.get(model.opened ?? '')?.version ?? 0;
  return missingOfOpened(model).some(({ form, version }) => form === 'good' && version <= shown);
}

/** Of the open contract, and above a version of it that is here. */
export function missingOfOpened({
  opened,
  knownMissing,
  file,
  server,
  baseline,
}: Model): readonly Published[] {
  const isListed = ({ n, life }: Published): boolean => n <= (baseline ?? 0) && life === server.life;
  const isOfOpened = ({ contractId }: Published): boolean => contractId === opened;
  const missing = knownMissing.filter(isOfOpened);
  if (missing.length === 0) return missing;
  const here = server.published.filter(
    (event) => isOfOpened(event) && (isListed(event) || file.stored.has(event)),
  );
  return missing.filter(({ version }) => here.some((event) => event.version < version));
}

/** Contracts that wait for the person, by the server's word, once everything has arrived. */
export function needingByServer({ server, file }: Model): number {
  let count = 0;
  for (const { contractId, last, version, acknowledged } of server.contracts().values()) {
    // What has never been told here cannot be known.
    if (file.contracts.get(contractId)?.version !== version) continue;
    const own = file.outbox.get(contractId);
    const taken =
      acknowledged >= version || (own !== undefined && own.version >= version && own.state !== 'failed');
    if (last.actionRequired && !taken) count += 1;
  }
  return count;
}

/** Nothing is on its way, nothing is missing: the app can know all that the server knows. */
export function isCaughtUp(model: Model): boolean {
  return (
    model.open !== null &&
    (model.connectedMs ?? 0) > 30 * SECOND &&
    model.waitingMs === 0 &&
    model.missing().length === 0
  );
}

/** Events from before this connection, from long ago, or such as a preview has told of, are still to come. */
export function isCatchingUp(model: Model): boolean {
  const { open, server, wire } = model;
  if (open === null) return recently(model, ['snapshot'], () => true, 20 * SECOND);
  // Until a head has come, or (without heads) until a quiet moment.
  if (model.now - open.startedAt < (server.traits.heads ? model.heartbeatMs + 6 * SECOND : 12 * SECOND))
    return true;
  // Nothing has been told over it yet, so nobody knows what is to come.
  if (open.carried.length === 0) return true;
  // A proxy holds it back: it was published since, and long ago.
  if (model.waitingMs > 10 * SECOND || cameLate(model, 10 * SECOND) || isHeadHeldUp(model)) return true;
  if (isNamedInVain(model)) return true;
  if (!server.traits.replay) return false;
  if (isPreviewed(model)) return true;
  return server.published.some(
    (event) =>
      event.life === server.life &&
      event.at < open.startedAt &&
      event.form === 'good' &&
      !wire.arrivals.has(event) &&
      event.n > (model.baseline ?? 0),
  );
}

/** As in electron/sync/lateness.ts, and a little for the way. */
export const HELD_UP_MS = 4 * SECOND;

/**
 * The newest head of this connection came so late that what has happened since may be held up as well; who reads a head on its
 * arrival knows no more.
 */
function isHeadHeldUp({ open, wire }: Model): boolean {
  const head = wire.heard.findLast(({ exchange, part }) => exchange === open && part.what === 'head');
  return head?.part.what === 'head' && head.at - head.part.time > HELD_UP_MS;
}

/**
 * Where ids have no order, the newest head names what is not here. That may be on its way while anything comes, until it is named again
 * with nothing in between.
 */
export function isNamedInVain({ server, wire, open, now, heartbeatMs, file }: Model): boolean {
  if (server.traits.ids === 'own') return false;
  const heard = wire.heard.filter(({ exchange }) => exchange === open).map(({ part, at }) => ({ part, at }));
  const last = heard.findLastIndex(({ part }) => part.what === 'head');
  const { part: head, at } = heard[last] ?? {};
  if (head?.what !== 'head' || head.id === null || at === undefined) return false;
  const named = server.published.findLast(({ n, id }) => n <= head.published && id === head.id);
  if (named === undefined || file.stored.has(named) || now - at > heartbeatMs + 6 * SECOND) return false;
  const before = heard.slice(0, last).findLastIndex(({ part }) => part.what === 'head');
  return heard.slice(before + 1).some(({ part }) => part.what === 'event' || part.what === 'foreign');
}

/** The newest of a preview that arrived is not stored yet, and nothing else than its turn is awaited. */
export function isPreviewed(model: Model): boolean {
  const last = model.wire.heard.findLast(({ part }) => part.what === 'preview');
  if (last?.part.what !== 'preview' || model.brokenOff || model.open === null) return false;
  const { published } = last.part;
  return last.at > model.open.startedAt && model.missing().some(({ n }) => n <= published);
}

/** Only for others, and no head of the server's own says that there was nothing for this user. */
export function perhapsForThisUser(model: Model): boolean {
  return onlyForOthers(model) && !model.server.traits.heads;
}

/** Events have come, and none of them was addressed to this user. */
export function onlyForOthers({ foreignNames, wire }: Model): boolean {
  return (
    foreignNames.length > 0 &&
    !wire.log.some((one) => one.kind !== 'history' && one.carried.some(({ what }) => what === 'event'))
  );
}
