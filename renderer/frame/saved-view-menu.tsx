import { Menu } from '@base-ui/react/menu';
import {
  ArrowDown,
  ArrowUp,
  Bell,
  Check,
  ChevronRight,
  Ellipsis,
  Pencil,
  RefreshCw,
  Trash2,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { VIEW_RULES, type SavedView, type ViewRule } from '../../protocol/filter.ts';
import { sameFilter } from '../state/saved-store.ts';
import { useStores } from '../state/context.ts';

/** What can be done with a saved view besides opening it. */
export function SavedViewMenu(props: {
  readonly view: SavedView;
  readonly onMove: (by: number) => void;
  readonly onRename: () => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const { saved, feed, notice } = useStores();
  const { view, onMove, onRename, onRemove } = props;
  const changed = useStore(feed, (state) => !sameFilter(state.filter, view.filter));
  return (
    <Menu.Root modal={false}>
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
    <Menu.SubmenuRoot>
      <Menu.SubmenuTrigger className="menu-item">
        <Bell size={16} aria-hidden />
        {t('saved.notify')}
        <ChevronRight className="menu-more" size={16} aria-hidden />
      </Menu.SubmenuTrigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" sideOffset={4}>
          <Menu.Popup className="popup menu" aria-label={t('saved.notifyFor', { name: view.name })}>
            <Menu.RadioGroup
              value={view.notify}
              onValueChange={(rule: ViewRule) => void notice.attempt(() => saved.setRule(view.savedId, rule))}
            >
              {VIEW_RULES.map((rule) => (
                <Menu.RadioItem key={rule} value={rule} className="menu-item" closeOnClick>
                  <span className="menu-check">
                    <Menu.RadioItemIndicator>
                      <Check size={16} aria-hidden />
                    </Menu.RadioItemIndicator>
                  </span>
                  {t(`saved.rule.${rule}`)}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <p className="menu-note">{t('saved.ruleNote')}</p>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.SubmenuRoot>
  );
}
