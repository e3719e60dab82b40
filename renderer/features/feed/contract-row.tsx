import { Check, TextQuote } from 'lucide-react';
import { memo, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractRow as Row } from '../../../protocol/view.ts';
import { inSentence } from '../../../protocol/wire-text.ts';
import { useFormats } from '../../i18n/context.ts';
import { titleLabel } from '../../i18n/words.ts';
import { SeverityIcon } from '../../ui/severity-icon.tsx';
import { StatusTransition } from '../../ui/status-chip.tsx';
import { RelativeTime } from '../../ui/time.tsx';
import { rowId } from '../../commands/focus.ts';
import { snippetOf } from '../../ui/highlight.ts';
import { Highlighted } from '../../ui/highlighted.tsx';
import { foundIn } from './found-in.ts';
import { RowTags } from './row-tags.tsx';

interface RowProps {
  readonly row: Row;
  /** Position in the view, from 0. */
  readonly index: number;
  /** Rows in the view. */
  readonly total: number;
  /** CSS px from the top of the list. */
  readonly start: number;
  /** Searched for, folded. */
  readonly words: readonly string[];
  readonly active: boolean;
  /** Open beside the list. */
  readonly open: boolean;
  readonly selected: boolean;
  /** A menu is open for it. */
  readonly asked: boolean;
  readonly entered: boolean;
}

/** A row's cells in the order in which they are heard. */
const HEARD = ['title', 'change', 'meta', 'amount', 'time', 'severity'] as const;

/**
 * One contract as its latest change shows it: what it is, then what happened; in one line when compact. Most updates only
 * move it: what it says is drawn apart, and only when that has changed.
 */
export const ContractRow = memo(function ContractRow(props: RowProps) {
  const { row, index, total, start, words, active, open, selected, asked, entered } = props;
  // Whether it slides in is settled when it appears, and it does so once: moved in the page, it would begin anew.
  const [slidesIn, setSlidesIn] = useState(entered);
  const id = useId();
  const unread = row.unread > 0;
  const classes = [
    'row',
    unread && 'unread',
    row.actionRequired && row.acknowledgement === 'none' && !row.snoozed && 'needs-you',
    row.snoozed && 'put-off',
    active && 'active',
    open && 'open',
    selected && 'selected',
    asked && 'asked',
    slidesIn && 'slides-in',
  ];
  return (
    <div
      id={rowId(index)}
      className={classes.filter(Boolean).join(' ')}
      style={{ transform: `translateY(${start}px)` }}
      role="row"
      aria-rowindex={index + 1}
      aria-posinset={index + 1}
      aria-setsize={total}
      // Heard in another order than it is seen: what it is, what happened, what is to be done; how grave it is comes last.
      aria-labelledby={HEARD.map((part) => `${id}${part}`).join(' ')}
      // “Not selected” on each row would be heard before anything else of the next one.
      aria-selected={selected || undefined}
      aria-current={open || undefined}
      data-testid="row"
      data-contract-id={row.contractId}
      data-unread={unread}
      onAnimationEnd={() => setSlidesIn(false)}
    >
      <RowContent id={id} row={row} words={words} selected={selected} />
    </div>
  );
}, sameProps);

interface RowContentProps extends Pick<RowProps, 'row' | 'words' | 'selected'> {
  /** Each cell's id begins with it. */
  readonly id: string;
}

const RowContent = memo(function RowContent({ id, row, words, selected }: RowContentProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <div className="row-content" role="presentation">
      <div className="row-line" role="presentation">
        <div className="row-severity" role="gridcell" id={`${id}severity`}>
          <SeverityIcon severity={row.severity} />
          {/* For the pointer; the keyboard has x, and the row says whether it is selected. */}
          <span className="row-box" aria-hidden title={t('bulk.select')} data-testid="row-select">
            <span>{selected && <Check size={12} strokeWidth={3} />}</span>
          </span>
        </div>
        <div className="row-title" role="gridcell" id={`${id}title`}>
          <span className="truncate" title={row.title}>
            <Highlighted text={titleLabel(t, row.title)} words={words} />
          </span>
          {row.unread > 0 && (
            <span className="sr-only">
              {t('feed.unread', { count: row.unread, n: formats.number(row.unread) })}
            </span>
          )}
        </div>
        <div className="row-amount" role="gridcell" id={`${id}amount`}>
          {row.amount && formats.amount(row.amount)}
        </div>
        <div className="row-time" role="gridcell" id={`${id}time`}>
          <RelativeTime time={row.time} />
        </div>
      </div>
      <div className="row-line" role="presentation">
        <div className="row-meta" role="gridcell" id={`${id}meta`}>
          <RowTags row={row} />
          <Context row={row} words={words} />
        </div>
        <div className="row-change" role="gridcell" id={`${id}change`}>
          <StatusTransition from={row.from} to={row.to} />
        </div>
      </div>
    </div>
  );
});

/** Number and parties; or what the search found where the row would not show it. */
function Context({ row, words }: { row: Row; words: readonly string[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const found = foundIn(row, words);
  const { moreParties: more } = row;
  const left =
    more === undefined ? [] : [t('contract.moreParties', { count: more, n: formats.number(more) })];
  const text = found ?? [...row.counterparties.map((party) => inSentence(party.name)), ...left].join(', ');
  return (
    <>
      <span className="row-number" title={row.contractId}>
        <Highlighted text={row.contractId} words={words} />
      </span>
      {found !== null && <TextQuote size={14} aria-hidden />}
      <span className={found === null ? 'truncate' : 'truncate found'} title={text}>
        {found !== null && <span className="sr-only">{t('mark.found', { text: '' })}</span>}
        <Highlighted text={found === null ? text : snippetOf(text, words)} words={words} />
      </span>
    </>
  );
}

/** `entered` counts only when it appears. */
function sameProps(a: RowProps, b: RowProps): boolean {
  return (
    a.row === b.row &&
    a.index === b.index &&
    a.total === b.total &&
    a.start === b.start &&
    a.words === b.words &&
    a.active === b.active &&
    a.open === b.open &&
    a.selected === b.selected &&
    a.asked === b.asked
  );
}

/** Where a row will be. */
export function PlaceholderRow({ start }: { start: number }) {
  return (
    <div className="row placeholder" style={{ transform: `translateY(${start}px)` }} aria-hidden>
      <div className="skeleton" />
      <div className="skeleton" />
    </div>
  );
}
