import type { Input } from 'electron';

/**
 * Alt that goes down while Shift is down changes the keyboard's layout on many systems. Electron would take its release for a
 * wish to see the menu bar; Alt first and then Shift it leaves alone by itself.
 */
export function changesLayout({ type, key, shift }: Pick<Input, 'type' | 'key' | 'shift'>): boolean {
  return type === 'keyDown' && key === 'Alt' && shift;
}
