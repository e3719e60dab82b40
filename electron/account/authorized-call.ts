import { ApiTrouble, type ApiCall, type CallApi } from '../intake/api.ts';
import type { HttpPort, HttpResponse } from '../ports/http.ts';
import type { TokenKeeper } from './tokens.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 5;

/**
 * API calls with credentials. A 401 renews them (together with whoever else needs it) and repeats the call: it was
 * refused before it did anything. Renewed ones that should still be good and are refused too are refused for good.
 * GETs follow redirects within the server's own origin; any other redirect comes back as it is.
 */
export function createAuthorizedCall(options: {
  readonly http: HttpPort;
  readonly server: string;
  readonly tokens: TokenKeeper;
}): CallApi {
  const { http, server, tokens } = options;

  function over(): ApiTrouble {
    return new ApiTrouble('signed_out', { code: 'http', status: 401, detail: 'the session is over' });
  }

  async function send(call: ApiCall, token: string): Promise<HttpResponse> {
    const headers = { ...call.headers, authorization: `Bearer ${token}` };
    let url = server + call.path;
    for (let hop = 0; ; hop++) {
      const answer = await http.request({
        url,
        method: call.method,
        headers,
        ...(call.body === undefined ? {} : { body: call.body }),
        signal: call.signal,
      });
      const location = answer.headers['location'];
      const follows = call.method === 'GET' && REDIRECTS.has(answer.status) && hop < MAX_REDIRECTS;
      if (!follows || location === undefined || !URL.canParse(location, url)) return answer;
      const next = new URL(location, url);
      if (next.origin !== new URL(server).origin || next.username !== '' || next.password !== '')
        return answer;
      await discard(answer);
      url = next.href;
    }
  }

  return async (call) => {
    let token: string | null = null;
    for (let renewed = false; ; renewed = true) {
      token = await tokens.access(token);
      if (token === null) throw over();
      const answer = await send(call, token);
      if (answer.status !== 401 || (renewed && tokens.isFresh())) return answer;
      await discard(answer);
      call.signal.throwIfAborted();
    }
  };
}

/** Leaves an answer nobody reads: its socket goes back or closes. */
async function discard(answer: HttpResponse): Promise<void> {
  for await (const chunk of answer.body) if (chunk.length > 0) break;
}
