import { expect, test } from 'vitest';
import { textMenu } from './text-menu.ts';
import { chooseWords } from './words.ts';

const none = {
  canUndo: false,
  canRedo: false,
  canCut: false,
  canCopy: false,
  canPaste: false,
  canSelectAll: false,
};
const say = chooseWords('ru').menu;

test('a field offers all of it, and only what can be done now is enabled', () => {
  const editFlags = { ...none, canPaste: true, canSelectAll: true };
  const items = textMenu({ isEditable: true, selectionText: '', editFlags }, say);
  expect(items.flatMap(({ role }) => role ?? [])).toEqual([
    'undo',
    'redo',
    'cut',
    'copy',
    'paste',
    'selectAll',
  ]);
  expect(items.filter(({ enabled }) => enabled).map(({ label }) => label)).toEqual([
    say.paste,
    say.selectAll,
  ]);
});

test('selected text can be copied', () => {
  const editFlags = { ...none, canCopy: true };
  expect(textMenu({ isEditable: false, selectionText: 'C-2026-0117', editFlags }, say)).toEqual([
    { role: 'copy', label: 'Копировать', enabled: true },
  ]);
});

test('elsewhere there is no menu', () => {
  expect(textMenu({ isEditable: false, selectionText: ' ', editFlags: none }, say)).toEqual([]);
});
