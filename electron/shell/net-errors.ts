import { HttpError, type HttpErrorCode } from '../ports/http.ts';

const DECODING = /ERR_CONTENT_DECODING/;
const TIMEOUT = /ERR_(?:CONNECTION_)?TIMED_OUT/;
/** ERR_SSL_PROTOCOL_ERROR and the like are not here: plain http behind an https address is no matter of trust. */
const CERTIFICATE = /ERR_CERT_|ERR_SSL_(?:PINNED_KEY|OBSOLETE|WEAK|KEY_USAGE)/;
/** The first comes before the answer, in Electron below 44; the second is the server's own refusal. */
const CLIENT_CERTIFICATE = /ERR_SSL_CLIENT_AUTH|ERR_BAD_SSL_CLIENT_AUTH_CERT/;

/**
 * Chromium's word for what went wrong (`net::ERR_…`, chromium/src/net/base/net_error_list.h) as our port's.
 * `otherwise` is what an unlisted one means at this point of the exchange.
 */
export function toHttpError(error: unknown, otherwise: HttpErrorCode): HttpError {
  if (error instanceof HttpError) return error;
  const text = error instanceof Error ? error.message : 'unknown error';
  if (CERTIFICATE.test(text)) return new HttpError('certificate', text);
  if (CLIENT_CERTIFICATE.test(text)) return new HttpError('client_certificate', text);
  if (TIMEOUT.test(text)) return new HttpError('timeout', text);
  if (DECODING.test(text)) return new HttpError('content_type', `compressed unasked, or damaged: ${text}`);
  return new HttpError(otherwise, text);
}

/** Names in lower case, repeated ones joined, from either shape Electron gives them in. */
export function joinHeaders(
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = typeof value === 'string' ? value : value.join(', ');
    const key = name.toLowerCase();
    joined[key] = Object.hasOwn(joined, key) ? `${joined[key]}, ${text}` : text;
  }
  return joined;
}
