import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../state/context.ts';
import { isComposing } from '../ui/keys.ts';
import { focusFeed, SEARCH_ID } from '../commands/focus.ts';

/** Long enough not to ask for every letter, short enough to feel immediate. */
const PAUSE_MS = 120;

export function SearchField() {
  const { t } = useTranslation();
  const { feed } = useStores();
  const applied = useStore(feed, (state) => state.filter.text);
  const [text, setText] = useState(applied);
  const [seen, setSeen] = useState(applied);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  // Cleared from elsewhere (an empty state's action): the field follows.
  if (seen !== applied) {
    setSeen(applied);
    setText(applied);
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  function search(next: string, pause: number): void {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const { filter } = feed.getState();
      const wanted = next.trim();
      setSeen(wanted);
      if (filter.text !== wanted) feed.open({ ...filter, text: wanted });
    }, pause);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (text === '') focusFeed();
      else search('', 0);
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      search(text, 0);
      focusFeed();
    }
  }

  return (
    <div className="search field-box" role="search">
      <Search size={16} aria-hidden />
      <input
        ref={input}
        id={SEARCH_ID}
        type="text"
        value={text}
        onChange={(event) => search(event.target.value, PAUSE_MS)}
        onKeyDown={onKeyDown}
        aria-label={t('search.label')}
        aria-keyshortcuts="/"
        placeholder={t('search.placeholder')}
        maxLength={200}
        spellCheck={false}
      />
      {text === '' ? (
        <kbd className="kbd" aria-hidden>
          /
        </kbd>
      ) : (
        <button
          type="button"
          className="search-clear"
          aria-label={t('search.clear')}
          title={t('search.clear')}
          onClick={() => {
            search('', 0);
            input.current?.focus();
          }}
        >
          <X size={16} aria-hidden />
        </button>
      )}
    </div>
  );
}
