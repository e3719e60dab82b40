/**
 * Where the values of a JSON text stand in it, so that a part of it can be kept letter by letter: `JSON.stringify` of what
 * `JSON.parse` read would write `1.0` as `1`, and lose repeated keys, spacing and escapes. (`context.source` of a
 * reviver tells no objects, and jsonc-parser calls itself once a level.) `textAt` and `listAt` ask for
 * text that `JSON.parse` has taken.
 */
export interface Span {
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
}

/**
 * Of no use to any reader. JSON.parse takes a second for 300,000 levels, and what calls itself once a level overflows; of 64 MB of `{},`,
 * 64 kB once compressed, it makes more than the process can hold.
 */
const MAX = { levels: 500, values: 500_000 };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
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

/**
 * Why the text holds too much to be parsed; null where it does not. Any text, JSON or not. Values are counted by the brackets and commas
 * that come before them.
 */
export function excessOf(
  json: string,
  { levels, values }: { readonly levels: number; readonly values: number } = MAX,
): string | null {
  let depth = 0;
  let count = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = skipString(json, at) - 1;
    } else if (isOpening(code)) {
      depth++;
      count++;
      if (depth > levels) return `JSON of more than ${levels} levels`;
    } else if (isClosing(code)) {
      depth--;
    } else if (code === COMMA) {
      count++;
    }
    if (count > values) return `JSON of more than ${values} values`;
  }
  return null;
}

/**
 * The elements of the list that begins at `from`; null where that is no list, or one that JSON does not know. At most `most` and one
 * more, which tells that there are too many.
 */
export function elementsOf(json: string, from: number, most = Number.POSITIVE_INFINITY): Span[] | null {
  const elements: Span[] = [];
  if (json[from] !== '[') return null;
  let at = skipSpace(json, from + 1);
  if (json[at] === ']') return elements;
  while (elements.length <= most) {
    const end = skipValue(json, at);
    if (end === at) return null;
    elements.push({ start: at, end });
    at = skipSpace(json, end);
    if (json[at] === ']') return elements;
    if (json[at] !== ',') return null;
    at = skipSpace(json, at + 1);
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
  const elements = list && elementsOf(json, list.start);
  return (elements ?? []).map(({ start, end }) => json.slice(start, end));
}
