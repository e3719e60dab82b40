import { describe, expect, it } from 'vitest';
import { ariaKeys, capsOf, createKeyReader, SEQUENCE_MS, strokeOf, type KeyPress } from './keys.ts';

function press(key: string, over: Partial<KeyPress> = {}): KeyPress {
  return { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...over };
}

describe('a stroke', () => {
  it('is told by the letter, with Shift only where it is held', () => {
    expect(strokeOf(press('u'), false)).toBe('u');
    expect(strokeOf(press('U', { shiftKey: true }), false)).toBe('Shift+u');
    expect(strokeOf(press('U'), false)).toBe('u');
    expect(strokeOf(press('ArrowDown', { shiftKey: true }), false)).toBe('Shift+ArrowDown');
  });

  it('is told by its place where the layout has no Latin letters', () => {
    expect(strokeOf(press('о', { code: 'KeyJ' }), false)).toBe('j');
    expect(strokeOf(press('Г', { code: 'KeyU', shiftKey: true }), false)).toBe('Shift+u');
    expect(strokeOf(press('л', { code: 'KeyK', ctrlKey: true }), false)).toBe('Mod+k');
    expect(strokeOf(press('.', { code: 'Slash' }), false)).toBe('/');
    expect(strokeOf(press(',', { code: 'Slash', shiftKey: true }), false)).toBe('?');
    expect(strokeOf(press('б', { code: 'Comma', ctrlKey: true }), false)).toBe('Mod+,');
    expect(strokeOf(press('х', { code: 'BracketLeft' }), false)).toBe('[');
  });

  it('takes signs for what they are, wherever they lie', () => {
    expect(strokeOf(press('?', { code: 'Slash', shiftKey: true }), false)).toBe('?');
    expect(strokeOf(press('/', { code: 'Digit7', shiftKey: true }), false)).toBe('/');
    expect(strokeOf(press('.', { code: 'Period' }), false)).toBe('.');
  });

  it('has ⌘ on a Mac and Ctrl elsewhere, and leaves the others to the system', () => {
    expect(strokeOf(press('k', { metaKey: true }), true)).toBe('Mod+k');
    expect(strokeOf(press('k', { ctrlKey: true }), true)).toBeNull();
    expect(strokeOf(press('k', { ctrlKey: true }), false)).toBe('Mod+k');
    expect(strokeOf(press('k', { metaKey: true }), false)).toBeNull();
    expect(strokeOf(press('j', { altKey: true }), false)).toBeNull();
  });
});

describe('reading keys', () => {
  const keys: [string, readonly string[]][] = [
    ['read', ['u']],
    ['go_unread', ['g u']],
    ['go_all', ['g a']],
    ['acknowledge', ['a']],
    ['palette', ['Mod+K']],
  ];
  const reader = () => createKeyReader(() => keys, false);

  it('finds commands of one key and of two', () => {
    const { read } = reader();
    expect(read(press('u'), 0)).toBe('read');
    expect(read(press('g'), 10)).toBe('pending');
    expect(read(press('u'), 20)).toBe('go_unread');
    expect(read(press('u'), 30)).toBe('read');
    expect(read(press('K', { ctrlKey: true }), 40)).toBe('palette');
  });

  it('forgets the first key after a while, and after a second one that leads nowhere', () => {
    const { read } = reader();
    expect(read(press('g'), 0)).toBe('pending');
    expect(read(press('a'), SEQUENCE_MS + 1)).toBe('acknowledge');
    expect(read(press('g'), 5000)).toBe('pending');
    expect(read(press('q'), 5010)).toBeNull();
    expect(read(press('a'), 5020)).toBe('acknowledge');
  });

  it('is not put off by Shift between two keys', () => {
    const { read } = reader();
    expect(read(press('g'), 0)).toBe('pending');
    expect(read(press('Shift', { shiftKey: true }), 5)).toBe('pending');
  });
});

describe('showing keys', () => {
  it('names them as the platform does', () => {
    expect(capsOf('Mod+K', false)).toEqual(['Ctrl', 'K']);
    expect(capsOf('Mod+K', true)).toEqual(['⌘', 'K']);
    expect(capsOf('g u', false)).toEqual(['G', 'U']);
    expect(capsOf('Shift+ArrowDown', false)).toEqual(['Shift', '↓']);
    expect(ariaKeys('Mod+K', true)).toBe('Meta+K');
    expect(ariaKeys('g u', false)).toBeUndefined();
  });
});
