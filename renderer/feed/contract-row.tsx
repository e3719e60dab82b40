import {
  BellRing,
  Check,
  CircleAlert,
  CircleQuestionMark,
  Clock,
  History,
  SendHorizontal,
} from 'lucide-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AcknowledgementState, ContractRow as Row } from '../../protocol/view.ts';
import { useFormats } from '../i18n/context.ts';
import { useAfter } from '../ui/hooks.ts';
import { SeverityIcon } from '../ui/severity-icon.tsx';
import { StatusTransition } from '../ui/status-chip.tsx';
import { RelativeTime } from '../ui/time.tsx';
import { DueMark } from './due-mark.tsx';

export function rowId(index: number): string {
  return `row-${index}`;
}

interface RowProps {
  readonly row: Row;
  /** Position in the view, from 0. */
  readonly index: number;
  /** CSS px from the top of the list. */
  readonly start: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly entered: boolean;
  readonly onOpen: () => void;
}

/** One contract as its latest change shows it. Two lines: what it is, then what happened. */
export const ContractRow = memo(function ContractRow(props: RowProps) {
  const { row, index, start, active, selected, entered, onOpen } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  // Whether it slides in is settled when it appears; later batches must not start it anew.
  const [slidesIn] = useState(entered);
  const unread = row.unread > 0;
  const needsYou = row.actionRequired && row.acknowledgement === 'none';
  const parties = row.counterparties.map((party) => party.name).join(', ');
  const classes = [
    'row',
    unread && 'unread',
    needsYou && 'needs-you',
    active && 'active',
    selected && 'selected',
    slidesIn && 'slides-in',
  ];
  return (
    <div
      id={rowId(index)}
      className={classes.filter(Boolean).join(' ')}
      style={{ transform: `translateY(${start}px)` }}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={selected}
      data-testid="row"
      data-contract-id={row.contractId}
      data-unread={unread}
      onClick={onOpen}
    >
      <div className="row-content" role="presentation">
        <div className="row-line" role="presentation">
          <div className="row-severity" role="gridcell">
            <SeverityIcon severity={row.severity} />
          </div>
          <div className="row-title" role="gridcell">
            <span className="truncate" title={row.title}>
              {row.title || t('feed.untitled')}
            </span>
            {unread && (
              <span className="sr-only">
                {t('feed.unread', { count: row.unread, n: formats.number(row.unread) })}
              </span>
            )}
          </div>
          <div className="row-amount" role="gridcell">
            {row.amount && formats.amount(row.amount)}
          </div>
          <div className="row-time" role="gridcell">
            <RelativeTime time={row.time} />
          </div>
        </div>
        <div className="row-line" role="presentation">
          <div className="row-meta" role="gridcell">
            {needsYou && (
              <span className="tag needs" title={t('feed.needsYou')}>
                <BellRing size={14} aria-hidden />
                <span>{t('feed.needsYou')}</span>
              </span>
            )}
            <AcknowledgementTag state={row.acknowledgement} />
            {row.dueAt !== null && <DueMark dueAt={row.dueAt} status={row.to} />}
            {row.unusual && (
              <span className="tag" title={t('feed.unusual')}>
                <CircleQuestionMark size={14} aria-hidden />
                <span className="sr-only">{t('feed.unusual')}</span>
              </span>
            )}
            <span className="truncate" title={parties}>
              {parties}
            </span>
          </div>
          <div className="row-change" role="gridcell">
            <StatusTransition from={row.from} to={row.to} />
          </div>
        </div>
      </div>
    </div>
  );
}, sameProps);

/** `onOpen` is made anew each time and says nothing new. */
function sameProps(a: RowProps, b: RowProps): boolean {
  return (
    a.row === b.row &&
    a.index === b.index &&
    a.start === b.start &&
    a.active === b.active &&
    a.selected === b.selected
  );
}

const ACK_ICONS = {
  held: Clock,
  sending: SendHorizontal,
  sent: Check,
  failed: CircleAlert,
  superseded: History,
} as const;

function AcknowledgementTag({ state }: { state: AcknowledgementState }) {
  const { t } = useTranslation();
  if (state === 'none') return null;
  const Icon = ACK_ICONS[state];
  const label = t(`acknowledgement.${state}`);
  return (
    <span className={`tag ack-${state}`} title={label}>
      <Icon size={14} aria-hidden />
      <span>{label}</span>
    </span>
  );
}

/** Where a row will be: drawn only when it has not come within 150 ms. */
export function PlaceholderRow({ start }: { start: number }) {
  const late = useAfter(true, 150);
  return (
    <div className="row placeholder" style={{ transform: `translateY(${start}px)` }} aria-hidden>
      {late && (
        <>
          <div className="skeleton" />
          <div className="skeleton" />
        </>
      )}
    </div>
  );
}
