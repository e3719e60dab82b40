import { Menu } from '@base-ui/react/menu';
import {
  AlarmClock,
  Bell,
  BellOff,
  CheckCheck,
  Ellipsis,
  Mail,
  MailOpen,
  X,
  type LucideIcon,
} from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { MAX_SELECTED } from '../../../protocol/actions.ts';
import type { CommandId } from '../../commands/commands.ts';
import { useCommand } from '../../commands/context.ts';
import { SnoozeSubmenu } from '../../commands/snooze-items.tsx';
import { canAcknowledge, takesAcknowledgements } from '../../commands/subjects.ts';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { useClosedByArrival } from '../../state/use-closed-by-arrival.ts';
import { focusFeed } from '../../commands/focus.ts';
import { useFitting } from './use-fitting.ts';

interface Action {
  readonly id: CommandId;
  readonly icon: LucideIcon;
  readonly label: string;
}

/** What can be done to all selected contracts at once, and how many they are. In place of the hints below the list. */
export function BulkBar() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { cursor } = useStores();
  const { selected, cutOff } = useStore(cursor);
  return (
    <div className="bulk" role="toolbar" aria-label={t('bulk.label')} data-testid="bulk-bar">
      {cutOff && (
        <small className="bulk-note" role="status">
          {t('bulk.cutOff', { n: formats.number(MAX_SELECTED) })}
        </small>
      )}
      <span className="bulk-count" role="status">
        {t('bulk.selected', { count: selected.size, n: formats.number(selected.size) })}
      </span>
      <button
        type="button"
        className="button quiet small icon-only"
        aria-label={t('bulk.clear')}
        aria-keyshortcuts="Escape"
        title={`${t('bulk.clear')} (Esc)`}
        onClick={() => {
          cursor.clear();
          focusFeed();
        }}
      >
        <X size={16} aria-hidden />
      </button>
      <Actions selected={selected} />
    </div>
  );
}

/** In one line, whatever the language and the width: what finds no room stands in the menu “More”. */
function Actions({ selected }: { selected: ReadonlySet<string> }) {
  const { t } = useTranslation();
  const { feed, session } = useStores();
  const rows = useStore(feed, (state) => state.rows);
  const takes = useStore(session, (state) => takesAcknowledgements(state.session));
  const here = [...rows.values()].filter((row) => selected.has(row.contractId));
  const unread = here.some((row) => row.unread > 0);
  const muted = here.length > 0 && here.every((row) => row.muted);
  const actions: readonly Action[] = [
    {
      id: 'read',
      icon: unread ? MailOpen : Mail,
      label: t(unread ? 'bulk.markRead' : 'bulk.markUnread'),
    },
    ...(takes && here.some(canAcknowledge)
      ? [{ id: 'acknowledge', icon: CheckCheck, label: t('bulk.acknowledge') } as const]
      : []),
    { id: 'snooze', icon: AlarmClock, label: t('bulk.snooze') },
    { id: 'mute', icon: muted ? Bell : BellOff, label: t(muted ? 'bulk.unmute' : 'bulk.mute') },
  ];
  const [line, setLine] = useState<HTMLElement | null>(null);
  const fitting = useFitting(line, actions.map(({ label }) => label).join());
  return (
    <>
      <div className="bulk-actions" ref={setLine}>
        {actions.map((action, index) => (
          <ActionButton key={action.id} {...action} hidden={index >= fitting} />
        ))}
      </div>
      {fitting < actions.length && <More actions={actions.slice(fitting)} selected={selected} />}
    </>
  );
}

function ActionButton({ id, icon: Icon, label, hidden }: Action & { hidden: boolean }) {
  const command = useCommand(id);
  return (
    <button
      type="button"
      className="button small"
      style={hidden ? { visibility: 'hidden' } : undefined}
      aria-keyshortcuts={command.ariaKeys}
      title={`${label} (${command.shortcut})`}
      onClick={() => command.run({ inList: true })}
    >
      <Icon size={16} aria-hidden />
      <span>{label}</span>
      <kbd className="kbd" aria-hidden>
        {command.shortcut}
      </kbd>
    </button>
  );
}

function More({ actions, selected }: { actions: readonly Action[]; selected: ReadonlySet<string> }) {
  const closing = useClosedByArrival();
  const { t } = useTranslation();
  return (
    <Menu.Root actionsRef={closing}>
      <Menu.Trigger className="button quiet small bulk-more">
        <Ellipsis size={16} aria-hidden />
        {t('pane.more')}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" side="top" sideOffset={4} align="end">
          <Menu.Popup className="popup menu" aria-label={t('bulk.label')}>
            {actions.map((action) =>
              action.id === 'snooze' ? (
                <SnoozeItem key={action.id} {...action} selected={selected} />
              ) : (
                <MoreItem key={action.id} {...action} />
              ),
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function MoreItem({ id, icon: Icon, label }: Action) {
  const command = useCommand(id);
  return (
    <Menu.Item className="menu-item" onClick={() => command.run({ inList: true })}>
      <Icon size={16} aria-hidden />
      {label}
      <kbd className="kbd" aria-hidden>
        {command.shortcut}
      </kbd>
    </Menu.Item>
  );
}

function SnoozeItem({ id, label, selected }: Action & { selected: ReadonlySet<string> }) {
  const { current, cursor } = useStores();
  const { shortcut } = useCommand(id);
  const subjects = useMemo(() => current.subjectsFor([...selected]), [current, selected]);
  return (
    <SnoozeSubmenu
      subjects={subjects}
      label={label}
      keys={
        <kbd className="kbd" aria-hidden>
          {shortcut}
        </kbd>
      }
      onOpen={() => cursor.setState({ menuIds: subjects.ids })}
    />
  );
}
