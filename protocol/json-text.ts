/**
 * Where the values of a JSON text stand in it, so that a part of it can be kept letter by letter: `JSON.stringify` of what
 * `JSON.parse` read would write `1.0` as `1`, and lose repeated keys, spacing and escapes. (`context.source` of a
 * reviver tells no objects, and jsonc-parser calls itself once a level.) All but `isDeeperThan` ask for
 * text that `JSON.parse` has taken.
 */
export interface Span {
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
}

/** Of no use to any reader; JSON.parse takes a second for 300,000 levels, and what calls itself once a level overflows. */
export const MAX_DEPTH = 500;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b;
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d;
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function skipSpace(json: string, from: number): number {
  let at = from;
  while (isSpace(json.charCodeAt(at))) at++;
  return at;
}

/** Behind the string that begins at `from`; the end of the text where it does not end. */
function skipString(json: string, from: number): number {
  for (let at = json.indexOf('"', from + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let slashes = 0;
    while (json.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return json.length;
}

/** Behind the value that begins at `from`. */
function skipValue(json: string, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = skipString(json, at);
    } else if (isOpening(code)) {
      depth++;
      at++;
    } else if (isClosing(code)) {
      depth--;
      at++;
    } else if (depth > 0) {
      at++;
    } else {
      while (at < json.length && !isSpace(json.charCodeAt(at)) && !',]}'.includes(json.charAt(at))) at++;
    }
  } while (depth > 0 && at < json.length);
  return at;
}

/** Whether the text nests deeper than so many levels; any text, JSON or not. */
export function isDeeperThan(json: string, levels: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = skipString(json, at) - 1;
    } else if (isOpening(code)) {
      depth++;
      if (depth > levels) return true;
    } else if (isClosing(code)) {
      depth--;
    }
  }
  return false;
}

/** The elements of the list that begins at `from`; none where that is no list. */
export function elementsOf(json: string, from: number): Span[] {
  const elements: Span[] = [];
  if (json[from] !== '[') return elements;
  let at = skipSpace(json, from + 1);
  while (at < json.length && json[at] !== ']') {
    const end = skipValue(json, at);
    elements.push({ start: at, end });
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return elements;
}

/** The value of this key in the object that begins at `from`: the last one, as JSON.parse takes it; null where there is none. */
export function memberOf(json: string, from: number, key: string): Span | null {
  let found: Span | null = null;
  if (json[from] !== '{') return found;
  let at = skipSpace(json, from + 1);
  while (at < json.length && json[at] !== '}') {
    const keyEnd = skipString(json, at);
    const name = json.slice(at, keyEnd);
    const start = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const end = skipValue(json, start);
    if ((name.includes('\\') ? JSON.parse(name) : name.slice(1, -1)) === key) found = { start, end };
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return found;
}

/** The text of the value at the end of these keys, from the object that the whole text is; null where there is none. */
export function textAt(json: string, keys: readonly string[]): string | null {
  let span: Span | null = { start: skipSpace(json, 0), end: json.length };
  for (const key of keys) {
    if (span !== null) span = memberOf(json, span.start, key);
  }
  return span && json.slice(span.start, span.end);
}

/** The texts of the elements of the list under this key of the object that the whole text is; none where it is no list. */
export function listAt(json: string, key: string): string[] {
  const list = memberOf(json, skipSpace(json, 0), key);
  return list === null ? [] : elementsOf(json, list.start).map(({ start, end }) => json.slice(start, end));
}
