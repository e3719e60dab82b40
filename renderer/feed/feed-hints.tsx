import { useTranslation } from 'react-i18next';

const HINTS = [
  { keys: ['j', 'k'], word: 'move' },
  { keys: ['Enter'], word: 'open' },
  { keys: ['u'], word: 'read' },
  { keys: ['/'], word: 'search' },
] as const;

/** The shortcuts, for the eye; the list's description says them to screen readers. */
export function FeedHints() {
  const { t } = useTranslation();
  return (
    <footer className="feed-hints" aria-hidden>
      {HINTS.map(({ keys, word }) => (
        <span key={word}>
          {keys.map((key) => (
            <kbd key={key} className="kbd">
              {key}
            </kbd>
          ))}
          {t(`feed.hint.${word}`)}
        </span>
      ))}
    </footer>
  );
}
