import type { Published } from './published.ts';
import type { WorldServer } from './server-traits.ts';
import type { Exchange, Wire } from './wire.ts';

/** The lowest and the highest of some numbers. */
interface Span {
  lowest: number;
  highest: number;
}

/** By what has come over the wire, what has not can be known to be missing. */
export interface Clues {
  readonly server: WorldServer;
  readonly wire: Wire;
  readonly baseline: number | null;
  /** What a baseline that came late leaves to the stream, and the stream may still bring: nothing is missing yet for want of it. */
  readonly leftToStream: ReadonlySet<Published>;
  isHere(event: Published): boolean;
  /** What has come as it happened, readable or not. */
  readonly streamed: ReadonlySet<Published>;
}

/**
 * What the app has to have: everything since its baseline, and what it was told before that and could not read; without one,
 * since its first connection.
 */
export function expectedOf(
  server: WorldServer,
  wire: Wire,
  baseline: number | null,
  beforeBaseline: readonly Published[],
): readonly Published[] {
  const { published, traits } = server;
  if (baseline !== null) return [...beforeBaseline, ...published.slice(baseline)];
  if (traits.replay) return published;
  const first =
    wire.log.find((one) => one.kind === 'stream' && one.answer?.status === 200)?.answer?.at ?? Infinity;
  return published.filter((event) => event.at > first);
}

/** Of what is expected, what the app has not and could have. */
export function missingOf(expected: readonly Published[], clues: Clues): readonly Published[] {
  const absent = expected.filter((event) => !clues.isHere(event) && !event.undone);
  if (absent.length === 0) return absent;
  const isBetween = betweenVersions(clues);
  return absent.filter(
    (event) => !isBehindCursor(event, clues.server, clues.wire) && (!event.gone || isBetween(event)),
  );
}

/**
 * Something that has arrived came after it, or names a later head, or a later version; or it came itself, and could not be
 * read.
 */
export function knownMissingOf(missing: readonly Published[], clues: Clues): readonly Published[] {
  if (missing.length === 0) return missing;
  const { server, wire, baseline, streamed } = clues;
  const isBetween = betweenVersions(clues);
  const byLife = spans(streamed, (event) => [String(event.life), event.sequence]);
  const head = wire.heard.findLast(({ part }) => part.what === 'head' && part.id !== null)?.part;
  // Whoever follows one log and is told of the next is to have that from its first change on; of the first log that it is told
  // of without a list nobody knows where it began, whatever the server would tell again.
  const isFromFirst = (life: number): boolean =>
    server.lives[life - 1]?.kind === 'new_log' && [...streamed].some((event) => event.life < life);
  return missing.filter((event) => {
    if (streamed.has(event) || isBetween(event)) return true;
    if (server.traits.ids !== 'own') return false;
    const life = byLife.get(String(event.life));
    const beginsBelow =
      baseline !== null || (life?.lowest ?? Infinity) < event.sequence || isFromFirst(event.life);
    if (beginsBelow && (life?.highest ?? -Infinity) > event.sequence) return true;
    return head?.what === 'head' && head.published >= event.n && head.time > event.at + 5_000;
  });
}

/**
 * By chance a log that has begun anew with the same ids had just reached the id that the app stood at: the server goes on
 * after it, and nobody can know that what is before is other than it was.
 */
export function isBehindCursor(event: Published, server: WorldServer, wire: Wire): boolean {
  if (event.life === 1 || server.traits.ids === 'opaque') return false;
  return wire.log.some(({ kind, cursor, startedAt, answer, carried }) => {
    if ((kind !== 'stream' && kind !== 'poll') || cursor === null || !isGood(answer) || startedAt < event.at)
      return false;
    if (carried.some(({ what }) => what === 'stale')) return false;
    const stoodAt = server.published.find((other) => other.id === cursor && other.life < event.life);
    return stoodAt !== undefined && stoodAt.sequence >= event.sequence;
  });
}

/**
 * Versions of its contract that have come are below and above it; and not itself as it was before the server went back: ids
 * without an order do not tell that it has happened anew.
 */
function betweenVersions(clues: Clues): (event: Published) => boolean {
  const { server, wire, streamed, baseline, leftToStream, isHere } = clues;
  // Of what cannot be read nobody knows the version.
  const isRead = (event: Published): boolean => !wire.unreadable.has(event) || isHere(event);
  const hasCome = (event: Published): boolean =>
    (streamed.has(event) && isRead(event)) || (event.n <= (baseline ?? 0) && !leftToStream.has(event));
  const come = server.published.filter((event) => !event.undone && hasCome(event));
  const undone = server.published.filter((event) => event.undone && hasCome(event));
  const byContract = spans(come, (event) => [event.contractId, event.version]);
  const byLife = spans(come, (event) => [`${event.contractId} ${event.life}`, event.version]);
  return ({ contractId, version, gone, life }) => {
    // What a log lost as it began anew cannot be noticed without a snapshot, as the receipt says then.
    const isLost = gone && !server.traits.snapshot;
    const span = isLost ? byLife.get(`${contractId} ${life}`) : byContract.get(contractId);
    const isBetween = span !== undefined && span.lowest < version && span.highest > version;
    if (!isBetween || server.traits.ids === 'own') return isBetween;
    return !undone.some((event) => event.contractId === contractId && event.version === version);
  };
}

function spans(
  events: Iterable<Published>,
  read: (event: Published) => readonly [string, number],
): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  for (const event of events) {
    const [name, value] = read(event);
    const span = found.get(name);
    if (span === undefined) found.set(name, { lowest: value, highest: value });
    else {
      span.lowest = Math.min(span.lowest, value);
      span.highest = Math.max(span.highest, value);
    }
  }
  return found;
}

export function isGood(answer: Exchange['answer']): answer is NonNullable<Exchange['answer']> {
  return answer?.status === 200 && answer.by === 'server';
}
