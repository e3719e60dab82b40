import { useVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../stores/context.ts';
import { locate, type ActiveRow } from '../stores/active-row.ts';
import { ContractRow, PlaceholderRow, rowId } from './contract-row.tsx';
import { FEED_ID } from './focus.ts';
import { wantsHold } from './hold.ts';
import { useFeedKeys } from './use-feed-keys.ts';

/** CSS px; the style sheet takes it from here. */
export const ROW_HEIGHT = 56;
/** Rows drawn beyond the edges of the screen. */
const OVERSCAN = 8;
/** Until the first answer: enough to fill a screen with placeholders. */
const BEFORE_ANSWER = 12;

/**
 * The virtualised list over main's view. One tab stop: the focus stays on the grid and
 * `aria-activedescendant` names the row, so that it cannot be lost when rows come and go
 * (https://www.w3.org/WAI/ARIA/apg/practices/keyboard-interface/#kbd_focus_activedescendant).
 */
export function FeedList() {
  const { t } = useTranslation();
  const { feed, contract } = useStores();
  const rows = useStore(feed, (state) => state.rows);
  const total = useStore(feed, (state) => state.total);
  const held = useStore(feed, (state) => state.held);
  const view = useStore(feed, (state) => state.filter.view);
  const viewId = useStore(feed, (state) => state.viewId);
  const opened = useStore(feed, (state) => state.opened);
  const shift = useStore(feed, (state) => state.shift);
  const entered = useStore(feed, (state) => state.entered);
  const openId = useStore(contract, (state) => state.openId);
  const scroller = useRef<HTMLDivElement>(null);

  const [atTop, setAtTop] = useState(true);
  const [pointerOver, setPointerOver] = useState(false);
  const [focused, setFocused] = useState(false);
  const [active, setActive] = useState<ActiveRow>({ index: 0, key: null });

  const count = total ?? BEFORE_ANSWER;
  const activeIndex = locate(active, rows, count);
  // oxlint-disable-next-line react/incompatible-library -- this window is not built with the React Compiler
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    rangeExtractor: (range) => withActive(range, activeIndex),
  });

  const items = virtualizer.getVirtualItems();
  const first = virtualizer.range?.startIndex ?? 0;
  const last = virtualizer.range?.endIndex ?? BEFORE_ANSWER - 1;
  useEffect(() => {
    if (total !== null) feed.show(first, last);
  }, [feed, total, first, last]);

  const hold = wantsHold({
    atTop,
    pointerOver,
    focusedIndex: focused ? activeIndex : null,
    view,
    contractOpen: openId !== null,
  });
  useEffect(() => feed.setHeld(hold), [feed, hold, viewId]);
  // An empty view shows no list, and nothing would let go of what was held before it was known to be empty.
  useEffect(() => () => feed.setHeld(false), [feed]);

  // Another view begins at its top; a change of order that could not be held back is scrolled away.
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    setActive({ index: 0, key: null });
  }, [opened]);
  useLayoutEffect(() => {
    if (shift.rows !== 0) scroller.current?.scrollBy({ top: shift.rows * ROW_HEIGHT });
  }, [shift]);

  function activate(index: number): void {
    setActive({ index, key: rows.get(index)?.key ?? null });
    virtualizer.scrollToIndex(index, { align: 'auto' });
  }
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
  useFeedKeys({ list: scroller, activeIndex, total: total ?? 0, page, activate });

  const style = { '--row-height': `${ROW_HEIGHT}px` } as CSSProperties;
  return (
    <div
      ref={scroller}
      id={FEED_ID}
      className={held || !atTop ? 'feed-list' : 'feed-list live'}
      style={style}
      role="grid"
      tabIndex={0}
      data-testid="feed"
      aria-label={t('feed.label')}
      aria-description={t('feed.keys')}
      aria-rowcount={total ?? -1}
      aria-busy={total === null}
      aria-readonly
      aria-activedescendant={rows.has(activeIndex) ? rowId(activeIndex) : undefined}
      onScroll={(event) => setAtTop(event.currentTarget.scrollTop < 4)}
      onPointerEnter={() => setPointerOver(true)}
      onPointerLeave={() => setPointerOver(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <div className="feed-rows" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows.get(index);
          if (!row) return <PlaceholderRow key={`#${index}`} start={start} />;
          return (
            <ContractRow
              key={row.key}
              row={row}
              index={index}
              start={start}
              active={index === activeIndex}
              selected={row.contractId === openId}
              entered={entered.has(row.key)}
              onOpen={() => {
                setActive({ index, key: row.key });
                contract.open(row.contractId);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The active row stays in the document, or `aria-activedescendant` would point nowhere. */
function withActive(range: Range, activeIndex: number): number[] {
  const indices = defaultRangeExtractor(range);
  if (activeIndex < 0 || indices.includes(activeIndex)) return indices;
  return [...indices, activeIndex].sort((a, b) => a - b);
}
