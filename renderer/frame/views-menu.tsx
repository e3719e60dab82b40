import { Menu } from '@base-ui/react/menu';
import { Bookmark, ChevronDown, LayoutDashboard } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { openView } from '../commands/commands.ts';
import { useCommand } from '../commands/context.ts';
import { useCountsKnown } from '../state/use-counts-known.ts';
import { useFormats } from '../i18n/context.ts';
import { sameFilter } from '../state/saved-store.ts';
import { useStores } from '../state/context.ts';
import { useClosedByArrival } from '../state/use-closed-by-arrival.ts';
import { VIEWS, type ViewEntry } from './view-list.ts';
import { ViewCount } from './views.tsx';

/** Where there is no room for the views beside the list: one button that names the present one and offers all. */
export function ViewsMenu() {
  const closing = useClosedByArrival();
  const { t } = useTranslation();
  const formats = useFormats();
  const stores = useStores();
  const { feed, saved, place } = stores;
  const filter = useStore(feed, (state) => state.filter);
  const views = useStore(saved, (state) => state.views);
  const onList = useStore(place, (state) => state.screen === 'list');
  const countsKnown = useCountsKnown();
  const overview = useCommand('overview');
  const present = views.find((view) => sameFilter(view.filter, filter));
  const name = onList ? (present?.name ?? t(`views.${filter.view}`)) : t('saved.overview');
  return (
    <Menu.Root modal={false} actionsRef={closing}>
      <Menu.Trigger className="views-button" data-testid="views-menu" title={t('saved.all')}>
        <h2 className="truncate">{name}</h2>
        <ChevronDown size={16} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" align="start" sideOffset={4}>
          <Menu.Popup className="popup menu views-popup" aria-label={t('views.label')}>
            {VIEWS.map((view) => (
              <ViewItem
                key={view.name}
                view={view}
                current={onList && !present && filter.view === view.name}
              />
            ))}
            <Menu.Item className="menu-item" data-view="overview" onClick={() => overview.run()}>
              <LayoutDashboard size={16} aria-hidden />
              <span className="truncate">{t('saved.overview')}</span>
            </Menu.Item>
            {views.length > 0 && <Menu.Separator className="menu-line" />}
            {views.map((view, at) => (
              <Menu.Item
                key={view.savedId}
                className="menu-item"
                aria-current={onList && view === present ? 'page' : undefined}
                onClick={() => openView(stores, view.filter)}
              >
                <Bookmark size={16} aria-hidden />
                <span className="truncate">{view.name}</span>
                {at < 9 && (
                  <kbd className="kbd" aria-hidden>
                    {at + 1}
                  </kbd>
                )}
                {countsKnown && <span className="view-count">{formats.number(view.count)}</span>}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function ViewItem({ view, current }: { view: ViewEntry; current: boolean }) {
  const { t } = useTranslation();
  const command = useCommand(view.command);
  const { icon: Icon, name } = view;
  return (
    <Menu.Item
      className="menu-item"
      data-view={name}
      aria-current={current ? 'page' : undefined}
      onClick={() => command.run()}
    >
      <Icon size={16} aria-hidden />
      <span className="truncate">{t(`views.${name}`)}</span>
      <kbd className="kbd" aria-hidden>
        {command.shortcut}
      </kbd>
      <ViewCount view={view} />
    </Menu.Item>
  );
}
