import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron';
import type { Words } from './words.ts';

/** What a right click on text offers: in a field all that can be done there, on selected text to copy it, elsewhere nothing. */
export function textMenu(
  {
    isEditable,
    selectionText,
    editFlags,
  }: Pick<ContextMenuParams, 'isEditable' | 'selectionText'> & {
    readonly editFlags: Pick<
      ContextMenuParams['editFlags'],
      'canUndo' | 'canRedo' | 'canCut' | 'canCopy' | 'canPaste' | 'canSelectAll'
    >;
  },
  say: Words['menu'],
): MenuItemConstructorOptions[] {
  const copy: MenuItemConstructorOptions = { role: 'copy', label: say.copy, enabled: editFlags.canCopy };
  if (!isEditable) return selectionText.trim() === '' ? [] : [copy];
  return [
    { role: 'undo', label: say.undo, enabled: editFlags.canUndo },
    { role: 'redo', label: say.redo, enabled: editFlags.canRedo },
    { type: 'separator' },
    { role: 'cut', label: say.cut, enabled: editFlags.canCut },
    copy,
    { role: 'paste', label: say.paste, enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', label: say.selectAll, enabled: editFlags.canSelectAll },
  ];
}
