/** Keeps what nobody may read out of everything that is told: a server can send it back in an error, an event or an id. */
export interface Hider {
  add(secret: string): void;
  /** The same data, with every secret in any of its texts blotted out. */
  within<T>(data: T): T;
}

/** Shorter ones stand in ordinary words, and protect nothing. */
const LEAST = 3;
export const BLOT = '•••';
/** Names in a query whose values are secrets. */
const SECRET_NAME = /key|token|secret|passw|pwd|auth|credential|signature|^sig$|^sas$/i;

export function createHider(): Hider {
  const forms = new Set<string>();
  const hideIn = (text: string): string => {
    let hidden = text;
    for (const form of forms) hidden = hidden.replaceAll(form, BLOT);
    return hidden;
  };
  function within(data: unknown): unknown {
    if (typeof data === 'string') return hideIn(data);
    if (Array.isArray(data)) return data.map(within);
    if (typeof data !== 'object' || data === null) return data;
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [hideIn(key), within(value)]));
  }
  return {
    add(secret) {
      if (secret.length < LEAST) return;
      for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
        forms.add(form);
    },
    within: <T>(data: T) => within(data) as T,
  };
}

/** Names and values of what in an address looks like a secret, as they stand there. */
export function findSecrets(address: string): readonly (readonly [name: string, value: string])[] {
  const [, query = ''] = /\?([^#]*)/.exec(address) ?? [];
  return query.split('&').flatMap((pair) => {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    return at > 0 && SECRET_NAME.test(name) ? [[name, pair.slice(at + 1)] as const] : [];
  });
}
