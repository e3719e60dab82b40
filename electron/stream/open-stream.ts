import { TRANSPORTS } from '../../protocol/connection.ts';
import { ATTEMPTS, type AttemptDependencies } from './attempt.ts';
import { createBackoff, createSeldom } from './backoff.ts';
import { AttemptFailed, outcomeOfError, failed, type AttemptOutcome } from './attempt-outcomes.ts';
import { resolveLimits } from './limits.ts';
import { createPauses, type Hint } from './pause.ts';
import { createTransportPlan, type Choice, type Progress } from './transport-plan.ts';
import type { Stream, StreamItem, StreamOptions, StreamState } from './types.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

/** Where a heartbeat is very short, this much silence is still nothing (ms). */
const MIN_SILENCE_MS = 250;
/** A heartbeat says nothing of how long a connection takes to make. */
const MIN_HEADERS_MS = 5_000;
/** A trial must not delay the events that polling would bring. */
const TRIAL_MS = 10_000;
/** After sleep or a change of network a connection has at least this long to prove itself. */
const MIN_CHECK_MS = 1_000;
/** A replica may learn of a new token a moment later than the one that gave it. To half as much again. */
const LAG_MS = 3_000;

interface Running {
  readonly watchdog: Watchdog;
  readonly choice: Choice;
  phase: 'preparing' | 'requested' | 'open';
  end(outcome: AttemptOutcome): void;
}

/**
 * Keeps one connection to an event stream for as long as it is wanted: resumes by the caller's cursor, backs off
 * with jitter, notices silence, never gives up on its own and never has two connections at a time. The rules are
 * WHATWG's (https://html.spec.whatwg.org/multipage/server-sent-events.html) where they are about the bytes;
 * where a browser would give up for good, it goes on (see StreamState for the two cases that wait for the user).
 * Throws TypeError for an address that is not http(s). Starts in a microtask; no callback comes before this function has returned.
 */
export function openStream(options: StreamOptions): Stream {
  const { protocol } = new URL(options.url);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`${protocol} is no way to a stream`);
  const limits = resolveLimits(options.limits);
  const { clock } = options;
  const backoff = createBackoff(limits, options.random);
  const plan = createTransportPlan(options, limits, clock);
  let closed = false;
  let heartbeatMs: number | null = null;
  let running: Running | null = null;
  const pauses = createPauses(clock);
  const seldom = createSeldom(options.random);
  let startedAt = -Infinity;
  let phase: StreamState['phase'] | null = null;
  /** The caller's own code is awaited: closing must not wait for it. */
  let callersTurn = false;
  /** The last answer was 401: credentials must be renewed. */
  let renew = false;
  let refusals = 0;

  function tell(state: StreamState): void {
    if (closed && state.phase !== 'closed') return;
    phase = state.phase;
    try {
      options.onState(state);
    } catch (error) {
      // A listener's fault must be seen, but not end the stream.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  async function callerTurn<T>(run: () => T | Promise<T>): Promise<T> {
    if (closed) throw new AttemptFailed({ kind: 'closed' });
    callersTurn = true;
    try {
      return await run();
    } finally {
      callersTurn = false;
    }
  }

  function silenceMs(): number {
    return heartbeatMs === null ? limits.idleMs : Math.max(2 * heartbeatMs, MIN_SILENCE_MS);
  }

  function headersMs(choice: Choice): number {
    const bound = choice.why === 'trial' ? Math.min(limits.headersMs, TRIAL_MS) : limits.headersMs;
    return heartbeatMs === null ? bound : Math.min(bound, Math.max(2 * heartbeatMs, MIN_HEADERS_MS));
  }

  function firstByteMs(choice: Choice): number {
    if (choice.why === 'trial') return Math.min(TRIAL_MS, limits.firstByteMs, silenceMs());
    return plan.canFallBack ? Math.min(limits.firstByteMs, silenceMs()) : silenceMs();
  }

  async function attempt(choice: Choice): Promise<{ readonly outcome: AttemptOutcome } & Progress> {
    const controller = new AbortController();
    let ended: AttemptOutcome | null = null;
    let heard = false;
    let healthy = false;
    let openedAt: number | null = null;
    let heardAt = 0;
    const watchdog = createWatchdog(clock, (why) => {
      me.end(why === 'check' ? { kind: 'again' } : silence());
      options.http.dropConnections?.();
    });
    const me: Running = {
      watchdog,
      choice,
      phase: 'preparing',
      end(outcome) {
        ended ??= outcome;
        controller.abort();
      },
    };

    function silence(): AttemptOutcome {
      if (me.phase !== 'open') return failed('timeout', 'no answer came in time');
      return failed('silent', 'connected, but nothing was heard for too long');
    }

    const deps: AttemptDependencies = {
      options,
      limits,
      backoff,
      watchdog,
      signal: controller.signal,
      headersMs: () => headersMs(choice),
      firstByteMs: () => firstByteMs(choice),
      async credentials() {
        const headers = await callerTurn(() => options.headers(renew));
        renew = false;
        return headers;
      },
      cursor: () => callerTurn(options.cursor),
      started() {
        startedAt = clock.monotonic();
        if (me.phase === 'preparing') me.phase = 'requested';
      },
      opened() {
        if (me.phase === 'open') return;
        me.phase = 'open';
        openedAt = heardAt = clock.monotonic();
        if (phase !== 'open') tell({ phase: 'open' });
      },
      heard(transport) {
        if (!heard) {
          heard = true;
          plan.heard(choice, transport);
          if (!TRANSPORTS[transport].isPolled) watchdog.tolerate(silenceMs());
        }
        watchdog.alive();
        heardAt = watchdog.heardAt;
        if (!healthy && openedAt !== null && heardAt - openedAt >= limits.healthyMs) {
          healthy = true;
          backoff.reset();
        }
        options.onAlive?.();
      },
      deliver: (items) => deliver(watchdog, items),
      moved: backoff.reset,
      plan,
    };

    running = me;
    pauses.forget();
    try {
      me.end(await ATTEMPTS[choice.transport](deps));
    } catch (error) {
      me.end(outcomeOfError(error));
    } finally {
      watchdog.stop();
      running = null;
    }
    const now = clock.monotonic();
    const openMs = openedAt === null ? null : now - openedAt;
    return { outcome: ended ?? { kind: 'again' }, heard, healthy, openMs, silentMs: now - heardAt };
  }

  /** The caller's pace is the socket's: nothing is read until it has taken these, and waiting is no silence. */
  async function deliver(watchdog: Watchdog, items: readonly StreamItem[]): Promise<void> {
    watchdog.hold();
    try {
      await callerTurn(() => options.onItems(items));
    } catch (error) {
      if (error instanceof AttemptFailed) throw error;
      const reason = error instanceof Error ? error.message : 'unknown error';
      throw new AttemptFailed(failed('overloaded', `what came could not be taken: ${reason}`));
    } finally {
      watchdog.release();
    }
  }

  async function run(): Promise<void> {
    let last: Choice | null = null;
    for (;;) {
      if (closed) return;
      const choice = plan.next();
      // A trial comes and goes while polling works: for whoever looks on, nothing has changed.
      const unchanged = phase === 'open' && (choice.why === 'trial' || last?.why === 'trial');
      if (!unchanged) tell({ phase: 'connecting', attempt: backoff.failures + 1 });
      last = choice;
      const result = await attempt(choice);
      if (closed) return;
      if (hasLived(result)) backoff.reset();
      const verdict = plan.ended(choice, result.outcome, result);
      if (verdict !== null) await settle(verdict);
    }
  }

  /** Accepted, and lasted: whatever ended it then, the way back begins anew. But what cannot be taken is not asked for again and again. */
  function hasLived({ openMs, outcome }: Awaited<ReturnType<typeof attempt>>): boolean {
    const overloaded = outcome.kind === 'failure' && outcome.failure.code === 'overloaded';
    return openMs !== null && openMs >= limits.livedMs && !overloaded;
  }

  async function settle(outcome: AttemptOutcome): Promise<void> {
    if (outcome.kind !== 'refused') refusals = 0;
    if (outcome.kind !== 'refused' && outcome.kind !== 'stopped') seldom.reset();
    switch (outcome.kind) {
      case 'failure': {
        const delay = backoff.failed(outcome.retryAfterMs);
        await waitToRetry(outcome, delay);
        break;
      }
      case 'refused':
        await endRefused(++refusals);
        break;
      case 'no_credentials':
        refusals = 0;
        tell({ phase: 'unauthorized' });
        await pauses.pause(null);
        break;
      case 'stopped':
        tell({ phase: 'stopped', cause: outcome.cause });
        if (outcome.cause === 'no_content') await pauses.pause(null);
        // Outside the company's network a firewall answers in the server's name: another network is worth one try.
        else
          await pauses.pause(seldom.afterRefusal(403, outcome.isOwn), (shorten) => hint(Infinity, shorten));
        break;
      case 'again':
      case 'closed':
        break;
    }
  }

  /**
   * Credentials are renewed once at once. The new ones are tried once more after a pause before others are had, and so
   * are those; then it is said. The last ones are tried a few times more, because a replica may be far behind; others are had
   * at the end of that, or when something has changed.
   */
  async function endRefused(count: number): Promise<void> {
    renew = count % 2 === 1;
    if (count > 4) {
      renew = false;
      tell({ phase: 'refused' });
      const inTime = await pauses.pause(seldom.afterRefusal(401, true), (shorten) => hint(Infinity, shorten));
      refusals = inTime && !seldom.isLongest() ? 4 : 2;
    } else if (!renew) {
      const delay = LAG_MS * (1 + options.random() / 2);
      const detail = 'the server does not take the credentials it has just given';
      tell({
        phase: 'waiting',
        retryAt: Math.round(clock.now() + delay),
        attempt: backoff.failures + 1,
        failure: { code: 'http', status: 401, detail },
      });
      await pauses.pause(delay);
    }
  }

  async function waitToRetry(
    outcome: Extract<AttemptOutcome, { kind: 'failure' }>,
    delay: number,
  ): Promise<void> {
    const attempts = backoff.failures;
    const state = (ms: number): StreamState => ({
      phase: 'waiting',
      retryAt: Math.round(clock.now() + ms),
      attempt: attempts,
      failure: outcome.failure,
    });
    tell(state(delay));
    const until = clock.monotonic() + delay;
    await pauses.pause(delay, (shorten) => {
      // A hint does not overrule what the server asked for.
      if (outcome.retryAfterMs !== null) return false;
      return hint(until, (rest) => {
        shorten(rest);
        tell(state(rest));
      });
    });
  }

  /** Whether a hint ends a pause that lasts `until` at once. Many hints are no storm: sooner than the floor they only shorten it. */
  function hint(until: number, shorten: (ms: number) => void): boolean {
    const now = clock.monotonic();
    const rest = startedAt + limits.minRetryMs - now;
    if (rest <= 0) return true;
    if (now + rest < until) shorten(rest);
    return false;
  }

  /**
   * Something happened that connections do not survive unnoticed: let this one prove that it is alive. After sleep it has
   * a second, whatever the heartbeat: a new connection with the cursor costs nothing, waiting on a dead one costs events.
   */
  function verify(one: Running, why: Hint): void {
    if (one.phase === 'preparing') return;
    if (one.phase === 'requested') one.watchdog.check(Math.min(MIN_HEADERS_MS, limits.headersMs));
    else if (TRANSPORTS[one.choice.transport].isPolled) {
      one.watchdog.check(Math.max(0, startedAt + limits.minRetryMs - clock.monotonic()));
    } else one.watchdog.check(why === 'resume' ? MIN_CHECK_MS : Math.max(MIN_CHECK_MS, heartbeatMs ?? 0));
  }

  const done = Promise.resolve().then(run);
  let closing: Promise<void> | null = null;

  async function closeNow(): Promise<void> {
    closed = true;
    running?.end({ kind: 'closed' });
    pauses.close();
    if (!callersTurn) await done;
    tell({ phase: 'closed' });
  }

  return {
    retryNow(why) {
      if (closed) return;
      if (why !== 'user') plan.networkChanged();
      if (pauses.hint(why)) return;
      if (running !== null) verify(running, why);
      else pauses.hintNext(why);
    },
    setHeartbeat(ms) {
      if (!Number.isFinite(ms) || ms <= 0) return;
      heartbeatMs = Math.min(ms, 600_000);
      if (running?.phase === 'open' && !TRANSPORTS[running.choice.transport].isPolled)
        running.watchdog.tolerate(silenceMs());
    },
    heldBack() {
      if (closed || running?.phase !== 'open' || TRANSPORTS[running.choice.transport].isPolled) return false;
      if (!plan.heldBack()) return false;
      running.end({ kind: 'again' });
      return true;
    },
    close: () => (closing ??= closeNow()),
  };
}
