import { Menu } from '@base-ui/react/menu';
import { Popover } from '@base-ui/react/popover';
import { BookmarkPlus, Check, ListFilter, X } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useCommand } from '../../../commands/context.ts';
import { CONDITION_KEYS, type ConditionKey } from '../../../../protocol/filter.ts';
import { isPlain, plainOf, withCondition } from '../../../state/filters.ts';
import { sameFilter } from '../../../state/saved-store.ts';
import { useStores } from '../../../state/context.ts';
import { useClosedByArrival } from '../../../state/use-closed-by-arrival.ts';
import { FirstItem } from '../first-item.tsx';
import { focusFeed } from '../../../commands/focus.ts';
import { AmountEditor } from './amount-editor.tsx';
import { ChoiceEditor } from './choice-editor.tsx';
import { FilterChip } from './filter-chip.tsx';
import { SortMenu } from './sort-menu.tsx';
import { SpanEditor } from './span-editor.tsx';

/** What is asked of the list, as chips that can be changed and taken away, and in which order it stands. */
export function FilterBar() {
  const closing = useClosedByArrival();
  const { t } = useTranslation();
  const { feed, place, saved } = useStores();
  const filter = useStore(feed, (state) => state.filter);
  const views = useStore(saved, (state) => state.views);
  const [editing, setEditing] = useState<ConditionKey | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  const saveView = useCommand('save_view');
  const asked = CONDITION_KEYS.filter((key) => filter.conditions?.[key] !== undefined);
  const plain = isPlain(filter);
  const isSaved = views.some((view) => sameFilter(view.filter, filter));

  function edit(key: ConditionKey): void {
    place.hide('filter');
    setEditing(key);
  }

  return (
    <div
      ref={bar}
      className="filter-bar"
      role="group"
      aria-label={t('filter.label')}
      data-testid="filter-bar"
    >
      <AddMenu onChoose={edit} />
      {asked.map((key) => (
        <FilterChip
          key={key}
          of={key}
          onChange={() => setEditing(key)}
          onRemove={() => {
            feed.open(withCondition(filter, key, undefined));
            focusFeed();
          }}
        />
      ))}
      {(asked.length > 0 || filter.sort) && (
        <button
          type="button"
          className="button quiet small"
          title={t('filter.clearAll')}
          onClick={() => {
            feed.open(plainOf(filter));
            focusFeed();
          }}
        >
          <X size={16} aria-hidden />
          <span>{t('filter.clear')}</span>
        </button>
      )}
      <div className="filter-end">
        {!plain && !isSaved && (
          <button
            type="button"
            className="button quiet small"
            aria-keyshortcuts={saveView.ariaKeys}
            title={`${saveView.label} (${saveView.shortcut})`}
            onClick={() => saveView.run()}
          >
            <BookmarkPlus size={16} aria-hidden />
            <span>{t('saved.save')}</span>
          </button>
        )}
        <SortMenu />
      </div>
      <Popover.Root
        open={editing !== null}
        onOpenChange={(open) => !open && setEditing(null)}
        actionsRef={closing}
      >
        <Popover.Portal>
          <Popover.Positioner
            className="popup-layer"
            anchor={() => anchorOf(bar.current, editing)}
            align="start"
            sideOffset={4}
          >
            <Popover.Popup
              className="popup filter-editor"
              data-testid="filter-editor"
              aria-label={editing ? t(`filter.${editing}`) : undefined}
              finalFocus={() => anchorOf(bar.current, editing)}
            >
              {editing && EDITORS[editing](() => setEditing(null))}
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
    </div>
  );
}

/** The chip of that condition; the button that adds one while there is none. */
function anchorOf(bar: HTMLElement | null, key: ConditionKey | null): HTMLElement | null {
  const chip = bar?.querySelector<HTMLElement>(`[data-condition="${key}"] > button`);
  return chip ?? bar?.querySelector<HTMLElement>('.filter-add') ?? null;
}

const EDITORS: Readonly<Record<ConditionKey, (onDone: () => void) => ReactNode>> = {
  statuses: () => <ChoiceEditor of="statuses" />,
  severities: () => <ChoiceEditor of="severities" />,
  parties: () => <ChoiceEditor of="parties" />,
  actors: () => <ChoiceEditor of="actors" />,
  amount: (onDone) => <AmountEditor onDone={onDone} />,
  due: (onDone) => <SpanEditor of="due" onDone={onDone} />,
  period: (onDone) => <SpanEditor of="period" onDone={onDone} />,
};

function AddMenu({ onChoose }: { onChoose: (key: ConditionKey) => void }) {
  const { t } = useTranslation();
  const { feed, place } = useStores();
  const conditions = useStore(feed, (state) => state.filter.conditions);
  const open = useStore(place, (state) => state.overlay === 'filter');
  const command = useCommand('filter');
  return (
    <Menu.Root
      open={open}
      onOpenChange={(next) => (next ? place.show('filter') : place.hide('filter'))}
      modal={false}
    >
      <Menu.Trigger
        className="button small filter-add"
        aria-keyshortcuts={command.ariaKeys}
        title={`${command.label} (${command.shortcut})`}
      >
        <ListFilter size={16} aria-hidden />
        <span>{t('filter.add')}</span>
        <kbd className="kbd" aria-hidden>
          {command.shortcut}
        </kbd>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" align="start" sideOffset={4}>
          <Menu.Popup className="popup menu" data-testid="filter-menu">
            <FirstItem />
            {CONDITION_KEYS.map((key) => (
              <Menu.Item key={key} className="menu-item" onClick={() => onChoose(key)}>
                <span className="menu-check">
                  {conditions?.[key] !== undefined && <Check size={16} aria-hidden />}
                </span>
                {t(`filter.${key}`)}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
