import type { Clock } from '../ports/clock.ts';
import { HttpError, type HttpPort, type HttpResponse } from '../ports/http.ts';
import { readRedirect, type Redirect } from './redirects.ts';

export interface JsonCall {
  /** Default POST. */
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; none for undefined. */
  readonly body?: unknown;
  /** For headers and body together, ms. */
  readonly timeoutMs: number;
  /** Longest answer, bytes. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Whether status and headers tell enough: the body, which may never end, is then not read. */
  isEnough?(answer: Pick<JsonAnswer, 'status' | 'headers'>): boolean;
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body; not parsed, because errors are often no JSON. */
  readonly text: string;
  /** Where it sends us without being followed; `none` else. */
  readonly redirect: Exclude<Redirect, { readonly kind: 'followed' }>;
}

/** The answer is longer than it may be. */
export class AnswerTooLong extends Error {
  constructor(maxBytes: number) {
    super(`an answer of more than ${maxBytes} bytes`);
    this.name = 'AnswerTooLong';
  }
}

/** Sends JSON, also where a redirect within the origin leads, and reads the answer within bounds. Rejects with HttpError, AnswerTooLong or the signal's reason. */
export async function sendJson(http: HttpPort, clock: Clock, call: JsonCall): Promise<JsonAnswer> {
  return bounded(call.signal, clock, call.timeoutMs, async (signal) => {
    const { method = 'POST' } = call;
    let { url } = call;
    for (let hop = 0; ; hop++) {
      const response = await http.request({
        url,
        method,
        headers: {
          accept: 'application/json',
          ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
          ...call.headers,
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        signal,
      });
      const { status, headers } = response;
      const text = call.isEnough?.(response) === true ? '' : await readText(response, call.maxBytes);
      const redirect = readRedirect({ url, method, hop }, response);
      if (redirect.kind !== 'followed') return { status, headers, text, redirect };
      ({ url } = redirect);
    }
  });
}

/** Runs with a signal of its own that is aborted after `ms` (as HttpError `timeout`), with `outer`, and at the end. */
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
    controller.abort(new HttpError('timeout', `no answer within ${Math.round(ms / 1000)} s`)),
  );
  try {
    return await run(controller.signal);
  } finally {
    cancel();
    outer.removeEventListener('abort', abort);
    controller.abort();
  }
}

/** The whole body, without a byte order mark. Rejects with HttpError, AnswerTooLong or the signal's reason. */
export async function readText(response: HttpResponse, maxBytes: number): Promise<string> {
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
