import { useTranslation } from 'react-i18next';
import { useCommand } from '../../commands/context.ts';
import type { CommandId } from '../../commands/commands.ts';

const HINTS = [
  { ids: ['down', 'up'], word: 'move' },
  { ids: ['open'], word: 'open' },
  { ids: ['read'], word: 'read' },
  { ids: ['select'], word: 'select' },
  { ids: ['keys'], word: 'keys' },
] as const;

/** The first shortcuts, for the eye; the list's description says them to screen readers. */
export function FeedHints() {
  const { t } = useTranslation();
  return (
    <footer className="feed-hints" aria-hidden>
      {HINTS.map(({ ids, word }) => (
        <span key={word}>
          {ids.map((id) => (
            <Key key={id} id={id} />
          ))}
          {t(`hint.${word}`)}
        </span>
      ))}
    </footer>
  );
}

function Key({ id }: { id: CommandId }) {
  const { shortcut } = useCommand(id);
  return <kbd className="kbd">{shortcut}</kbd>;
}
