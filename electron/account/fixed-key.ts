import type { SignInKey } from '../../protocol/ipc.ts';
import type { TokenKeeper } from './tokens.ts';

/** RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\dA-Za-z-]{1,100}$/;
/** Visible ASCII, as a bearer token is made of (RFC 6750, section 2.1), and as every header carries it unchanged. */
const KEY = /^[\x21-\x7e]{1,5000}$/;
/** Headers that say something else in our requests, or that make a request another one. */
const TAKEN =
  /^(?:accept|cache-control|connection|content-.*|cookie2?|expect|host|idempotency-key|keep-alive|last-event-id|origin|proxy-.*|range|referer|sec-.*|te|trailer|transfer-encoding|upgrade|via)$/;

/** Without the spaces that come along when it is pasted; null where no request could carry it. */
export function readKey(typed: SignInKey): SignInKey | null {
  const header = typed.header.trim().toLowerCase();
  const value = typed.value.trim().replace(header === 'authorization' ? /^bearer +/i : /^$/, '');
  const isSendable = HEADER_NAME.test(header) && !TAKEN.test(header) && KEY.test(value);
  return isSendable ? { header, value } : null;
}

export function headersOf({ header, value }: SignInKey): Readonly<Record<string, string>> {
  return { [header]: header === 'authorization' ? `Bearer ${value}` : value };
}

/** A key has no end that we know, and no successor: what the server refuses stays refused until the person signs in anew. */
export function createFixedKey(key: SignInKey): TokenKeeper {
  const headers = headersOf(key);
  let over = false;
  return {
    isRenewable: false,
    headers: () => Promise.resolve(over ? null : headers),
    access: () => Promise.resolve(over ? null : key.value),
    carry: () => headers,
    isFresh: () => true,
    stopKeeping() {},
    close() {
      over = true;
    },
  };
}
