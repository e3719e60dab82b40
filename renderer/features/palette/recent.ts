import type { TextStorage } from '../../state/layout-store.ts';

const KEY = 'palette';
const MOST = 5;

/** Names of what was chosen last, newest first; garbage in the storage is none. */
export function readRecent(storage: TextStorage): readonly string[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    if (!Array.isArray(stored)) return [];
    return stored.filter((it): it is string => typeof it === 'string').slice(0, MOST);
  } catch {
    return [];
  }
}

export function noteRecent(storage: TextStorage, name: string): void {
  const next = [name, ...readRecent(storage).filter((it) => it !== name)].slice(0, MOST);
  try {
    storage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A full or forbidden storage costs the order of the palette, nothing else.
  }
}
