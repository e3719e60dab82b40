import type { Exchange } from './wire.ts';
import type { Model } from './model.ts';

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
    usualLatenessMs > 2 * heartbeatMs + SECOND &&
    model.now - open.startedAt > patienceMs(model);
  return !silent && !late && model.waitingMs <= patienceMs(model);
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
  for (let at = model.wire.log.length - 1; at >= 0; at -= 1) {
    for (const part of (model.wire.log[at] as Exchange).carried) {
      if ((part.what === 'head' || part.what === 'snapshot' || part.what === 'preview') && part.time === time)
        return part;
    }
  }
  return null;
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

/** Something is missing, or was, or nobody can say that nothing is. */
export function somethingIsMissing(model: Model): boolean {
  // Without a snapshot nobody can say that an unreadable event was all there was to it.
  const unproven =
    !model.server.traits.snapshot && [...model.wire.arrivals.keys()].some(({ form }) => form !== 'good');
  return model.missing().length > 0 || model.brokenOff || unproven;
}

/** Something is missing that could be read if the server had it; what cannot be read anywhere nobody can fetch. */
export function isBeingFetched(model: Model): boolean {
  const missing = model.missing();
  if (missing.length === 0 || missing.some(({ form }) => form !== 'unreadable')) return true;
  // For a while the app may not know that.
  return model.now - Math.min(...missing.map((event) => event.at)) < 180 * SECOND;
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
export function isLevel(model: Model): boolean {
  return (
    model.open !== null &&
    (model.connectedMs ?? 0) > 30 * SECOND &&
    model.waitingMs === 0 &&
    model.missing().length === 0
  );
}

/** Events from before this connection are still to come. */
export function isCatchingUp(model: Model): boolean {
  const { open, server, wire } = model;
  if (open === null) return recently(model, ['snapshot'], () => true, 20 * SECOND);
  // Until a head has come, or (without heads) until a quiet moment.
  if (model.now - open.startedAt < (server.traits.heads ? model.heartbeatMs + 6 * SECOND : 12 * SECOND))
    return true;
  // Nothing has been told over it yet, so nobody knows what is to come.
  if (open.carried.length === 0) return true;
  if (!server.traits.replay) return false;
  return server.published.some(
    (event) =>
      event.life === server.life &&
      event.at < open.startedAt &&
      event.form === 'good' &&
      !wire.arrivals.has(event) &&
      event.n > (model.baseline ?? 0),
  );
}

/** Events have come, and none of them was addressed to this user. */
export function onlyForOthers({ foreignNames, wire }: Model): boolean {
  return (
    foreignNames.length > 0 &&
    !wire.log.some((one) => one.kind !== 'history' && one.carried.some(({ what }) => what === 'event'))
  );
}
