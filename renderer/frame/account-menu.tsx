import { Menu } from '@base-ui/react/menu';
import { ClipboardCopy, Eraser, LogOut, Settings2, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { hostOf } from '../i18n/words.ts';
import { useStores } from '../state/context.ts';
import { useClosedByArrival } from '../state/use-closed-by-arrival.ts';
import { Kbd } from '../ui/kbd.tsx';

export function AccountMenu() {
  const closing = useClosedByArrival();
  const { t } = useTranslation();
  const { session, notice, place, leave } = useStores();
  const { session: view, appVersion } = useStore(session);
  if (view.state !== 'signed_in') return null;
  const name = view.userName || view.username;
  return (
    <>
      <Menu.Root actionsRef={closing}>
        <Menu.Trigger className="account" aria-label={t('account.menu', { name })} title={name}>
          <UserRound size={16} aria-hidden />
          <span className="truncate">{name}</span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="popup-layer" sideOffset={6} align="end">
            <Menu.Popup className="popup menu">
              <div className="account-who">
                <strong className="truncate">{name}</strong>
                <span className="muted truncate" title={view.server}>
                  {hostOf(view.server)}
                </span>
                {!view.remembered && <p className="muted">{t('account.notRemembered')}</p>}
              </div>
              <Menu.Item className="menu-item" onClick={() => place.show('settings')}>
                <Settings2 size={16} aria-hidden />
                {t('settings.title')}
                <span className="menu-aside">
                  <Kbd shortcut="Mod+," />
                </span>
              </Menu.Item>
              <Menu.Item className="menu-item" onClick={() => void notice.copyDiagnostics()}>
                <ClipboardCopy size={16} aria-hidden />
                {t('account.copySupport')}
              </Menu.Item>
              <Menu.Item className="menu-item" onClick={() => void leave.ask('sign_out')}>
                <LogOut size={16} aria-hidden />
                {t('account.signOut')}
              </Menu.Item>
              <Menu.Item className="menu-item" onClick={() => void leave.ask('erase')}>
                <Eraser size={16} aria-hidden />
                {t('settings.erase.action')}
              </Menu.Item>
              {appVersion && (
                <p className="account-version">{t('signIn.version', { version: appVersion })}</p>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </>
  );
}
