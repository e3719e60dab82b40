import { describe, expect, it } from 'vitest';
import { COMMAND_IDS, specOf } from './commands.ts';
import { strokesOf } from '../ui/keys.ts';

describe('the commands', () => {
  const shortcuts = COMMAND_IDS.flatMap((id) => specOf(id).keys.map((keys) => strokesOf(keys)));

  it('have each shortcut once', () => {
    const flat = shortcuts.map((strokes) => strokes.join(' '));
    expect(new Set(flat).size).toBe(flat.length);
  });

  it('begin no pair of keys with the key of another command', () => {
    const single = new Set(shortcuts.flatMap((strokes) => (strokes.length === 1 ? strokes : [])));
    for (const [first, second] of shortcuts) if (second) expect(single).not.toContain(first);
  });
});
