import { Menu } from '@base-ui/react/menu';
import { ArrowDownNarrowWide, ArrowDownWideNarrow, Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { SORT_KEYS, type Sort, type SortKey } from '../../../../protocol/filter.ts';
import { sortOf, withSort } from '../../../state/filters.ts';
import { useStores } from '../../../state/context.ts';
import { useClosedByArrival } from '../../../state/use-closed-by-arrival.ts';

/** The end people mean first: the newest, the largest, the worst, but the soonest and A. */
const FALLING: ReadonlySet<SortKey> = new Set(['recent', 'amount', 'severity']);

export function SortMenu() {
  const closing = useClosedByArrival();
  const { t } = useTranslation();
  const { feed } = useStores();
  const filter = useStore(feed, (state) => state.filter);
  const { by, descending } = sortOf(filter);
  const direction = descending ? 'descending' : 'ascending';
  const Icon = descending ? ArrowDownWideNarrow : ArrowDownNarrowWide;
  const sort = (next: Sort): void => feed.open(withSort(feed.getState().filter, next));
  const hint = t(`sort.hint.${by}.${direction}`);
  return (
    <Menu.Root modal={false} actionsRef={closing}>
      <Menu.Trigger
        className="button quiet small sort-button"
        aria-label={`${t('sort.button', { name: t(`sort.${by}`) })}, ${hint}`}
        title={`${t('sort.button', { name: t(`sort.${by}`) })}, ${hint}`}
        data-testid="sort"
      >
        <Icon size={16} aria-hidden />
        <span className="truncate">{t(`sort.${by}`)}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" align="end" sideOffset={4}>
          <Menu.Popup className="popup menu" aria-label={t('sort.label')}>
            <Menu.RadioGroup
              value={by}
              onValueChange={(next: SortKey) => sort({ by: next, descending: FALLING.has(next) })}
            >
              {SORT_KEYS.map((key) => (
                <Menu.RadioItem key={key} value={key} className="menu-item" closeOnClick>
                  <span className="menu-check">
                    <Menu.RadioItemIndicator>
                      <Check size={16} aria-hidden />
                    </Menu.RadioItemIndicator>
                  </span>
                  {t(`sort.${key}`)}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <Menu.Separator className="menu-line" />
            <Menu.RadioGroup
              value={direction}
              onValueChange={(next: string) => sort({ by, descending: next === 'descending' })}
            >
              {(['descending', 'ascending'] as const).map((name) => (
                <Menu.RadioItem key={name} value={name} className="menu-item" closeOnClick>
                  <span className="menu-check">
                    <Menu.RadioItemIndicator>
                      <Check size={16} aria-hidden />
                    </Menu.RadioItemIndicator>
                  </span>
                  {t(`sort.${name}`)}
                  <span className="menu-hint">{t(`sort.hint.${by}.${name}`)}</span>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
