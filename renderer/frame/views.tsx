import { LayoutDashboard } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { openView } from '../commands/commands.ts';
import { useCommand } from '../commands/context.ts';
import { useCountsKnown } from '../state/use-counts-known.ts';
import { useFormats } from '../i18n/context.ts';
import { sameFilter } from '../state/saved-store.ts';
import { useStores } from '../state/context.ts';
import { VIEWS, type ViewEntry } from './view-list.ts';

/** The views with their counts, and the overview. */
export function Views() {
  const { t } = useTranslation();
  const { place } = useStores();
  const screen = useStore(place, (state) => state.screen);
  const overview = useCommand('overview');
  return (
    <nav className="views" aria-label={t('views.label')}>
      {VIEWS.map((view) => (
        <View key={view.name} view={view} />
      ))}
      <button
        type="button"
        className="view"
        data-view="overview"
        aria-current={screen === 'overview' ? 'page' : undefined}
        title={`${overview.label} (${overview.shortcut})`}
        onClick={() => overview.run()}
      >
        <LayoutDashboard size={16} aria-hidden />
        <span className="truncate">{t('saved.overview')}</span>
      </button>
    </nav>
  );
}

function View({ view }: { view: ViewEntry }) {
  const { t } = useTranslation();
  const stores = useStores();
  const { name, icon: Icon } = view;
  const command = useCommand(view.command);
  const present = useIsPresentView(name);
  const filter = useStore(stores.feed, (state) => state.filter);
  return (
    <button
      type="button"
      className="view"
      data-view={name}
      aria-current={present ? 'page' : undefined}
      title={`${t(`views.${name}`)} (${command.shortcut})`}
      // Words and conditions stay: another view of the same question.
      onClick={() => openView(stores, present ? { view: name, text: '' } : { ...filter, view: name })}
    >
      <Icon size={16} aria-hidden />
      <span className="truncate">{t(`views.${name}`)}</span>
      <ViewCount view={view} />
    </button>
  );
}

export function ViewCount({ view }: { view: ViewEntry }) {
  const formats = useFormats();
  const { feed } = useStores();
  const number = useStore(feed, (state) => state.counts?.[view.count]);
  const known = useCountsKnown();
  if (number === undefined || !known) return null;
  return (
    <span className={number > 0 ? `view-count ${view.tone}` : 'view-count'}>{formats.number(number)}</span>
  );
}

/** A view is where the person is unless a saved view of the same filter is. */
function useIsPresentView(name: ViewEntry['name']): boolean {
  const { feed, place, saved } = useStores();
  const filter = useStore(feed, (state) => state.filter);
  const views = useStore(saved, (state) => state.views);
  const onList = useStore(place, (state) => state.screen === 'list');
  return onList && filter.view === name && !views.some((view) => sameFilter(view.filter, filter));
}
