import type { App } from './app.ts';
import { isCopyOf } from './published.ts';
import type { Published } from './published.ts';
import { readLedgerFile } from './ledger-file.ts';
import type { LedgerFile } from './ledger-file.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { expectedOf, isBehindCursor, isGood, knownMissingOf, missingOf } from './missing.ts';
import type { Clues } from './missing.ts';
import type { Exchange, Heard, Wire } from './wire.ts';
import { announcedHeartbeatMs } from './server-traits.ts';
import type { WorldServer } from './server-traits.ts';

/**
 * What is so, as somebody knows it who sees the server's log, the bytes on the wire and the ledger's file, and who takes
 * no word of the app for it. Nothing in here is read from the app's own state.
 */
export interface Model {
  /** True time, epoch ms. */
  readonly now: number;
  /** By the computer's clock, which may be wrong. */
  readonly computerNow: number;
  readonly runningMs: number;
  readonly server: WorldServer;
  readonly wire: Wire;
  readonly file: LedgerFile;
  /** Where the baseline is: so many events had been published as the first snapshot was made. Null: there never was one. */
  readonly baseline: number | null;
  /** The stream (or the polling) that is open now; null: none. */
  readonly open: Exchange | null;
  /** Since when there has been one without a pause worth a word; null: there is none. */
  readonly connectedMs: number | null;
  /** For how long somebody has been signed in to this run of the app; null: nobody is. */
  readonly signedInMs: number | null;
  /** The contract that the person has opened. */
  readonly opened: string | null;
  /** The last pause in which nothing was heard for more than five minutes, once it is over. True time. */
  readonly absence: { readonly since: number; readonly until: number } | null;
  /** What the app is to have and has not. */
  missing(): readonly Published[];
  /** Of these, what could be known to be missing here, from what has arrived. */
  readonly knownMissing: readonly Published[];
  /** What is here, or was before the baseline, is the same by the rules of the stream. */
  isCopied(event: Published): boolean;
  /** Arrived whole and readable, and neither stored nor set aside. */
  readonly dropped: readonly Published[];
  /** Published, to be sent on this connection, and not here yet: how long the oldest has been waiting, ms. */
  readonly waitingMs: number;
  /** How late what arrived within the last minutes was, median, ms; null: too little to tell. */
  readonly usualLatenessMs: number | null;
  /** How long ago the computer's clock was set, ms; Infinity: never. */
  readonly clockSetMs: number;
  /** Names that were not this user's, among what has arrived. */
  readonly foreignNames: readonly string[];
  /** The server has said that it cannot go on from where the app stands, or its log has begun anew. */
  readonly brokenOff: boolean;
  readonly heartbeatMs: number;
  /** The newest exchanges with the server, newest first. */
  recent(kinds: readonly Exchange['kind'][], withinMs: number): readonly Exchange[];
}

/** Where nothing is announced, silence is told after this. As in electron/stream/limits.ts. */
const IDLE_MS = 90_000;
/** A poll ends and the next begins: no pause. */
const BETWEEN_POLLS_MS = 2_000;
/** What was sent before a list was asked for is here by then, unless something on the way has it. */
const ON_ITS_WAY_MS = 30_000;
const LATENESS_WINDOW_MS = 180_000;
const MOST_RECENT = 400;
/** As in electron/ledger/gaps/control.ts, and a little: a pause of just so long may be either. */
const ABSENCE_MS = 330_000;

export interface ModelSource {
  readonly clock: VirtualClock;
  readonly server: WorldServer;
  readonly wire: Wire;
  readonly app: App;
}

export interface ModelReader {
  read(): Model;
}

export function createModelReader({ clock, server, wire, app }: ModelSource): ModelReader {
  let baseline: number | null = null;
  let followed = 0;
  let connectedSince: number | null = null;
  let lastConnectedAt = -Infinity;
  let brokenOff = false;
  let ahead = 0;
  let clockSetAt = -Infinity;
  let absence: Model['absence'] = null;
  const streamed = new Set<Published>();
  /**
   * What had come unreadable before a baseline that came late: a snapshot tells nothing of what it said. Of ids with an order also
   * what the stream had come by.
   */
  let beforeBaseline: readonly Published[] = [];
  let baselineAt = -Infinity;
  const foreign = new Set<string>();
  let file: LedgerFile | null = null;

  /** Takes in what has come over the wire since the last look. */
  function follow(): void {
    for (; followed < wire.heard.length; followed += 1) {
      const { exchange, part } = wire.heard[followed] as Heard;
      if (part.what === 'foreign') foreign.add(part.name);
      if (part.what === 'stale') brokenOff = true;
      if (part.what === 'event' && (exchange.kind === 'stream' || exchange.kind === 'poll'))
        streamed.add(part.event);
      if (part.what === 'snapshot' && part.last && baseline === null) {
        baseline = part.published;
        beforeBaseline = followedUpTo(part.published);
        baselineAt = clock.now();
      }
    }
  }

  function followedUpTo(n: number): readonly Published[] {
    if (server.traits.ids !== 'own')
      return [...streamed].filter((event) => event.n <= n && wire.unreadable.has(event));
    const first = Math.min(...[...streamed].map((event) => event.n));
    return server.published.filter((event) => event.n >= first && event.n <= n);
  }

  /** A stream that was answered and has not ended; or a poll that waits or has just been answered, after one that was answered well. */
  function openExchange(): Exchange | null {
    const newest = wire.log.findLast(
      ({ kind, answer, ended }) =>
        (kind === 'stream' || kind === 'poll') && (answer !== null || ended !== null),
    );
    const waiting = wire.log.findLast(({ kind, ended }) => kind === 'poll' && ended === null) ?? null;
    const stream = wire.log.findLast(
      ({ kind, answer, ended }) => kind === 'stream' && isGood(answer) && ended === null,
    );
    if (stream !== undefined) return stream;
    if (newest?.kind !== 'poll' || !isGood(newest.answer)) return null;
    if (newest.ended === null || newest.ended.how !== 'end') return newest.ended === null ? newest : null;
    return waiting ?? (clock.now() - newest.ended.at < BETWEEN_POLLS_MS ? newest : null);
  }

  function signedInMs(): number | null {
    const login = wire.log.findLast(({ kind, answer }) => kind === 'login' && answer?.status === 200);
    const at = login?.answer?.at;
    if (at === undefined || app.runningSince === null) return null;
    if (server.revokedAt !== null && server.revokedAt >= at) return null;
    return clock.now() - Math.max(at, app.runningSince);
  }

  function read(): Model {
    follow();
    const now = clock.now();
    if (clock.computerAhead() !== ahead) {
      ahead = clock.computerAhead();
      clockSetAt = now;
    }
    const db = app.db();
    if (db !== null) file = readLedgerFile(db, file, server.published, server.life > 1);
    const here = file ?? EMPTY_FILE;
    const open = openExchange();
    if (open === null) {
      if (now - lastConnectedAt > BETWEEN_POLLS_MS) connectedSince = null;
    } else {
      const since = open.answer?.at ?? open.startedAt;
      if (connectedSince === null && lastConnectedAt > -Infinity) {
        if (since - lastConnectedAt > ABSENCE_MS) absence = { since: lastConnectedAt, until: since };
      }
      connectedSince ??= since;
      lastConnectedAt = now;
    }
    // One that is not announced is nobody's to wait for; one that is announced is missed where none comes.
    const heartbeatMs = server.traits.heads ? announcedHeartbeatMs(server.traits) : IDLE_MS / 2;
    const expected = expectedOf(server, wire, baseline, beforeBaseline);
    const isCopied = (event: Published): boolean =>
      event.life > 1 &&
      server.published.some(
        (other) => (here.stored.has(other) || other.n <= (baseline ?? 0)) && isCopyOf(event, other),
      );
    const isHere = (event: Published): boolean => here.stored.has(event) || isCopied(event);
    const leftToStream = new Set(now - baselineAt < ON_ITS_WAY_MS ? beforeBaseline : []);
    const clues: Clues = { server, wire, baseline, leftToStream, isHere, streamed };
    const missing = once(() => missingOf(expected, clues));
    const knownMissing = once(() => knownMissingOf(missing(), clues));
    const dropped = once(() =>
      [...wire.arrivals.keys()].filter(
        (event) =>
          event.form === 'good' &&
          !isHere(event) &&
          !here.setAside.has(event) &&
          !event.undone &&
          event.n > (baseline ?? 0),
      ),
    );
    const waitingMs = once(() => {
      let newest = 0;
      for (const event of wire.arrivals.keys())
        if (event.life === server.life) newest = Math.max(newest, event.n);
      // What something later has overtaken is not late: it is left out.
      const first = expected.find(
        (event) =>
          event.n > newest &&
          !wire.arrivals.has(event) &&
          !event.gone &&
          !event.undone &&
          willBeSent(event, open, server) &&
          !isBehindCursor(event, server, wire),
      );
      return first === undefined ? 0 : now - Math.max(first.at, open?.startedAt ?? 0);
    });
    const usualLatenessMs = once(() => {
      const late = (open?.lateness ?? [])
        .filter(({ at }) => at > now - LATENESS_WINDOW_MS)
        .map(({ ms }) => ms)
        .sort((a, b) => a - b);
      return late.length < 5 ? null : (late[Math.floor(late.length / 2)] as number);
    });

    return {
      now,
      computerNow: clock.computer.now(),
      runningMs: app.runningSince === null ? 0 : now - app.runningSince,
      server,
      wire,
      file: here,
      baseline,
      open,
      connectedMs: connectedSince === null ? null : now - connectedSince,
      signedInMs: signedInMs(),
      opened: app.opened,
      absence,
      missing,
      isCopied,
      get knownMissing() {
        return knownMissing();
      },
      get dropped() {
        return dropped();
      },
      get waitingMs() {
        return waitingMs();
      },
      get usualLatenessMs() {
        return usualLatenessMs();
      },
      clockSetMs: now - clockSetAt,
      foreignNames: [...foreign],
      brokenOff: brokenOff || server.life > 1,
      heartbeatMs,
      recent(kinds, withinMs) {
        const found: Exchange[] = [];
        for (let at = wire.log.length - 1; at >= 0 && found.length < MOST_RECENT; at -= 1) {
          const one = wire.log[at] as Exchange;
          if (kinds.includes(one.kind) && (one.ended?.at ?? now) >= now - withinMs) found.push(one);
        }
        return found;
      },
    };
  }

  return { read };
}

/** Asked for by many conditions in one look, reckoned once. */
function once<T>(reckon: () => T): () => T {
  let known: { readonly value: T } | null = null;
  return () => (known ??= { value: reckon() }).value;
}

const EMPTY_FILE: LedgerFile = {
  version: -1,
  events: 0,
  newest: null,
  stored: new Set(),
  setAside: new Set(),
  receivedAt: new Map(),
  contracts: new Map(),
  outbox: new Map(),
  gaps: [],
};

/** On a connection that is open: what was published after it began, and before that where the server replays. */
function willBeSent(event: Published, open: Exchange | null, server: WorldServer): boolean {
  if (open === null || event.form !== 'good') return false;
  // Who was told that the stream cannot go on from there is told only what is new.
  if (event.at < open.startedAt && open.carried.some(({ what }) => what === 'stale')) return false;
  return (
    event.at >= open.startedAt ||
    (server.traits.replay && server.life === event.life && server.traits.ids !== 'opaque')
  );
}
