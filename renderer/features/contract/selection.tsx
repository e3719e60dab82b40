import { ListChecks } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useCommand } from '../../commands/context.ts';
import { focusFeed } from '../../commands/focus.ts';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { EmptyState } from '../../ui/empty-state.tsx';

/** While any are selected, in place of the open contract: what is done now concerns all of them, and nothing else. */
export function Selection() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { cursor } = useStores();
  const count = useStore(cursor, (state) => state.selected.size);
  const commands = [useCommand('read'), useCommand('acknowledge'), useCommand('snooze'), useCommand('mute')];
  return (
    <EmptyState
      icon={ListChecks}
      title={t('empty.selection.title', { count, n: formats.number(count) })}
      text={t('empty.selection.text', {
        keys: commands.flatMap(({ shortcut }) => shortcut ?? []).join(',\u00a0'),
      })}
      action={{
        label: t('bulk.clear'),
        run: () => {
          cursor.clear();
          focusFeed();
        },
      }}
    />
  );
}
