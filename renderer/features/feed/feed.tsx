import { ArrowUp, PanelLeftOpen } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useCountsKnown } from '../../state/use-counts-known.ts';
import { useCommand } from '../../commands/context.ts';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { sameFilter } from '../../state/saved-store.ts';
import { BulkBar } from './bulk-bar.tsx';
import { EmptyFeed } from './empty-feed.tsx';
import { FeedList } from './feed-list.tsx';
import { FilterBar } from './filter/filter-bar.tsx';
import { FeedHints } from './feed-hints.tsx';
import { focusFeed } from '../../commands/focus.ts';
import { RowMenu } from './row-menu.tsx';
import { SnoozeDialog } from './snooze-dialog.tsx';
import './feed.css';
import './filter/filter.css';

/** The list's pane: which view, how many, what is new, and the rows. */
export function Feed(props: {
  /** Names the view and offers the others, where they do not stand beside the list; null where they do. */
  readonly viewsMenu: ReactNode;
  readonly canShowSidebar: boolean;
  readonly alone: boolean;
  /** The contract lies over it; it keeps its place underneath. */
  readonly covered: boolean;
  readonly onLookAtConnection: () => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { feed, layout, saved, cursor } = useStores();
  const total = useStore(feed, (state) => state.total);
  const countsKnown = useCountsKnown();
  const filter = useStore(feed, (state) => state.filter);
  const name = useStore(saved, (state) => state.views.find((view) => sameFilter(view.filter, filter))?.name);
  const selecting = useStore(cursor, (state) => state.selected.size > 0);

  return (
    <section
      className={props.alone ? 'feed alone' : 'feed'}
      inert={props.covered}
      aria-label={t('feed.label')}
    >
      <header className="feed-header">
        <div className="feed-where">
          {props.canShowSidebar && (
            <Button
              look="quiet"
              small
              icon={PanelLeftOpen}
              aria-label={t('views.expand')}
              title={t('views.expand')}
              onClick={layout.toggleSidebar}
            />
          )}
          {props.viewsMenu ?? <h2 className="truncate">{name ?? t(`views.${filter.view}`)}</h2>}
          {total !== null && countsKnown && (
            <span className="muted feed-count">
              {t('feed.count', { count: total, n: formats.number(total) })}
            </span>
          )}
        </div>
        <Pill />
      </header>
      <FilterBar />
      <div className="feed-body">
        <FeedContent onLookAtConnection={props.onLookAtConnection} />
      </div>
      {selecting ? <BulkBar /> : total !== 0 && <FeedHints />}
      <RowMenu />
      <SnoozeDialog />
    </section>
  );
}

function FeedContent({ onLookAtConnection }: { onLookAtConnection: () => void }) {
  const { feed } = useStores();
  const shown = useStore(feed, (state) => state.total !== 0 && state.problem === null);
  const focusedFor = useRef<boolean | null>(null);
  useEffect(() => {
    if (focusedFor.current === shown) return;
    focusedFor.current = shown;
    // What had the focus is gone: with the sign-in, with the list, or with what stood in its place.
    if (document.activeElement === document.body) focusFeed();
  }, [shown]);
  return shown ? <FeedList /> : <EmptyFeed onLookAtConnection={onLookAtConnection} />;
}

/** What waits while the order is held. Pressing it goes to the top and lets it in. */
function Pill() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { feed } = useStores();
  const command = useCommand('show_new');
  const waiting = useStore(feed, (state) => state.waiting);
  if (waiting === 0) return null;
  return (
    <button
      type="button"
      className="pill"
      data-testid="pill"
      aria-keyshortcuts={command.ariaKeys}
      title={`${t('feed.pillHint')} (${command.shortcut})`}
      onClick={() => command.run()}
    >
      <ArrowUp size={16} aria-hidden />
      {t('feed.pill', { count: waiting, n: formats.number(waiting) })}
    </button>
  );
}
