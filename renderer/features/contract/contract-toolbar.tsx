import { Menu } from '@base-ui/react/menu';
import {
  AlarmClock,
  ArrowLeft,
  Bell,
  BellOff,
  Copy,
  Ellipsis,
  ExternalLink,
  Mail,
  MailOpen,
  X,
  type LucideIcon,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ContractDetail, ContractRow } from '../../../protocol/view.ts';
import { SnoozeItems } from '../../commands/snooze-items.tsx';
import { useStores } from '../../state/context.ts';
import { useClosedByArrival } from '../../state/use-closed-by-arrival.ts';
import { Button } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { useContractActions } from './use-contract-actions.ts';

/** What can be done with the open contract. What finds no room as a button stands in the menu “More”. */
export function ContractToolbar({ alone, onClose }: { alone: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { contract } = useStores();
  const detail = useStore(contract, (state) => state.detail);
  return (
    <div className="contract-toolbar" role="toolbar" aria-label={t('contract.label')}>
      {alone && (
        <Button look="quiet" small icon={ArrowLeft} onClick={onClose} shortcut="Escape">
          {t('common.back')}
        </Button>
      )}
      {detail && <ContractActions detail={detail} />}
      {!alone && (
        <Button
          className="contract-close"
          look="quiet"
          small
          icon={X}
          aria-label={t('contract.close')}
          title={`${t('contract.close')} (Esc)`}
          onClick={onClose}
        />
      )}
    </div>
  );
}

interface More {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly shortcut: string;
  readonly run: () => void;
}

function ContractActions({ detail }: { detail: ContractDetail }) {
  const closing = useClosedByArrival();
  const { t } = useTranslation();
  const { row, portalUrl } = detail;
  const contractActions = useContractActions(row);
  const unread = row.unread > 0;
  const more: readonly More[] = [
    {
      icon: row.muted ? Bell : BellOff,
      label: t(row.muted ? 'pane.unmute' : 'pane.mute'),
      shortcut: 'm',
      run: contractActions.toggleMute,
    },
    portalUrl === null
      ? { icon: ExternalLink, label: t('pane.portalSet'), shortcut: 'p', run: contractActions.setPortal }
      : { icon: ExternalLink, label: t('pane.portal'), shortcut: 'p', run: contractActions.openPortal },
    { icon: Copy, label: t('pane.copy'), shortcut: 'c', run: contractActions.copy },
  ];
  return (
    <>
      <Button
        look="quiet"
        small
        icon={unread ? MailOpen : Mail}
        shortcut="u"
        onClick={contractActions.toggleRead}
      >
        {t(unread ? 'contract.markRead' : 'contract.markUnread')}
      </Button>
      <SnoozeMenu row={row} />
      {more.map(({ icon, label, shortcut, run }) => (
        <Button
          key={shortcut}
          className="when-roomy"
          look="quiet"
          small
          icon={icon}
          shortcut={shortcut}
          onClick={run}
        >
          {label}
        </Button>
      ))}
      <Menu.Root actionsRef={closing}>
        <Menu.Trigger className="button quiet small when-tight">
          <Ellipsis size={16} aria-hidden />
          {t('pane.more')}
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="popup-layer" sideOffset={4} align="end">
            <Menu.Popup className="popup menu">
              {more.map(({ icon: Icon, label, shortcut, run }) => (
                <Menu.Item key={shortcut} className="menu-item" onClick={run}>
                  <Icon size={16} aria-hidden />
                  {label}
                  <span className="menu-aside">
                    <Kbd shortcut={shortcut} />
                  </span>
                </Menu.Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </>
  );
}

function SnoozeMenu({ row }: { row: ContractRow }) {
  const closing = useClosedByArrival();
  const { t } = useTranslation();
  const { cursor } = useStores();
  return (
    <Menu.Root
      onOpenChange={(open) => open && cursor.setState({ menuIds: [row.contractId] })}
      actionsRef={closing}
    >
      <Menu.Trigger className="button quiet small" aria-keyshortcuts="h">
        <AlarmClock size={16} aria-hidden />
        {t('pane.snooze')}
        <Kbd shortcut="h" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" sideOffset={4} align="start">
          <Menu.Popup className="popup menu">
            <SnoozeItems subjects={{ ids: [row.contractId], rows: [row] }} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
