/**
 * Shortcuts as text: `j`, `Shift+U`, `Mod+K` (⌘ on a Mac, Ctrl elsewhere), `g u` (one key after another).
 * Letters are told by their place on the keyboard where the layout has no Latin ones, so that they work
 * with a Russian layout too; signs by what they are, with or without Shift.
 */

export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Time in which the second key of two must follow, ms. */
export const SEQUENCE_MS = 1500;

/** What the Russian layout has in place of signs: by the key's place, without and with Shift. */
const SIGNS: Readonly<Record<string, readonly [string, string]>> = {
  Slash: ['/', '?'],
  Comma: [',', '<'],
  BracketLeft: ['[', '{'],
};

/** Whether the key belongs to an input method, which also takes the Enter and Escape that end a word. */
export function isComposing(event: {
  readonly isComposing: boolean;
  readonly key: string;
  readonly keyCode: number;
}): boolean {
  // The press that begins a word comes before the word is said to have begun: Chromium marks it by its code.
  return event.isComposing || event.key === 'Process' || event.keyCode === 229;
}

function keyOf({ key, code, shiftKey }: KeyPress): string {
  if (key.length !== 1) return key;
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  if (/\p{L}/u.test(key) && /^Key[A-Z]$/.test(code)) return code.slice(3).toLowerCase();
  const sign = SIGNS[code];
  const cyrillic = /\p{L}/u.test(key) || (code === 'Slash' && (key === '.' || (key === ',' && shiftKey)));
  if (sign && cyrillic) return sign[shiftKey ? 1 : 0];
  return key;
}

/** The press as one stroke of a shortcut, e.g. `Mod+k`, `Shift+u`, `?`; null for one that no shortcut has. */
export function strokeOf(press: KeyPress, mac: boolean): string | null {
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (other || press.altKey) return null;
  const key = keyOf(press);
  // A sign is what it is: where it lies on the keyboard, and whether it needs Shift, differs.
  const shift = press.shiftKey && (key.length > 1 || /[a-z]/.test(key));
  return `${mod ? 'Mod+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

/** Strokes of a shortcut in the form of `strokeOf`. */
export function strokesOf(shortcut: string): readonly string[] {
  return shortcut.split(' ').map((stroke) => {
    const parts = stroke.split('+');
    const key = parts.pop() ?? '';
    return [...parts, key.length === 1 ? key.toLowerCase() : key].join('+');
  });
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  ContextMenu: 'Menu',
};

/** Keys to show, one cap each: `['Ctrl', 'K']`, `['⌘', 'K']`, `['G', 'U']`. */
export function capsOf(shortcut: string, mac: boolean): readonly string[] {
  return shortcut.split(' ').flatMap((stroke) =>
    stroke.split('+').map((part) => {
      if (part === 'Mod') return mac ? '⌘' : 'Ctrl';
      if (part === 'Shift') return mac ? '⇧' : 'Shift';
      return NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part);
    }),
  );
}

/** For `aria-keyshortcuts` (https://www.w3.org/TR/wai-aria-1.2/#aria-keyshortcuts), which knows no sequences. */
export function ariaKeys(shortcut: string, mac: boolean): string | undefined {
  return shortcut.includes(' ') ? undefined : shortcut.replace('Mod', mac ? 'Meta' : 'Control');
}

export interface KeyReader<Id> {
  /** The command a press ends, `pending` when it begins one of two keys, null otherwise. */
  read(press: KeyPress, now: number): Id | 'pending' | null;
}

/** Follows presses; `candidates` are asked at each, so that only what is possible now is found. */
export function createKeyReader<Id extends string>(
  candidates: () => Iterable<readonly [Id, readonly string[]]>,
  mac: boolean,
): KeyReader<Id> {
  let first: { stroke: string; at: number } | null = null;
  return {
    read(press, now) {
      if (['Shift', 'Control', 'Meta', 'Alt'].includes(press.key)) return first ? 'pending' : null;
      const stroke = strokeOf(press, mac);
      const before = first && now - first.at <= SEQUENCE_MS ? first.stroke : null;
      first = null;
      if (stroke === null) return null;
      const wanted = before === null ? [stroke] : [before, stroke];
      let begins = false;
      for (const [id, shortcuts] of candidates()) {
        for (const shortcut of shortcuts) {
          const strokes = strokesOf(shortcut);
          if (strokes.length === wanted.length && strokes.every((it, at) => it === wanted[at])) return id;
          begins ||= before === null && strokes.length === 2 && strokes[0] === stroke;
        }
      }
      if (!begins) return null;
      first = { stroke, at: now };
      return 'pending';
    },
  };
}
