import { Menu } from '@base-ui/react/menu';
import {
  Bell,
  BellOff,
  CheckCheck,
  Copy,
  ExternalLink,
  FileText,
  Mail,
  MailOpen,
  SquareCheck,
  type LucideIcon,
} from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { specOf, type CommandId } from '../../commands/commands.ts';
import { useCommand } from '../../commands/context.ts';
import { SnoozeItems, SnoozeSubmenu } from '../../commands/snooze-items.tsx';
import { nameInSentence } from '../../i18n/words.ts';
import { useStores } from '../../state/context.ts';
import { useClosedByArrival } from '../../state/use-closed-by-arrival.ts';
import type { Subjects } from '../../state/current.ts';
import type { RowMenu as Shown } from '../../state/selection-store.ts';
import { focusAfter } from '../../ui/focus-home.ts';
import { FirstItem } from './first-item.tsx';
import { contractName } from '../../../protocol/wire-text.ts';

/** The menu of a row or of the selection: by right click, by keyboard, or to choose until when to snooze. */
export function RowMenu() {
  const closing = useClosedByArrival();
  const { cursor } = useStores();
  const menu = useStore(cursor, (state) => state.menu);
  return (
    <Menu.Root
      open={menu !== null}
      onOpenChange={(open) => !open && cursor.closeMenu()}
      modal={false}
      actionsRef={closing}
    >
      {menu && <Popup menu={menu} />}
    </Menu.Root>
  );
}

function Popup({ menu }: { menu: Shown }) {
  const { t } = useTranslation();
  const { current } = useStores();
  const { x, y, kind, ids } = menu;
  const anchor = useMemo(() => ({ getBoundingClientRect: () => new DOMRect(x, y, 0, 0) }), [x, y]);
  const subjects = useMemo(() => current.subjectsFor(ids), [current, ids]);
  const [row] = ids.length === 1 ? subjects.rows : [];
  const words = kind === 'snooze' ? 'snooze' : 'rowMenu';
  const label = row
    ? t(`${words}.labelFor`, { name: nameInSentence(contractName(row)) })
    : t(`${words}.label`);
  const [before] = useState(() => document.activeElement);
  return (
    <Menu.Portal>
      <Menu.Positioner className="popup-layer" anchor={anchor} align="start" sideOffset={4}>
        <Menu.Popup
          className="popup menu"
          aria-label={label}
          data-testid={`${kind === 'snooze' ? 'snooze' : 'row'}-menu`}
          finalFocus={() => focusAfter(before)}
        >
          {row && <p className="menu-note menu-for">{contractName(row)}</p>}
          <FirstItem />
          {kind === 'snooze' ? <SnoozeItems subjects={subjects} /> : <ActionItems subjects={subjects} />}
        </Menu.Popup>
      </Menu.Positioner>
    </Menu.Portal>
  );
}

function ActionItems({ subjects }: { subjects: Subjects }) {
  const { t } = useTranslation();
  const { cursor } = useStores();
  const { ids, rows } = subjects;
  const one = ids.length === 1;
  const unread = rows.some((row) => row.unread > 0);
  const muted = rows.length > 0 && rows.every((row) => row.muted);
  const selected = useStore(cursor, (state) => ids.every((id) => state.selected.has(id)));
  return (
    <>
      {one && <Item id="open" icon={FileText} ids={ids} />}
      <Item
        id="read"
        ids={ids}
        icon={unread ? MailOpen : Mail}
        label={t(unread ? 'rowMenu.markRead' : 'rowMenu.markUnread')}
      />
      <Item id="acknowledge" icon={CheckCheck} ids={ids} />
      <SnoozeSubmenu subjects={subjects} label={t('snooze.label')} keys={<Keys id="snooze" />} />
      <Item
        id="mute"
        ids={ids}
        icon={muted ? Bell : BellOff}
        label={t(muted ? 'rowMenu.unmute' : 'rowMenu.mute')}
      />
      <Menu.Separator className="menu-line" />
      {one && <Item id="copy" icon={Copy} ids={ids} />}
      {one && <Item id="portal" icon={ExternalLink} ids={ids} />}
      {one && (
        <Item
          id="select"
          ids={ids}
          icon={SquareCheck}
          label={t(selected ? 'rowMenu.deselect' : 'rowMenu.select')}
        />
      )}
    </>
  );
}

/** A command in a menu; absent where it makes no sense now. */
function Item(props: {
  readonly id: CommandId;
  readonly icon: LucideIcon;
  readonly label?: string;
  /** Contracts the menu was opened for. */
  readonly ids: readonly string[];
}) {
  const { id, icon: Icon, label, ids } = props;
  const where = { inList: true, ids };
  const stores = useStores();
  const command = useCommand(id);
  const { when } = specOf(id);
  if (when && !when(stores, where)) return null;
  return (
    <Menu.Item className="menu-item" onClick={() => command.run(where)}>
      <Icon size={16} aria-hidden />
      {label ?? command.label}
      <Keys id={id} />
    </Menu.Item>
  );
}

function Keys({ id }: { id: CommandId }) {
  const { shortcut } = useCommand(id);
  return shortcut === null ? null : (
    <kbd className="kbd" aria-hidden>
      {shortcut}
    </kbd>
  );
}
