import { ApiError, type ApiCall, type CallApi } from '../sync/api.ts';
import { isGatewayRefusal } from '../ports/api-answer.ts';
import type { Clock } from '../ports/clock.ts';
import { HttpError, type HttpPort, type HttpResponse } from '../ports/http.ts';
import { readRedirect, REDIRECT_FAILURE } from './redirects.ts';
import type { TokenKeeper } from './tokens.ts';

/** A replica may learn of a new token a moment later than the one that gave it. */
const LAG_MS = 3_000;
/** After renewed credentials were refused, a 401 of one path is taken as it is for so long: another renewal would change nothing. */
const USELESS_MS = 60_000;

/**
 * API calls with credentials. A 401 renews them (together with whoever else needs it) and repeats the call, which was
 * refused before it did anything; once more after a pause, where even the new ones were refused. A 401 that still stands
 * is that path's own, and comes back as it is: only the token endpoint ends a session. What a gateway answers in the
 * server's name renews nothing. Redirects are followed within the server's own origin, by a POST only those that keep it one;
 * one that is not followed rejects with HttpError.
 */
export function createAuthorizedCall(options: {
  readonly http: HttpPort;
  readonly server: string;
  readonly tokens: TokenKeeper;
  readonly clock: Clock;
}): CallApi {
  const { http, server, tokens, clock } = options;
  let uselessUntil = Number.NEGATIVE_INFINITY;

  function over(): ApiError {
    return new ApiError('signed_out', { code: 'http', status: 401, detail: 'the session is over' });
  }

  async function send(call: ApiCall, token: string): Promise<HttpResponse> {
    const headers = { ...call.headers, ...tokens.carry(token) };
    let url = server + call.path;
    for (let hop = 0; ; hop++) {
      const answer = await http.request({
        url,
        method: call.method,
        headers,
        ...(call.body === undefined ? {} : { body: call.body }),
        signal: call.signal,
      });
      const redirect = readRedirect({ url, method: call.method, hop }, answer);
      if (redirect.kind === 'none') return answer;
      await discard(answer);
      if (redirect.kind !== 'followed') {
        const detail = `answered ${answer.status}, a redirect: ${redirect.kind}`;
        throw new HttpError(REDIRECT_FAILURE[redirect.kind], detail, answer.status);
      }
      ({ url } = redirect);
    }
  }

  return async (call) => {
    let refused: string | null = null;
    let paused = false;
    for (;;) {
      const token = await tokens.access(paused ? null : refused);
      if (token === null) throw over();
      const answer = await send(call, token);
      if (answer.status !== 401 || !tokens.isRenewable || isGatewayRefusal(answer)) return answer;
      // Fresh credentials were refused twice, or have just been elsewhere.
      const isStanding = (paused && token === refused) || clock.monotonic() < uselessUntil;
      if (isStanding && tokens.isFresh()) return answer;
      await discard(answer);
      call.signal.throwIfAborted();
      // The token before this one was refused as well, and this one has not aged on its way.
      paused = refused !== null && token !== refused && tokens.isFresh();
      refused = token;
      if (!paused) continue;
      try {
        await pause(LAG_MS, clock, call.signal);
      } finally {
        // Also for who has less patience than that: the next call is told at once.
        uselessUntil = clock.monotonic() + USELESS_MS;
      }
    }
  };
}

/** Rejects with the signal's reason when aborted. */
function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** Leaves an answer nobody reads: its socket goes back or closes. */
async function discard(answer: HttpResponse): Promise<void> {
  for await (const chunk of answer.body) if (chunk.length > 0) break;
}
