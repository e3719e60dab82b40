import type { Model } from '../model.ts';
import type { Args } from '../said.ts';
import type { Published } from '../published.ts';
import type { GapRow } from '../ledger-file.ts';
import {
  canBeFetched,
  isComplete,
  isSteady,
  isUnproven,
  named,
  onlyForOthers,
  somethingIsMissing,
} from '../truths.ts';

const SECOND = 1_000;

const number = (value: unknown): number => Number(value);

/** Complete up to a moment that the server itself named, with everything of before it stored. */
export function completeUpTo(model: Model, { time, event }: Args): boolean {
  const proof = time === undefined ? null : named(model, number(time));
  if (time !== undefined && proof === null) return false;
  if (event !== undefined && proof !== null && proof.id !== null && !proof.id.endsWith(String(event)))
    return false;
  return isComplete(model, proof?.published ?? model.server.published.length);
}

export const nothingKnownMissing = (model: Model): boolean =>
  model.knownMissing.length === 0 && model.dropped.length === 0;

/** The longest pause between two attempts to repair. As in electron/sync/follow.ts. */
const REPAIR_PAUSE_MS = 600 * SECOND;

/**
 * The baseline was an empty log. What came first since then need not be the first that there was: a whole life of the log may
 * have passed meanwhile. Only a snapshot shows that it has not, and it has lately been asked for in vain.
 */
function isBeginningUnproven(model: Model): boolean {
  const [firstAt] = model.wire.arrivals.values();
  if (model.baseline !== 0 || firstAt === undefined) return false;
  const asked = model.wire.log.filter(({ kind, startedAt }) => kind === 'snapshot' && startedAt >= firstAt);
  if (asked.some(({ carried }) => carried.some((part) => part.what === 'snapshot' && part.last)))
    return false;
  return asked.some(({ ended }) => (ended?.at ?? model.now) >= model.now - REPAIR_PAUSE_MS);
}

/** Everything that a receipt can be complete by is there. */
export function couldBeComplete(model: Model): boolean {
  const { traits } = model.server;
  return (
    traits.heads &&
    traits.ids === 'own' &&
    traits.snapshot &&
    model.baseline !== null &&
    !isBeginningUnproven(model) &&
    !model.brokenOff &&
    (model.connectedMs ?? 0) > 3 * model.heartbeatMs + 20 * SECOND &&
    model.waitingMs === 0 &&
    model.missing().length === 0 &&
    model.dropped.length === 0
  );
}

/** The server numbers its changes, has a list of all contracts, and names heads: there is a way to prove completeness. */
export const mayBeProven = ({ server: { traits } }: Model): boolean =>
  traits.ids === 'own' && traits.heads && traits.snapshot;

export const hasNamedHead = ({ wire }: Model): boolean => wire.heard.some(({ part }) => part.what === 'head');

/** Servers whose ids have no order: what has come shows no gap, and nobody can say more. */
export function nothingContradicts(model: Model): boolean {
  return (
    !couldBeComplete(model) &&
    model.server.traits.ids !== 'own' &&
    nothingKnownMissing(model) &&
    !somethingIsMissing(model) &&
    model.foreignNames.length === 0 &&
    model.file.receivedAt.size > 0 &&
    (model.connectedMs ?? 0) > 20 * SECOND
  );
}

export const hasNoBaseline = (model: Model): boolean =>
  model.baseline === null &&
  nothingKnownMissing(model) &&
  !somethingIsMissing(model) &&
  model.foreignNames.length === 0 &&
  model.file.receivedAt.size > 0 &&
  isSteady(model, 20 * SECOND);

export const isKnownToBeOpen = (model: Model): boolean =>
  model.knownMissing.some((event) => event.form !== 'unreadable') && model.open !== null;

export const couldBeFetched = (model: Model): boolean =>
  canBeFetched(model) && isKnownToBeOpen(model) && isSteady(model, 20 * SECOND);

export const couldHaveBeenFetched = (model: Model): boolean =>
  canBeFetched(model) && model.knownMissing.some((event) => event.form !== 'unreadable');

/** Neither list nor history, and it was the server that said so last: what a proxy answers says nothing of it. */
export const couldBeFetchedNowhere = (model: Model): boolean =>
  !model.server.traits.snapshot &&
  !model.server.traits.history &&
  model.wire.log.findLast(({ kind, answer }) => kind === 'snapshot' && answer !== null)?.answer?.by ===
    'server' &&
  hasOpenGap(model, ({ kind }) => kind !== 'quarantine') &&
  isSteady(model, 60 * SECOND);

/** Whoever asks after the server has forgotten it, or gone back to before it, hears that nothing is missing. */
export const hasUnreadable = (model: Model): boolean =>
  model.open !== null &&
  unreadableHere(model).some(
    // What was cut on its way shows by its beginning that it is what has come whole since.
    (event) =>
      !event.gone &&
      !event.undone &&
      !model.isCopied(event) &&
      !(event.form === 'garbled' && model.file.stored.has(event)),
  );

export const isForOthersOnly = (model: Model): boolean =>
  onlyForOthers(model) &&
  model.open !== null &&
  model.file.contracts.size === 0 &&
  !model.server.traits.heads;

export const hasNothing = ({ file, baseline, wire }: Model): boolean =>
  file.stored.size === 0 && file.contracts.size === 0 && baseline === null && wire.arrivals.size === 0;

/** Once everything is here, a pause of more than five minutes is told. */
export const hasBeenAbsent = (model: Model): boolean =>
  model.absence !== null && isSteady(model, 30 * SECOND) && model.foreignNames.length === 0;

export const isVersionMissing = (model: Model): boolean =>
  isKnownToBeOpen(model) && model.server.traits.ids !== 'own';

export const hasOpenGap = ({ file }: Model, test: (gap: GapRow) => boolean): boolean =>
  file.gaps.some((gap) => gap.healedAt === null && test(gap));

/** By a clock that was set forward since it was planned, the next attempt is due already: until it is made. */
export const isDueByNewClock = (model: Model): boolean =>
  model.clockSetMs < 700 * SECOND &&
  hasOpenGap(model, ({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt <= model.computerNow);

/** For some seconds to come, by a clock that nobody has set. */
export const isAhead = (model: Model, { nextAttemptAt }: GapRow): boolean =>
  (nextAttemptAt ?? 0) > model.computerNow + 6 * SECOND && model.clockSetMs > 700 * SECOND;

/** Changes stored since midnight of the computer's day; the file's own count of rows. */
export function storedToday(model: Model): number {
  const midnight = new Date(model.computerNow).setHours(0, 0, 0, 0);
  return [...model.file.receivedAt.values()].filter((at) => at >= midnight).length;
}

/** The day is looked at once a minute: a clock that was set is taken up by then. */
export const isToday = (model: Model, { n, count }: Args): boolean =>
  model.clockSetMs < 70 * SECOND || number(n ?? count) === storedToday(model);

export const countsToday = (model: Model): boolean => model.clockSetMs > 70 * SECOND;

/** Everything is there for a receipt that is complete up to a time of the computer's day. */
export function couldBeCompleteToday(model: Model): boolean {
  const isDayOf = (time: number): boolean =>
    new Date(time).setHours(0, 0, 0, 0) === new Date(model.computerNow).setHours(0, 0, 0, 0);
  const newest = model.wire.heard.findLast(({ part }) => part.what === 'head' || part.what === 'snapshot');
  const time = newest !== undefined && 'time' in newest.part ? newest.part.time : null;
  return couldBeComplete(model) && countsToday(model) && time !== null && isDayOf(time);
}

export function missingOf(model: Model, contract: unknown): boolean {
  return model.missing().some((event) => event.contractId === contract) || model.brokenOff;
}

export function arrivedUnreadable(model: Model, contract?: unknown): boolean {
  return unreadableHere(model).some(({ contractId }) => contract === undefined || contractId === contract);
}

/** What has come and could not be read, and has not come otherwise, or nobody can say whether it has. */
function unreadableHere(model: Model): readonly Published[] {
  return [...model.wire.unreadable]
    .filter(([event, at]) => !model.file.stored.has(event) || isUnproven(model, event, at))
    .map(([event]) => event);
}
