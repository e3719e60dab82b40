import { ArrowUp, Bell, CheckCheck, Inbox, PanelLeftOpen, SearchX, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Views } from '../frame/views.tsx';
import { useFormats } from '../i18n/context.ts';
import { useStores } from '../stores/context.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { FeedList } from './feed-list.tsx';
import { FeedHints } from './feed-hints.tsx';
import { focusFeed } from './focus.ts';
import './feed.css';

/** The list's pane: which view, how many, what is new, and the rows. */
export function Feed(props: {
  readonly tabs: boolean;
  readonly canShowSidebar: boolean;
  readonly alone: boolean;
  /** The contract lies over it; it keeps its place underneath. */
  readonly covered: boolean;
  readonly onLookAtConnection: () => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { feed, layout } = useStores();
  const total = useStore(feed, (state) => state.total);
  const filter = useStore(feed, (state) => state.filter);

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
          {props.tabs ? <Views look="tabs" /> : <h2>{t(`views.${filter.view}`)}</h2>}
          {total !== null && (!props.tabs || filter.text !== '') && (
            <span className="muted feed-count">
              {t('feed.count', { count: total, n: formats.number(total) })}
            </span>
          )}
        </div>
        <Pill />
      </header>
      <div className="feed-body">
        <FeedContent onLookAtConnection={props.onLookAtConnection} />
      </div>
      <FeedHints />
    </section>
  );
}

function FeedContent({ onLookAtConnection }: { onLookAtConnection: () => void }) {
  const { t } = useTranslation();
  const { feed } = useStores();
  const total = useStore(feed, (state) => state.total);
  const filter = useStore(feed, (state) => state.filter);
  const problem = useStore(feed, (state) => state.problem);
  if (problem !== null) {
    return (
      <EmptyState
        icon={TriangleAlert}
        title={t('error.feed.title')}
        text={t('error.feed.text', { detail: problem })}
        action={{ label: t('common.tryAgain'), run: feed.retry }}
        problem
      />
    );
  }
  if (total !== 0) return <FeedList />;
  const showAll = (): void => feed.open({ view: 'all', text: '' });
  if (filter.text !== '') {
    return (
      <EmptyState
        icon={SearchX}
        title={t('empty.search.title', { text: filter.text })}
        text={t('empty.search.text')}
        action={{ label: t('empty.search.action'), run: () => feed.open({ ...filter, text: '' }) }}
      />
    );
  }
  if (filter.view === 'all') {
    return (
      <EmptyState
        icon={Inbox}
        title={t('empty.first.title')}
        text={t('empty.first.text')}
        action={{ label: t('empty.first.action'), run: onLookAtConnection }}
      />
    );
  }
  return (
    <EmptyState
      icon={filter.view === 'unread' ? CheckCheck : Bell}
      title={t(`empty.${filter.view}.title`)}
      text={t(`empty.${filter.view}.text`)}
      action={{ label: t(`empty.${filter.view}.action`), run: showAll }}
    />
  );
}

/** What waits while the order is held. Pressing it goes to the top and lets it in. */
function Pill() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { feed } = useStores();
  const waiting = useStore(feed, (state) => state.waiting);
  if (waiting === 0) return null;
  return (
    <button
      type="button"
      className="pill"
      data-testid="pill"
      title={t('feed.pillHint')}
      onClick={() => {
        feed.release();
        focusFeed();
      }}
    >
      <ArrowUp size={16} aria-hidden />
      {t('feed.pill', { count: waiting, n: formats.number(waiting) })}
    </button>
  );
}
