import { useVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type MouseEvent,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { wordsOf } from '../../../protocol/text.ts';
import { locate } from '../../state/active-row.ts';
import { useStores } from '../../state/context.ts';
import { useAfter } from '../../ui/hooks.ts';
import { ContractRow, PlaceholderRow } from './contract-row.tsx';
import { FEED_ID, pointOfRow, rowId } from '../../commands/focus.ts';
import { useHold } from './use-hold.ts';
import { usePointerOver } from './use-pointer-over.ts';
import { usePress } from './use-press.ts';
import { useRowLayout } from './use-row-height.ts';
import { useSteadyOrder } from './use-steady-order.ts';

/** Rows drawn beyond the edges of the screen. */
const OVERSCAN = 8;
/**
 * Where more come at once, none of them slides: nobody can follow them with the eye, and moving every row of the list costs
 * each frame of the motion.
 */
const MAX_SLIDING = 4;
/** Until the first answer: enough to fill a screen with placeholders. */
const BEFORE_ANSWER = 12;

/**
 * The virtualised list over main's view. One tab stop: the focus stays on the grid and
 * `aria-activedescendant` names the row, so that it cannot be lost when rows come and go
 * (https://www.w3.org/WAI/ARIA/apg/practices/keyboard-interface/#kbd_focus_activedescendant).
 */
export function FeedList() {
  const { t } = useTranslation();
  const { feed, contract, cursor, place } = useStores();
  const rows = useStore(feed, (state) => state.rows);
  const total = useStore(feed, (state) => state.total);
  const held = useStore(feed, (state) => state.held);
  const text = useStore(feed, (state) => state.filter.text);
  const entered = useStore(feed, (state) => state.entered);
  const openId = useStore(contract, (state) => state.openId);
  const active = useStore(cursor, (state) => state.active);
  const menu = useStore(cursor, (state) => state.menu);
  const selected = useStore(cursor, (state) => state.selected);
  const scroller = useRef<HTMLDivElement>(null);
  const pointerOver = usePointerOver(scroller);
  const press = usePress();
  const words = useMemo(() => wordsOf(text), [text]);
  /** Where it was, in rows, before another screen took its place. */
  const [back] = useState(() => cursor.getState().left);
  const [atTop, setAtTop] = useState((back ?? 0) === 0);
  const [focused, setFocused] = useState(back !== null);
  const { height: rowHeight, stacked } = useRowLayout();
  // A list that answers at once never flashes; one that is scrolled shows at once where its rows will be.
  const slow = useAfter(total === null, 150);

  const count = total ?? BEFORE_ANSWER;
  const activeIndex = locate(active, rows, count);
  // oxlint-disable-next-line react/incompatible-library -- this window is not built with the React Compiler
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    initialOffset: () => (back ?? 0) * rowHeight,
    rangeExtractor: (range) => withActive(range, activeIndex),
  });
  const measured = useRef(rowHeight);
  useLayoutEffect(() => {
    if (measured.current === rowHeight) return;
    // Another density or text: what stood at the top stays there.
    const top = (scroller.current?.scrollTop ?? 0) / measured.current;
    measured.current = rowHeight;
    virtualizer.measure();
    scroller.current?.scrollTo({ top: top * rowHeight });
  }, [rowHeight, virtualizer]);

  const live = !held && atTop;
  const placed = useSteadyOrder(virtualizer.getVirtualItems(), rows, live);
  const first = virtualizer.range?.startIndex;
  const last = virtualizer.range?.endIndex;
  useEffect(() => {
    // Unknown until it has been laid out.
    if (total !== null && first !== undefined && last !== undefined) feed.show(first, last);
  }, [feed, total, first, last]);
  useLayoutEffect(() => {
    const list = scroller.current;
    // What had the focus is gone with the other screen; what lies over the window keeps it.
    if (back !== null && document.activeElement === document.body) list?.focus({ preventScroll: true });
    if (document.activeElement !== list) setFocused(false);
    cursor.comeBack();
    return () => {
      if (list && place.getState().screen !== 'list') cursor.leave(list.scrollTop / measured.current);
    };
  }, [back, cursor, place]);
  useHold({ atTop, pointerOver, focusedIndex: focused ? activeIndex : null });
  useScrolling(scroller, rowHeight, back !== null, (index) =>
    virtualizer.scrollToIndex(index, { align: 'auto' }),
  );

  function onContextMenu(event: MouseEvent): void {
    event.preventDefault();
    const at = (event.target as Element).closest<HTMLElement>('[aria-rowindex]')?.ariaRowIndex;
    // From the keyboard the event is the list's own, not a row's.
    const index = at ? Number(at) - 1 : cursor.index();
    const row = rows.get(index);
    if (!row) return;
    const point = at ? { x: event.clientX, y: event.clientY } : pointOfRow(index);
    // As in file managers: what lies outside the selection is meant alone.
    if (!selected.has(row.contractId)) cursor.clear();
    const ids = selected.has(row.contractId) ? [...selected] : [row.contractId];
    // While a contract is open it stays the active one: the menu says what it is for, and its row is marked.
    if (openId === null) cursor.touch(index);
    cursor.openMenu({ kind: 'actions', ids, ...point });
  }

  const slides = entered.size <= MAX_SLIDING;
  const style = { '--row-height': `${rowHeight}px` } as CSSProperties;
  const classes = [
    'feed-list',
    live && slides && 'live',
    selected.size > 0 && 'selecting',
    stacked && 'stacked',
  ];
  return (
    <div
      ref={scroller}
      id={FEED_ID}
      className={classes.filter(Boolean).join(' ')}
      style={style}
      // A grid’s rows may not say their place among all; they would be counted by those that are drawn.
      role="treegrid"
      tabIndex={0}
      data-testid="feed"
      aria-label={t('feed.label')}
      aria-description={t('feed.keys')}
      aria-rowcount={total ?? -1}
      aria-busy={total === null}
      aria-readonly
      aria-multiselectable
      aria-activedescendant={rows.has(activeIndex) ? rowId(activeIndex) : undefined}
      onScroll={(event) => {
        setAtTop(event.currentTarget.scrollTop < 4);
        cursor.setPage(Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeight) - 1));
      }}
      {...press}
      onContextMenu={onContextMenu}
      onFocus={() => {
        setFocused(true);
        cursor.setPage(Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1));
      }}
      onBlur={() => setFocused(false)}
    >
      <div
        className={total === null ? 'feed-rows' : 'feed-rows known'}
        role="presentation"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {placed.map(({ index, start }) => {
          const row = rows.get(index);
          // Of a list whose length is known, the ground shows where the missing rows will be.
          if (!row) return total === null && slow && <PlaceholderRow key={`#${index}`} start={start} />;
          return (
            <ContractRow
              key={row.key}
              row={row}
              index={index}
              total={count}
              start={start}
              words={words}
              active={
                index === activeIndex && (openId === null || openId === row.contractId || selected.size > 0)
              }
              asked={menu?.ids.includes(row.contractId) ?? false}
              // Beside selected rows it would look like one of them.
              open={row.contractId === openId && selected.size === 0}
              selected={selected.has(row.contractId)}
              entered={slides && entered.has(row.key)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Another view begins at its top; a change of order that could not be held back is scrolled away; the cursor is followed. */
function useScrolling(
  scroller: { readonly current: HTMLElement | null },
  rowHeight: number,
  isBack: boolean,
  scrollTo: (index: number) => void,
): void {
  const { feed, cursor } = useStores();
  const opened = useStore(feed, (state) => state.opened);
  const shift = useStore(feed, (state) => state.shift);
  const moves = useStore(cursor, (state) => state.moves);
  const newest = useRef({ rowHeight, scrollTo });
  // What went before is done with where the list comes back as it was left.
  const done = useRef(isBack ? { opened, shift, moves } : { opened: 0, shift, moves: 0 });
  useLayoutEffect(() => {
    newest.current = { rowHeight, scrollTo };
  });
  useLayoutEffect(() => {
    if (opened !== done.current.opened) scroller.current?.scrollTo({ top: 0 });
  }, [opened, scroller]);
  useLayoutEffect(() => {
    if (shift !== done.current.shift)
      scroller.current?.scrollBy({ top: shift.rows * newest.current.rowHeight });
  }, [shift, scroller]);
  useLayoutEffect(() => {
    if (moves !== done.current.moves) newest.current.scrollTo(cursor.getState().movedTo);
  }, [moves, cursor]);
}

/** The active row stays in the document, or `aria-activedescendant` would point nowhere. */
function withActive(range: Range, activeIndex: number): number[] {
  const indices = defaultRangeExtractor(range);
  if (activeIndex < 0 || indices.includes(activeIndex)) return indices;
  return [...indices, activeIndex].sort((a, b) => a - b);
}
