import type { Clock } from '../ports/clock.ts';
import type { HttpPort, HttpResponse } from '../ports/http.ts';

/** One answer as it came, and what its body has brought so far. Times are of the monotonic clock. */
export interface Answer {
  readonly path: string;
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly askedAt: number;
  readonly cameAt: number;
  /** Of each piece of the body: when it came and how long it is, bytes. */
  readonly pieces: { readonly at: number; readonly bytes: number }[];
}

/** Many pieces more tell nothing new. */
const MAX_PIECES = 20_000;

export interface TappedHttp extends HttpPort {
  readonly answers: readonly Answer[];
}

/** Remembers what passes, and changes nothing. */
export function tapHttp(http: HttpPort, clock: Clock): TappedHttp {
  const answers: Answer[] = [];
  return {
    answers,
    async request(request) {
      const askedAt = clock.monotonic();
      const response = await http.request(request);
      const { status, headers } = response;
      const { pathname } = new URL(request.url);
      const answer: Answer = {
        path: pathname,
        status,
        headers,
        askedAt,
        cameAt: clock.monotonic(),
        pieces: [],
      };
      answers.push(answer);
      return { ...response, body: tapBody(response.body, answer, clock) };
    },
    dropConnections: () => http.dropConnections?.(),
  };
}

async function* tapBody(
  body: AsyncIterable<Uint8Array>,
  { pieces }: Answer,
  clock: Clock,
): AsyncIterable<Uint8Array> {
  for await (const chunk of body) {
    if (pieces.length < MAX_PIECES) pieces.push({ at: clock.monotonic(), bytes: chunk.length });
    yield chunk;
  }
}
