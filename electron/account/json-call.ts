import type { Clock } from '../ports/clock.ts';
import { HttpTrouble, type HttpPort, type HttpResponse } from '../ports/http.ts';

export interface JsonCall {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; none for undefined. */
  readonly body?: unknown;
  /** For headers and body together, ms. */
  readonly timeoutMs: number;
  /** Longest answer, bytes. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body; not parsed, because errors are often no JSON. */
  readonly text: string;
}

/** The answer is longer than it may be. */
export class AnswerTooLong extends Error {
  constructor(maxBytes: number) {
    super(`an answer of more than ${maxBytes} bytes`);
    this.name = 'AnswerTooLong';
  }
}

/** These ask for the same method and body at another address (RFC 9110, sections 15.4.8 and 15.4.9). */
const SAME_METHOD = new Set([307, 308]);
export const MAX_REDIRECTS = 5;

/** POSTs JSON, also where a redirect within the origin leads, and reads the answer within bounds. Rejects with HttpTrouble, AnswerTooLong or the signal's reason. */
export async function postJson(http: HttpPort, clock: Clock, call: JsonCall): Promise<JsonAnswer> {
  return bounded(call.signal, clock, call.timeoutMs, async (signal) => {
    let { url } = call;
    for (let hop = 0; ; hop++) {
      const response = await http.request({
        url,
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json', ...call.headers },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        signal,
      });
      const { status, headers } = response;
      const text = await readText(response, call.maxBytes);
      const next = SAME_METHOD.has(status) && hop < MAX_REDIRECTS ? withinOrigin(url, headers) : null;
      if (next === null) return { status, headers, text };
      url = next;
    }
  });
}

/** Where the answer sends us, if that is the same origin: what we send is a secret. Null otherwise. */
export function withinOrigin(url: string, headers: Readonly<Record<string, string>>): string | null {
  const { location } = headers;
  if (location === undefined || !URL.canParse(location, url)) return null;
  const next = new URL(location, url);
  const isSame = next.origin === new URL(url).origin && next.username === '' && next.password === '';
  return isSame ? next.href : null;
}

/** Runs with a signal of its own that is aborted after `ms` (as HttpTrouble `timeout`), with `outer`, and at the end. */
export async function bounded<T>(
  outer: AbortSignal,
  clock: Clock,
  ms: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer.reason);
  outer.addEventListener('abort', abort, { once: true });
  const cancel = clock.after(ms, () =>
    controller.abort(new HttpTrouble('timeout', `no answer within ${Math.round(ms / 1000)} s`)),
  );
  try {
    return await run(controller.signal);
  } finally {
    cancel();
    outer.removeEventListener('abort', abort);
    controller.abort();
  }
}

async function readText(response: HttpResponse, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new AnswerTooLong(maxBytes);
    chunks.push(chunk);
  }
  // Without a byte order mark, which a reader may ignore (RFC 8259, section 8.1).
  return new TextDecoder().decode(Buffer.concat(chunks));
}
