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
import { specOf, type CommandId } from '../commands/commands.ts';
import { useCommand } from '../commands/context.ts';
import { subjectsFor, type Subjects } from '../commands/subjects.ts';
import { useStores } from '../stores/context.ts';
import type { RowMenu as Shown } from '../stores/cursor-store.ts';
import { FEED_ID } from './focus.ts';
import { FirstItem } from './first-item.tsx';
import { SnoozeItems, SnoozeSubmenu } from './snooze-items.tsx';

/** The menu of a row or of the selection: by right click, by keyboard, or to choose until when to snooze. */
export function RowMenu() {
  const { cursor } = useStores();
  const menu = useStore(cursor, (state) => state.menu);
  return (
    <Menu.Root open={menu !== null} onOpenChange={(open) => !open && cursor.closeMenu()} modal={false}>
      {menu && <Popup menu={menu} />}
    </Menu.Root>
  );
}

function Popup({ menu }: { menu: Shown }) {
  const { t } = useTranslation();
  const stores = useStores();
  const { x, y, kind, ids } = menu;
  const anchor = useMemo(() => ({ getBoundingClientRect: () => new DOMRect(x, y, 0, 0) }), [x, y]);
  const subjects = useMemo(() => subjectsFor(stores, ids), [stores, ids]);
  const [before] = useState(() => document.activeElement);
  return (
    <Menu.Portal>
      <Menu.Positioner className="popup-layer" anchor={anchor} align="start" sideOffset={4}>
        <Menu.Popup
          className="popup menu"
          aria-label={t(kind === 'snooze' ? 'snooze.label' : 'rowMenu.label')}
          data-testid={`${kind === 'snooze' ? 'snooze' : 'row'}-menu`}
          finalFocus={() => (before instanceof HTMLElement ? before : document.getElementById(FEED_ID))}
        >
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
      {one && <Item id="open" icon={FileText} />}
      <Item
        id="read"
        icon={unread ? MailOpen : Mail}
        label={t(unread ? 'rowMenu.markRead' : 'rowMenu.markUnread')}
      />
      <Item id="acknowledge" icon={CheckCheck} />
      <SnoozeSubmenu subjects={subjects} label={t('snooze.label')} keys={<Keys id="snooze" />} />
      <Item id="mute" icon={muted ? Bell : BellOff} label={t(muted ? 'rowMenu.unmute' : 'rowMenu.mute')} />
      <Menu.Separator className="menu-line" />
      {one && <Item id="copy" icon={Copy} />}
      {one && <Item id="portal" icon={ExternalLink} />}
      <Item
        id="select"
        icon={SquareCheck}
        label={t(selected && one ? 'rowMenu.deselect' : 'rowMenu.select')}
      />
    </>
  );
}

/** A command in a menu; absent where it makes no sense now. */
function Item({ id, icon: Icon, label }: { id: CommandId; icon: LucideIcon; label?: string }) {
  const stores = useStores();
  const command = useCommand(id);
  const { when } = specOf(id);
  if (when && !when(stores, { inList: true })) return null;
  return (
    <Menu.Item className="menu-item" onClick={() => command.run({ inList: true })}>
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
