import { BUILT_IN, streamPath } from '../../protocol/profile/profile.ts';
import { LedgerError } from '../ledger/types.ts';
import type { AppendOutcome, AppendBatch, FreshEvent } from '../ledger/ingest.ts';
import { openStream } from '../stream/open-stream.ts';
import type { Stream, StreamState } from '../stream/types.ts';
import { createFreshTeller } from './ahead-of-stream.ts';
import { createApi } from './api.ts';
import { takeBaseline } from './baseline.ts';
import { createCodec } from './codec.ts';
import { createCompletion } from './complete.ts';
import { createConnection } from './connection.ts';
import { createSleeper } from './delay.ts';
import { createFirstHead } from './first-head.ts';
import type { Follower, FollowOptions } from './follow-types.ts';
import { createCatchUpTracker } from './catch-up-tracker.ts';
import { createObserver } from './observe.ts';
import { createOutbox } from './outbox.ts';
import { createPreview } from './preview.ts';
import type { Late } from './lateness.ts';
import { createIntakeQueue } from './queue.ts';
import { createRefusedCursor, forgetCursor } from './refused-cursor.ts';
import { createRepair } from './repair.ts';
import { createTranslator } from './translate.ts';

/** A server without heads has caught up after this much quiet, ms. */
const QUIET_MS = 1000;
/** While heads come late without another way, the server is asked for its time this often at most, ms. */
const ASK_TIME_MS = 60_000;
/** The ledger is told that a stream lives that brings nothing, at most so often, ms. */
const NOTED_MS = 60_000;

/** Follows one account until closed. At most one stream is open at any time. */
export function followAccount(options: FollowOptions): Follower {
  const { deps, ledger, account, sink, profile } = options;
  const { accountId } = account;
  const { clock } = deps;
  const ending = new AbortController();
  const sleeper = createSleeper(clock);
  const delays = deps.repairDelays ?? { first: 5_000, most: 600_000 };
  const { snapshot, history } = profile.capabilities;
  const translate = createTranslator(profile, account.userId);
  // Profiles tell of the stream alone: other servers are asked for nothing else.
  const transports = profile === BUILT_IN ? deps.transports : (['sse'] as const);
  let stream: Stream | null = null;
  let storageFailure = false;
  let cursor = account.cursor;
  let cursorKnown = account.baseline !== 'none';
  let withoutBaseline = account.baseline === 'without';
  let firstOpening = true;
  let late: Late | null = null;
  let askTimeFrom = Number.NEGATIVE_INFINITY;
  let proven = false;
  /** When the ledger was last told that the stream lives, on the clock that never goes back. */
  let notedAt = Number.NEGATIVE_INFINITY;

  const observer = createObserver({
    clock,
    userId: account.userId,
    http: options.http,
    call: options.call,
    hasAll: () => tracker.hasReachedHead(),
    onLate(found) {
      if (found !== null && stream?.heldBack() === true) {
        deps.log.warn(`the stream is held back by ${found.byMs} ms on its way: trying another transport`);
        return;
      }
      late = found;
      if (late !== null) askTime();
      if (tracker.isCaughtUp()) showCaughtUp();
    },
    onPrompt: () => stream?.retryNow('network'),
    onReplay(replay) {
      if (replay === connection.status().replay) return;
      // Told once it is kept, in the order in which the ledger takes it: what an append withdraws stays withdrawn.
      ledger.setReplay(accountId, replay).then(() => connection.setReplay(replay), tellStorage);
    },
    onSkew: (ms) => connection.setClockSkew(ms),
  });
  const plainApi = createApi({
    call: observer.call,
    capabilities: profile.capabilities,
    clock,
    timeoutMs: deps.limits?.headersMs ?? 20_000,
  });
  const api = { ...plainApi, snapshotPage: observer.snapshotPage(plainApi) };
  const connection = createConnection({
    clock,
    server: options.server,
    transport: transports?.[0] ?? 'sse',
    lastEventAt: options.lastEventAt,
    replay: account.replay,
    send: sink.onStatus,
    onState: sink.onState,
  });
  const tracker = createCatchUpTracker({
    clock,
    quietMs: QUIET_MS,
    headsSeen: account.namesHeads,
    heartbeatMs: account.heartbeatMs,
    writingSince: () => queue.writingSince() ?? preview.heldSince(),
    isHeldUp: () => late?.sure !== true && observer.isHeldUp(),
    onCatchingUp: (done, total) => connection.set({ phase: 'catching_up', done, total }),
    onCaughtUp(isProven) {
      preview.stop();
      proven = isProven;
      firstHead.caughtUp(isProven);
      showCaughtUp();
      if (!isProven) noteLife(true);
      outbox.retryNow();
      // What is told as missed is to be there when what was missed counts as over.
      void teller.level().then(() => {
        if (!ending.signal.aborted) sink.onCaughtUp();
      });
      sink.onReceipt();
      // Before, a snapshot would be ahead of the stream and ask for every contract's history.
      if (withoutBaseline) repair.due();
    },
    onStanding(id) {
      ledger.headStands(accountId, id, options.receivedAt()).then((opened) => {
        if (!opened || ending.signal.aborted) return;
        sink.onReceipt();
        repair.due();
      }, tellStorage);
    },
  });
  const firstHead = createFirstHead({ clock, isLevel: tracker.isCaughtUp, onKnown: sink.onReceipt });

  /** What looks late may only look so, because the server's clock was set: a request and its answer tell, be it a refusal. */
  function askTime(): void {
    if (clock.monotonic() < askTimeFrom) return;
    askTimeFrom = clock.monotonic() + ASK_TIME_MS;
    api
      .snapshotPage(null, ending.signal)
      .catch((error: unknown) =>
        deps.log.info(`the server's time could not be had: ${String(error).slice(0, 200)}`),
      );
  }

  function showCaughtUp(): void {
    // Late by the clock of whoever answers for the server, which may be wrong: nothing is claimed of what is on its way.
    if (!proven || late?.sure === false) connection.set({ phase: 'connected' });
    else if (late === null) connection.set({ phase: 'live' });
    else connection.set({ phase: 'late', byMs: Math.round(late.byMs / 1000) * 1000 });
  }

  /** What a history brought. */
  function tellFresh(fresh: readonly FreshEvent[]): void {
    if (fresh.length > 0) connection.stored();
    sink.onNews(fresh.filter(({ isAhead }) => isAhead !== true).length);
    teller.fromHistory(fresh);
  }

  const shared = { api, ledger, accountId, clock, random: deps.random, log: deps.log };
  const repair = createRepair({
    ...shared,
    delays,
    onChanged: sink.onChanged,
    onFresh: tellFresh,
    onGaps({ isHeadHere, replay }) {
      cursorKnown = false;
      connection.setReplay(replay);
      if (isHeadHere) tracker.onHeadHere();
      sink.onReceipt();
    },
    onBaseline: () => (withoutBaseline = false),
  });
  const outbox = createOutbox({
    ...shared,
    delays: deps.outboxDelays ?? { first: 2_000, most: 60_000 },
    onChanged(contracts) {
      sink.onChanged(contracts);
      sink.onOutbox();
    },
  });
  const complete = createCompletion({
    ...shared,
    signal: ending.signal,
    onChanged: sink.onChanged,
    onFresh: tellFresh,
    onReceipt: sink.onReceipt,
    onGap: () => repair.due(),
  });
  const preview = createPreview({
    ...shared,
    onChanged: sink.onChanged,
    whenTold: sink.whenTold,
    onBehind: tracker.expect,
    onReceipt: sink.onReceipt,
  });

  const teller = createFreshTeller({
    isLevel: tracker.isCaughtUp,
    takeUntold: () => ledger.takeUntold(accountId),
    tell: sink.onFresh,
    onTaken: sink.onNews,
    onError: tellStorage,
  });
  const queue = createIntakeQueue({ clock, batch: ledger.batch, write: append });
  const refusedCursor = createRefusedCursor();

  async function append(items: AppendBatch): Promise<void> {
    let outcome: AppendOutcome;
    notedAt = clock.monotonic();
    try {
      outcome = await ledger.append(accountId, items, options.receivedAt());
    } catch (error) {
      // What an earlier transaction of the same call stored is there; the window shall see it.
      cursorKnown = false;
      sink.onChanged(null);
      tellStorage(error);
      throw error;
    }
    if (storageFailure) {
      storageFailure = false;
      sink.onStorage(null);
    }
    pass(outcome);
  }

  /** One append's outcome on its way to views, receipt, notifications, repair. */
  function pass(outcome: AppendOutcome): void {
    const { head } = outcome;
    firstHead.came();
    cursor = outcome.cursor;
    cursorKnown = true;
    connection.setReplay(outcome.replay);
    if (outcome.stored > 0) connection.stored();
    if (outcome.news > 0) sink.onNews(outcome.news);
    if (head?.heartbeatMs !== undefined) stream?.setHeartbeat(head.heartbeatMs);
    const touched = outcome.acknowledged.map((action) => action.contractId);
    if (outcome.contracts === null) sink.onChanged(null);
    else if (outcome.contracts.length + touched.length > 0)
      sink.onChanged([...outcome.contracts, ...touched]);
    teller.fromStream(outcome.fresh);
    // Before the receipt, which tells when what is missing is asked for.
    if (outcome.repair !== 'none') repair.due(outcome.repair);
    sink.onReceipt();
    for (const text of outcome.notices) sink.onNotice(text);
    tracker.onAppended(outcome);
  }

  /** Where hours pass without a change, they are no absence; what came before `isCaughtUp` ends one. */
  function noteLife(isCaughtUp: boolean): void {
    notedAt = clock.monotonic();
    ledger.noteLife(accountId, options.receivedAt(), isCaughtUp).then(() => {
      if (isCaughtUp && !ending.signal.aborted) sink.onReceipt();
    }, tellStorage);
  }

  function tellStorage(error: unknown): void {
    if (!(error instanceof LedgerError) || error.code === 'closed') return;
    storageFailure = true;
    sink.onStorage({ code: error.code, inMemory: false, setAsideAt: null, detail: error.message });
  }

  function onStreamState(state: StreamState): void {
    if (state.phase !== 'open') {
      tracker.onDisconnect();
      preview.stop();
    }
    if (state.phase === 'connecting') connection.set({ phase: 'connecting', attempt: state.attempt });
    if (state.phase === 'open') onOpened();
    // An attempt to connect says nothing before it has ended, nor does the end of the app.
    if (state.phase !== 'connecting' && state.phase !== 'closed')
      outbox.setReachable(
        state.phase !== 'waiting' || (deps.isOnline() && state.failure.code !== 'unreachable'),
      );
    if (state.phase === 'waiting') connection.set({ ...state, offline: !deps.isOnline() });
    if (refusedCursor.note(state, cursor)) {
      deps.log.warn('the server refuses the id we resume from: going on without it, with a gap on record');
      queue.take([forgetCursor(account.userId)]).catch(tellStorage);
    }
    if (state.phase === 'stopped') connection.set({ phase: 'stopped', cause: state.cause });
    if (state.phase === 'refused') connection.set({ phase: 'refused' });
  }

  function onOpened(): void {
    observer.opened(cursor);
    tracker.opened();
    if (!firstOpening) repair.retryNow();
    firstOpening = false;
    preview.start();
  }

  async function durableCursor(): Promise<string | null> {
    await queue.settled();
    if (cursorKnown) return cursor;
    try {
      cursor = await options.readCursor();
      cursorKnown = true;
    } catch (error) {
      // An older cursor brings duplicates, which the ledger knows; it never loses anything.
      tellStorage(error);
    }
    return cursor;
  }

  function open(): Stream {
    return openStream({
      url: options.server + streamPath(profile, account.userId),
      http: observer.http,
      clock,
      random: deps.random,
      headers: options.headers,
      cursor: durableCursor,
      async onItems(came) {
        const items = translate === null ? came : translate(came, options.receivedAt());
        observer.items(items);
        await queue.take(items);
        await preview.came(items.length);
      },
      onState: onStreamState,
      onAlive() {
        connection.heard();
        if (clock.monotonic() - notedAt >= NOTED_MS) noteLife(false);
      },
      onTransport(transport) {
        observer.transport(transport);
        connection.setTransport(transport);
      },
      codec: createCodec(account.userId),
      ...(transports === undefined ? {} : { transports }),
      ...(deps.limits === undefined ? {} : { limits: deps.limits }),
    });
  }

  async function begin(): Promise<void> {
    if (account.baseline === 'none') {
      const taken = await takeBaseline({
        ...shared,
        signal: ending.signal,
        sleeper,
        delays: {
          first: deps.limits?.retryMs ?? 1_000,
          most: deps.limits?.maxRetryMs ?? 60_000,
        },
        isOnline: deps.isOnline,
        onState: connection.set,
        onStorage: tellStorage,
      });
      if (taken === 'ended') return;
      withoutBaseline = taken === 'without';
      storageFailure = false;
      sink.onChanged(null);
      sink.onReceipt();
    }
    if (ending.signal.aborted) return;
    stream = open();
    outbox.look();
    const gaps = await ledger.gaps(accountId, 'open');
    if (gaps.length > 0) repair.due();
  }

  const beginning = begin().catch((error: unknown) => {
    if (!ending.signal.aborted) deps.log.warn(`following did not begin: ${String(error).slice(0, 300)}`);
  });

  return {
    outbox,
    status: connection.status,
    facts: () => ({
      wasCaughtUp: firstHead.isKnown(),
      cannotFetch: repair.cannotFetch() || !(snapshot || history),
      hasNoList: !snapshot,
      nextRepairAt: repair.nextAt(),
    }),
    retryNow(why) {
      if (why !== 'user') observer.woke();
      sleeper.wake();
      repair.retryNow();
      outbox.retryNow();
      stream?.retryNow(why);
    },
    complete,
    async close() {
      ending.abort(new Error('following ended'));
      tracker.onDisconnect();
      preview.stop();
      await beginning;
      await stream?.close();
      // What could not be written comes again from the cursor.
      await queue.settled().catch(() => {});
      await Promise.all([repair.close(), outbox.close(), preview.close()]);
      await teller.close();
      connection.close();
    },
  };
}
