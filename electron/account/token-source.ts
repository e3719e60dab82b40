import { PATHS, type Tokens } from '../../protocol/api.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import type { Log } from '../ports/log.ts';
import type { CallApi } from '../sync/api.ts';
import { sendJson } from './json-call.ts';
import { readRenewal } from './renewal.ts';
import { CALL_TIMEOUT_MS, MAX_ANSWER_BYTES } from './sign-in.ts';

/** Where successors of a token come from. */
export interface TokenSource {
  /** As `renew` of TokensOptions. */
  renew(refreshToken: string, signal: AbortSignal): Promise<Tokens | null>;
  /** Tells that the person has signed out. Rejects with an Error, free of tokens, where it could not be told. */
  farewell(call: CallApi, signal: AbortSignal): Promise<void>;
}

/** The server's own, after a sign-in by password. */
export function createServerSource(http: HttpPort, clock: Clock, server: string): TokenSource {
  return {
    async renew(refreshToken, signal) {
      const answer = await sendJson(http, clock, {
        url: server + PATHS.refresh,
        body: { refreshToken },
        timeoutMs: CALL_TIMEOUT_MS,
        maxBytes: MAX_ANSWER_BYTES,
        signal,
      });
      return readRenewal(answer, refreshToken, clock.now());
    },
    async farewell(call, signal) {
      const answer = await call({ method: 'POST', path: PATHS.logout, signal });
      if (answer.status >= 300) throw new Error(`it answered ${answer.status} to the sign-out`);
    },
  };
}

const FAREWELL_TIMEOUT_MS = 5_000;

/** Within 5 s, and if it can be had. */
export async function tellOfSignOut(
  source: TokenSource,
  call: CallApi,
  clock: Clock,
  log: Log,
): Promise<void> {
  const controller = new AbortController();
  const cancel = clock.after(FAREWELL_TIMEOUT_MS, () => controller.abort(new Error('no answer within 5 s')));
  try {
    await source.farewell(call, controller.signal);
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 200) : 'unknown error';
    log.warn(`session: the server could not be told of the sign-out: ${detail}`);
  } finally {
    cancel();
    controller.abort();
  }
}
