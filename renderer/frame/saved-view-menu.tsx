import { Menu } from '@base-ui/react/menu';
import {
  ArrowDown,
  ArrowUp,
  Bell,
  CalendarClock,
  Check,
  ChevronRight,
  Ellipsis,
  Pencil,
  RefreshCw,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { VIEW_RULES, type RemindDays, type SavedView, type ViewRule } from '../../protocol/filter.ts';
import { REMIND_CHOICES, remindText } from '../i18n/remind-words.ts';
import { sameFilter } from '../state/saved-store.ts';
import { useStores } from '../state/context.ts';
import { useClosedByArrival } from '../state/use-closed-by-arrival.ts';

/** What can be done with a saved view besides opening it. */
export function SavedViewMenu(props: {
  readonly view: SavedView;
  readonly onMove: (by: number) => void;
  readonly onRename: () => void;
  readonly onRemove: () => void;
}) {
  const closing = useClosedByArrival();
  const { t } = useTranslation();
  const { saved, feed, notice } = useStores();
  const { view, onMove, onRename, onRemove } = props;
  const changed = useStore(feed, (state) => !sameFilter(state.filter, view.filter));
  return (
    <Menu.Root modal={false} actionsRef={closing}>
      <Menu.Trigger className="view-menu" aria-label={t('saved.options', { name: view.name })}>
        <Ellipsis size={16} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" align="start" sideOffset={4}>
          <Menu.Popup className="popup menu">
            <Menu.Item className="menu-item" onClick={onRename}>
              <Pencil size={16} aria-hidden />
              {t('saved.rename')}
            </Menu.Item>
            {changed && (
              <Menu.Item
                className="menu-item"
                onClick={() => void notice.attempt(() => saved.change(view.savedId, feed.getState().filter))}
              >
                <RefreshCw size={16} aria-hidden />
                {t('saved.update')}
              </Menu.Item>
            )}
            <Menu.Item className="menu-item" onClick={() => onMove(-1)}>
              <ArrowUp size={16} aria-hidden />
              {t('saved.up')}
              <kbd className="kbd" aria-hidden>
                Alt ↑
              </kbd>
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => onMove(1)}>
              <ArrowDown size={16} aria-hidden />
              {t('saved.down')}
              <kbd className="kbd" aria-hidden>
                Alt ↓
              </kbd>
            </Menu.Item>
            <Menu.Separator className="menu-line" />
            <RuleSubmenu view={view} />
            <RemindSubmenu view={view} />
            <Menu.Separator className="menu-line" />
            <Menu.Item className="menu-item" onClick={onRemove}>
              <Trash2 size={16} aria-hidden />
              {t('saved.delete')}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** What of the view is told outside the window. */
function RuleSubmenu({ view }: { view: SavedView }) {
  const { t } = useTranslation();
  const { saved, notice } = useStores();
  return (
    <Submenu
      icon={Bell}
      name={t('saved.notify')}
      label={t('saved.notifyFor', { name: view.name })}
      choices={VIEW_RULES.map((rule) => ({ value: rule, label: t(`saved.rule.${rule}`) }))}
      value={view.notify}
      note={t('saved.ruleNote')}
      onChoose={(notify: ViewRule) =>
        void notice.attempt(() => saved.setNotifications(view.savedId, { notify }))
      }
    />
  );
}

/** How long before a due date, and that on the day, is reminded of it. */
function RemindSubmenu({ view }: { view: SavedView }) {
  const { t } = useTranslation();
  const { saved, notice } = useStores();
  return (
    <Submenu
      icon={CalendarClock}
      name={t('saved.remind')}
      label={t('saved.remindFor', { name: view.name })}
      choices={REMIND_CHOICES.map((days) => ({ value: days, label: remindText(t, days) }))}
      value={view.remindDays}
      note={t('saved.remindNote')}
      onChoose={(remindDays: RemindDays | null) =>
        void notice.attempt(() => saved.setNotifications(view.savedId, { remindDays }))
      }
    />
  );
}

function Submenu<T extends string | number | null>(props: {
  readonly icon: LucideIcon;
  readonly name: string;
  readonly label: string;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly value: T;
  readonly note: string;
  readonly onChoose: (value: T) => void;
}) {
  const { icon: Icon, name, label, choices, value, note, onChoose } = props;
  return (
    <Menu.SubmenuRoot>
      <Menu.SubmenuTrigger className="menu-item">
        <Icon size={16} aria-hidden />
        {name}
        <ChevronRight className="menu-more" size={16} aria-hidden />
      </Menu.SubmenuTrigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" sideOffset={4}>
          <Menu.Popup className="popup menu" aria-label={label}>
            <Menu.RadioGroup value={value} onValueChange={onChoose}>
              {choices.map((choice) => (
                <Menu.RadioItem key={choice.value} value={choice.value} className="menu-item" closeOnClick>
                  <span className="menu-check">
                    <Menu.RadioItemIndicator>
                      <Check size={16} aria-hidden />
                    </Menu.RadioItemIndicator>
                  </span>
                  {choice.label}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <p className="menu-note">{note}</p>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.SubmenuRoot>
  );
}
