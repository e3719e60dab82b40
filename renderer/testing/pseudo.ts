import type { PulseApi } from '../../protocol/ipc.ts';
import { en } from '../i18n/en.ts';

/**
 * A pseudo-locale: every text of `i18n/`, everything `Intl` says and every text that comes from outside is put in
 * brackets. A letter that is seen outside of them stands in a component, where no word may stand.
 */

const OPEN = '⟦';
const CLOSE = '⟧';
const LETTER = /\p{L}/u;

function bracket(text: string): string {
  return LETTER.test(text) ? `${OPEN}${text}${CLOSE}` : text;
}

type Words = { [key: string]: string | Words };

function bracketWords(words: Words): void {
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') words[key] = bracket(value);
    else bracketWords(value);
  }
}

function bracketFormats(): void {
  for (const format of [Intl.DateTimeFormat.prototype, Intl.NumberFormat.prototype]) {
    const { get } = Object.getOwnPropertyDescriptor(format, 'format') as {
      get(this: unknown): (value: never) => string;
    };
    Object.defineProperty(format, 'format', {
      get(this: unknown) {
        const plain = get.call(this);
        return (value: never) => bracket(plain(value));
      },
    });
  }
  const { of } = Intl.DisplayNames.prototype;
  Intl.DisplayNames.prototype.of = function (code) {
    const name = of.call(this, code);
    return name && bracket(name);
  };
}

/** Fields of main's answers that hold somebody's words; codes, times and ids stay as they are. */
const TEXTS = new Set(
  (
    'title name userName actorName reasonText reasonCode counterparty found text by ' +
    'problem path setAsideAt detail appVersion username'
  ).split(' '),
);

function bracketData(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return TEXTS.has(key) ? bracket(value) : value;
  if (Array.isArray(value)) return value.map((each) => bracketData(each, key));
  if (typeof value !== 'object' || value === null) return value;
  // What a person searches for is sent back as it is.
  if ('view' in value && 'text' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, bracketData(each, name)]));
}

/** Must run before anything of the window is loaded: it changes the texts where they are. */
export function pseudo(pulse: PulseApi): PulseApi {
  bracketWords(en as unknown as Words);
  bracketFormats();
  return {
    request: (channel, ...argument) =>
      pulse.request(channel, ...argument).then((answer) => bracketData(answer) as typeof answer),
    on: (channel, listener) =>
      pulse.on(channel, (message) => listener(bracketData(message) as typeof message)),
  };
}

const ATTRIBUTES = ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext', 'aria-description'];
/** Ids, currencies, addresses and codes this app does not know are shown as they came; keys are named by what is printed on them. */
const AS_THEY_CAME =
  /\b(?:C-\d[\w-]*|e7-\d+|[A-Z]{3}|p\d+|notarised_abroad|(?:https:\/\/)?[\w-]+\.example\.com\S*|\{id\}|http:\/\/127\.0\.0\.1:\d+)/g;
const KEYS = /\((?:(?:Ctrl|Shift|Esc|Enter|[A-Z]) ?)+\)/g;

function outside(text: string): string {
  let depth = 0;
  let left = '';
  for (const letter of text) {
    if (letter === OPEN) depth += 1;
    else if (letter === CLOSE) depth -= 1;
    else if (depth === 0) left += letter;
  }
  return left.replaceAll(AS_THEY_CAME, '').replaceAll(KEYS, '');
}

/** Words outside of brackets in what is shown and in what a screen reader is told. */
export function looseWords(root: ParentNode = document): readonly string[] {
  const loose = new Set<string>();
  const look = (text: string | null, where: string): void => {
    if (text !== null && LETTER.test(outside(text))) loose.add(`${where}: ${text.trim()}`);
  };
  for (const element of root.querySelectorAll('body *')) {
    if (
      element.closest('script, style, kbd, input, textarea') === null ||
      element instanceof HTMLInputElement
    ) {
      for (const name of ATTRIBUTES) look(element.getAttribute(name), `${element.localName} ${name}`);
    }
    if (element.closest('script, style, kbd') !== null) continue;
    // A sentence in several nodes (an i18next text with marked hits) is told as a whole by its nearest element.
    const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    if (own.length > 0)
      look(own.map((node) => node.textContent).join(''), element.className || element.localName);
  }
  return [...loose];
}
