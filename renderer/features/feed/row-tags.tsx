import {
  AlarmClock,
  BellOff,
  BellRing,
  Check,
  CircleAlert,
  CircleQuestionMark,
  Clock,
  History,
  SendHorizontal,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { AcknowledgementState, ContractRow } from '../../../protocol/view.ts';
import { isConnected } from '../../state/standing.ts';
import { acknowledgementLabel, isPending } from '../../i18n/acknowledgement-words.ts';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { useNow } from '../../ui/hooks.ts';
import { DueMark } from './due-mark.tsx';

/** What is to be said of a contract besides its status: an icon each, with words where there is room. */
export function RowTags({ row }: { row: ContractRow }) {
  const { t } = useTranslation();
  const needsYou = row.actionRequired && row.acknowledgement === 'none';
  return (
    <>
      {needsYou && (
        // What is put off is not counted among what needs the person: it says so quietly.
        <span className={row.snoozed ? 'tag needs-later' : 'tag needs'} title={t('feed.needsYou')}>
          <BellRing size={14} aria-hidden />
          <span>{t('feed.needsYou')}</span>
        </span>
      )}
      <AcknowledgementTag state={row.acknowledgement} />
      {row.snoozed && <SnoozedTag until={row.snoozed.until} />}
      {row.dueAt !== null && <DueMark dueAt={row.dueAt} status={row.to} />}
      {row.muted && (
        <span className="tag" title={t('mark.muted')}>
          <BellOff size={14} aria-hidden />
          <span className="sr-only">{t('mark.muted')}</span>
        </span>
      )}
      {row.unusual && (
        <span className="tag" title={t('feed.unusual')}>
          <CircleQuestionMark size={14} aria-hidden />
          <span className="sr-only">{t('feed.unusual')}</span>
        </span>
      )}
    </>
  );
}

function SnoozedTag({ until }: { until: number | null }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(1000);
  const isOver = until !== null && until <= now;
  const time = until === null || isOver ? null : formats.moment(until, now);
  const label = isOver
    ? t('mark.snoozeOver')
    : time === null
      ? t('mark.snoozedChange')
      : t('mark.snoozedUntil', { time });
  return (
    <span className="tag snoozed" title={label}>
      <AlarmClock size={14} aria-hidden />
      <span className="sr-only">{label}</span>
      {time !== null && (
        <span className="tag-short" aria-hidden>
          {time}
        </span>
      )}
    </span>
  );
}

const ACK_ICONS = {
  held: Clock,
  sending: SendHorizontal,
  unconfirmed: Clock,
  sent: Check,
  failed: CircleAlert,
  superseded: History,
} as const;

function AcknowledgementTag({ state }: { state: AcknowledgementState }) {
  const { t } = useTranslation();
  const { connection } = useStores();
  const connected = useStore(connection, ({ status }) => isConnected(status));
  if (state === 'none') return null;
  const Icon = isPending(state) && !connected ? Clock : ACK_ICONS[state];
  const label = acknowledgementLabel(t, state, connected);
  return (
    <span className={`tag ack-${state}`} title={label}>
      <Icon size={14} aria-hidden />
      <span>{label}</span>
    </span>
  );
}
