import type { Tokens } from '../../protocol/api.ts';
import type { Clock, Random } from '../ports/clock.ts';
import { HttpError } from '../ports/http.ts';

export interface TokensOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** From a sign-in, or only the refresh token from the vault. */
  readonly first: Tokens | { readonly refreshToken: string };
  /** Asks the server for the successor. Null: it is refused for good (401). Rejects when there is no answer now. */
  renew(refreshToken: string, signal: AbortSignal): Promise<Tokens | null>;
  /** Keeps the successor durably; awaited before its access token is used. Never rejects. */
  keep(refreshToken: string): Promise<void>;
  onOver(cause: 'expired' | 'revoked'): void;
  /** A renewal ahead of time failed; it is tried again. */
  onFailure(detail: string): void;
}

/** The tokens of one sign-in. Renewals are one at a time, whoever asks. */
export interface TokenKeeper {
  /** Whether there is anything to be had in place of what the server refuses. */
  readonly isRenewable: boolean;
  /** How a request carries what `access` gave. */
  carry(token: string): Readonly<Record<string, string>>;
  /** As in LiveSession. */
  headers(refused: boolean): Promise<Readonly<Record<string, string>> | null>;
  /** The access token, renewed first when it is about to end, or equals `refused`. Null: the session is over. */
  access(refused: string | null): Promise<string | null>;
  /** Whether the access token should still be good, by its own account. */
  isFresh(): boolean;
  /** Successors are used but not kept any more: the person has signed out. */
  stopKeeping(): void;
  /** Ends all timers and requests. */
  close(): void;
}

/** Renewed this long before its end, or at 80 % of a short life. */
const AHEAD_MS = 60_000;
const FIRST_RETRY_MS = 2_000;
const MAX_RETRY_MS = 60_000;
/** Whoever asks: between two answers in vain, ms; doubled with each, up to the longest. */
const PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 5_000;
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * A successor is kept durably before its access token is used. The server answers the previous refresh token with the
 * same successor until that has been used, so being killed in between locks nobody out.
 */
export function createTokens(options: TokensOptions): TokenKeeper {
  const { clock } = options;
  const controller = new AbortController();
  let { refreshToken } = options.first;
  let accessToken: string | null = null;
  /** Epoch ms: a sleeping machine's tokens age too. Never later than by the server's count, which began after the request. */
  let expiresAt = 0;
  let renewAt = 0;
  let over = false;
  let keeping = true;
  let failures = 0;
  /** What the server answered in vain last, how often in a row, and until when it is not asked again (monotonic ms). */
  let refusal: { readonly failure: HttpError; readonly times: number; readonly until: number } | null = null;
  let renewing: Promise<boolean> | null = null;
  let givenToStream: string | null = null;
  let cancelTimer = (): void => {};

  function take(tokens: Tokens, askedAt: number): void {
    const life = tokens.expiresIn * 1000;
    ({ refreshToken, accessToken } = tokens);
    expiresAt = askedAt + life;
    renewAt = expiresAt - Math.min(AHEAD_MS, life / 5);
    failures = 0;
    refusal = null;
    // Where an answer takes as long as its token lives, renewals must still not follow each other without a pause.
    schedule(Math.max(life / 5, renewAt - clock.now()));
  }

  function schedule(ms: number): void {
    cancelTimer();
    if (over || controller.signal.aborted) return;
    cancelTimer = clock.after(Math.min(Math.max(0, ms), MAX_TIMER_MS), () => void renewAhead());
  }

  async function renewAhead(): Promise<void> {
    if (clock.now() < renewAt) {
      schedule(renewAt - clock.now());
      return;
    }
    try {
      await renew();
    } catch (error) {
      if (controller.signal.aborted) return;
      options.onFailure(error instanceof Error ? error.message.slice(0, 200) : 'unknown error');
      const delay = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures++, 10));
      const asked = error instanceof HttpError ? (error.retryAfterMs ?? 0) : 0;
      schedule(asked + delay / 2 + options.random() * (delay / 2));
    }
  }

  /** True: there is a new access token. False: the session is over. */
  function renew(): Promise<boolean> {
    renewing ??= renewOnce().finally(() => (renewing = null));
    return renewing;
  }

  async function renewOnce(): Promise<boolean> {
    if (over) return false;
    throwIfTooSoon();
    const askedAt = clock.now();
    const tokens = await options.renew(refreshToken, controller.signal).catch(noteRefusal);
    controller.signal.throwIfAborted();
    if (tokens === null) {
      over = true;
      cancelTimer();
      // A token that should still be good was taken away; one past its life has only aged.
      options.onOver(isFresh() ? 'revoked' : 'expired');
      return false;
    }
    if (keeping) await options.keep(tokens.refreshToken);
    controller.signal.throwIfAborted();
    take(tokens, askedAt);
    return true;
  }

  /** Who comes before the time hears what the last one heard. */
  function throwIfTooSoon(): void {
    const rest = refusal === null ? 0 : refusal.until - clock.monotonic();
    if (refusal === null || rest <= 0) return;
    const { code, message, status, retryAfterMs } = refusal.failure;
    throw new HttpError(code, message, status, retryAfterMs === null ? null : Math.ceil(rest));
  }

  /** Only of answers: whether the network is back is worth a look at any time. */
  function noteRefusal(error: unknown): never {
    if (error instanceof HttpError && error.status !== null) {
      const times = (refusal?.times ?? 0) + 1;
      const pause = Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** Math.min(times - 1, 10));
      const until = clock.monotonic() + Math.max(pause, error.retryAfterMs ?? 0);
      refusal = { failure: error, times, until };
    }
    throw error;
  }

  function isFresh(): boolean {
    return accessToken !== null && clock.now() < expiresAt;
  }

  async function access(refused: string | null): Promise<string | null> {
    if (over) return null;
    const must = accessToken === null || accessToken === refused || !isFresh();
    if (must) return (await renew()) ? accessToken : null;
    if (clock.now() >= renewAt) {
      // Still good: a renewal that fails now must not stop anybody.
      const good = await renew().catch(() => true);
      if (!good) return null;
    }
    return accessToken;
  }

  if ('accessToken' in options.first) take(options.first, clock.now());

  const carry = (token: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` });

  return {
    isRenewable: true,
    carry,
    async headers(refused) {
      const token = await access(refused ? givenToStream : null);
      givenToStream = token;
      return token === null ? null : carry(token);
    },
    access,
    isFresh,
    stopKeeping() {
      keeping = false;
      cancelTimer();
    },
    close() {
      over = true;
      cancelTimer();
      controller.abort(new Error('the session has ended'));
    },
  };
}
