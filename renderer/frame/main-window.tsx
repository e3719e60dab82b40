import { lazy, Suspense, useEffect, useState, type CSSProperties, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { CommandKeys } from '../commands/command-keys.tsx';
import { MacContext } from '../ui/mac.ts';
import { AwayBanner } from '../features/away/away-banner.tsx';
import { AwayDialog } from '../features/away/away-dialog.tsx';
import { AwayPanel } from '../features/away/away-panel.tsx';
import { Announcer } from '../features/feed/announcer.tsx';
import { Feed } from '../features/feed/feed.tsx';
import { ContractPane } from '../features/contract/contract-pane.tsx';
import { CheatSheet } from '../features/palette/cheat-sheet.tsx';
import { Palette } from '../features/palette/palette.tsx';
import { useStores } from '../state/context.ts';
import { PANE_BOUNDS, usualListWidth } from '../state/layout-store.ts';
import { THREE_PANES, TWO_PANES } from '../ui/appearance.ts';
import { useWindowWidth } from '../ui/hooks.ts';
import { RefusedBanner } from '../features/settings/refused-banner.tsx';
import { SettingsBanner } from '../features/settings/settings-banner.tsx';
import { SettingsDialog } from '../features/settings/settings-dialog.tsx';
import { Splitter } from '../ui/splitter.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { Notices } from './notices.tsx';
import { SessionBanner } from './session-banner.tsx';
import { SaveViewDialog } from './save-view-dialog.tsx';
import { Sidebar } from './sidebar.tsx';
import { StorageBanner } from './storage-banner.tsx';
import { TitleBar } from './title-bar.tsx';
import { Toasts, ToldInPane } from './toasts.tsx';
import { ViewsMenu } from './views-menu.tsx';
import './frame.css';

const loadOverview = () => import('../features/overview/overview-screen.tsx');
// Figures and what draws them are fetched when there is time, or when they are asked for.
const OverviewScreen = lazy(async () => ({ default: (await loadOverview()).OverviewScreen }));

const onMac = navigator.userAgent.includes('Macintosh');

/** What came during an absence takes the place of what usually stands in the empty contract pane. */
const orAbsence = (usual: ReactNode): ReactNode => <AwayPanel otherwise={usual} />;

/** Three panes from 1100 px, two from 760 px, one with a way back below. */
export function MainWindow() {
  const { layout, contract, place, settings } = useStores();
  const { sidebarCollapsed, sidebarWidth, listWidth: chosen } = useStore(layout);
  const windowWidth = useWindowWidth();
  const density = useStore(settings, (state) => state.settings.density);
  const listWidth = chosen ?? usualListWidth(windowWidth, density);
  const opened = useStore(contract, (state) => state.openId !== null);
  const roomy = windowWidth >= THREE_PANES;
  const two = windowWidth >= TWO_PANES;
  const overview = useStore(place, (state) => state.screen === 'overview');
  const inSettings = useStore(place, (state) => state.overlay === 'settings');
  const [receiptOpen, setReceiptOpen] = useState(false);
  const sidebar = roomy && !sidebarCollapsed;
  useEffect(() => {
    const waiting = requestIdleCallback(() => void loadOverview());
    return () => cancelIdleCallback(waiting);
  }, []);

  const widths = {
    // In proportion to the text, as the window's width is: px at 100 %.
    '--sidebar-width': `${sidebarWidth / 16}rem`,
    '--list-width': `${listWidth / 16}rem`,
  } as CSSProperties;
  return (
    <MacContext value={onMac}>
      <div className="window" style={widths}>
        <CommandKeys />
        <TitleBar receiptOpen={receiptOpen} onReceiptOpen={setReceiptOpen} />
        <main className="panes">
          {sidebar && (
            <>
              <Sidebar />
              <Splitter
                pane="sidebar"
                width={sidebarWidth}
                bounds={PANE_BOUNDS.sidebar}
                onResize={(width) => layout.resize('sidebar', width)}
                onRestore={() => layout.restore('sidebar')}
              />
            </>
          )}
          {overview ? (
            <Suspense fallback={null}>
              <OverviewScreen />
            </Suspense>
          ) : (
            <>
              <Feed
                viewsMenu={sidebar ? null : <ViewsMenu />}
                canShowSidebar={roomy && sidebarCollapsed}
                alone={!two}
                covered={!two && opened}
                onLookAtConnection={() => setReceiptOpen(true)}
              />
              {two && (
                <Splitter
                  pane="list"
                  width={listWidth}
                  bounds={PANE_BOUNDS.list}
                  onResize={(width) => layout.resize('list', width)}
                  onRestore={() => layout.restore('list')}
                />
              )}
              {(two || opened) && <ContractPane alone={!two} told={<ToldInPane />} whenEmpty={orAbsence} />}
            </>
          )}
          <Toasts />
        </main>
        {/* Below the panes: what comes and goes here moves nothing that is being read. */}
        <div className="banners">
          {(!two || opened || overview) && <AwayBanner />}
          <SettingsBanner />
          <RefusedBanner />
          <StorageBanner />
          <SessionBanner />
          <Notices />
        </div>
        <Announcer />
        <Palette />
        <CheatSheet />
        <SaveViewDialog />
        <SettingsDialog question={<LeaveDialog />} />
        {/* The settings have their own: a question stands above what it was asked from. */}
        {!inSettings && <LeaveDialog />}
        <AwayDialog />
      </div>
    </MacContext>
  );
}
