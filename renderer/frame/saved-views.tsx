import { Bookmark } from 'lucide-react';
import { useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { SavedView } from '../../protocol/filter.ts';
import { openView } from '../commands/commands.ts';
import { focusFeed } from '../commands/focus.ts';
import { useCountsKnown } from '../state/use-counts-known.ts';
import { useFormats } from '../i18n/context.ts';
import { sameFilter } from '../state/saved-store.ts';
import { useStores } from '../state/context.ts';
import { RenameField } from './rename-field.tsx';
import { SavedViewMenu } from './saved-view-menu.tsx';

/** This account's saved views: opened by click or 1 to 9, moved by dragging or Alt with an arrow. */
export function SavedViews() {
  const { t } = useTranslation();
  const { saved, notice } = useStores();
  const list = useRef<HTMLOListElement>(null);
  const views = useStore(saved, (state) => state.views);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [renaming, setRenaming] = useState<number | null>(null);
  const [moved, setMoved] = useState('');

  function move(view: SavedView, by: number): void {
    const place = views.indexOf(view) + by + 1;
    if (place < 1 || place > views.length) return;
    void notice.attempt(() => saved.move(view.savedId, by));
    setMoved(t('saved.moved', { name: view.name, place }));
  }

  function remove(view: SavedView): void {
    const at = views.indexOf(view);
    void notice.attempt(async () => {
      await saved.remove(view.savedId);
      // What had the focus is gone: its neighbour takes it.
      requestAnimationFrame(() => {
        const entries = list.current?.children;
        const next = entries?.[Math.min(at, (entries.length ?? 0) - 1)];
        if (next) next.querySelector('button')?.focus();
        else focusFeed();
      });
    });
  }

  function drop(event: DragEvent, at: number): void {
    event.preventDefault();
    if (dragged !== null && dragged !== at) {
      const view = views[dragged];
      if (view) move(view, at - dragged);
    }
    setDragged(null);
    setOver(null);
  }

  return (
    <section className="saved-views" aria-label={t('saved.label')}>
      <h2 className="side-title">{t('saved.label')}</h2>
      {views.length === 0 && <p className="side-note">{t('saved.none')}</p>}
      <ol ref={list}>
        {views.map((view, at) => (
          <li
            key={view.savedId}
            data-testid="saved-view"
            data-saved-id={view.savedId}
            className={over === at && dragged !== at ? 'saved-view over' : 'saved-view'}
            draggable={renaming !== view.savedId}
            onDragStart={() => setDragged(at)}
            onDragEnd={() => {
              setDragged(null);
              setOver(null);
            }}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              setOver(at);
            }}
            onDrop={(event) => drop(event, at)}
          >
            {renaming === view.savedId ? (
              <RenameField view={view} onDone={() => setRenaming(null)} />
            ) : (
              <Entry
                view={view}
                at={at}
                onMove={(by) => move(view, by)}
                onRename={() => setRenaming(view.savedId)}
                onRemove={() => remove(view)}
              />
            )}
          </li>
        ))}
      </ol>
      <p className="sr-only" role="status">
        {moved}
      </p>
    </section>
  );
}

function Entry(props: {
  readonly view: SavedView;
  readonly at: number;
  readonly onMove: (by: number) => void;
  readonly onRename: () => void;
  readonly onRemove: () => void;
}) {
  const formats = useFormats();
  const stores = useStores();
  const { view, at, onMove } = props;
  const present = useStore(stores.feed, (state) => sameFilter(state.filter, view.filter));
  const onList = useStore(stores.place, (state) => state.screen === 'list');
  const countsKnown = useCountsKnown();
  const key = at < 9 ? String(at + 1) : null;

  function onKeyDown(event: KeyboardEvent): void {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    onMove(event.key === 'ArrowUp' ? -1 : 1);
  }

  return (
    <>
      <button
        type="button"
        className="view"
        aria-current={present && onList ? 'page' : undefined}
        aria-keyshortcuts={key ?? undefined}
        title={key ? `${view.name} (${key})` : view.name}
        onClick={() => openView(stores, view.filter)}
        onKeyDown={onKeyDown}
      >
        <Bookmark size={16} aria-hidden />
        <span className="truncate">{view.name}</span>
        {key && (
          <kbd className="kbd" aria-hidden>
            {key}
          </kbd>
        )}
        {countsKnown && <span className="view-count">{formats.number(view.count)}</span>}
      </button>
      <SavedViewMenu {...props} />
    </>
  );
}
