import { CircleQuestionMark, History, TriangleAlert, Unlink, UserRound } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { isAddressable } from '../../../protocol/addressable.ts';
import { isStatusCode, STATUSES } from '../../../protocol/statuses.ts';
import type { ContractDetail, TimelineEntry } from '../../../protocol/view.ts';
import { inSentence } from '../../../protocol/wire-text.ts';
import { useFormats } from '../../i18n/context.ts';
import { fetchText } from '../../i18n/standing-words.ts';
import { namingContract } from '../../state/api.ts';
import { useStores } from '../../state/context.ts';
import { gapsOf, reachOf } from '../../state/standing.ts';
import { useNow } from '../../ui/hooks.ts';
import { SeverityIcon } from '../../ui/severity-icon.tsx';
import { StatusTransition } from '../../ui/status-chip.tsx';
import { ExactTime, RelativeTime } from '../../ui/time.tsx';

/** Main sends no more than this many entries. */
const MOST = 500;

/** Everything that happened, newest first, with who, why in full, and exactly when. */
export function Timeline({ detail }: { detail: ContractDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { contract } = useStores();
  const fresh = useStore(contract, (state) => state.fresh);
  const { timeline, earlierVersions, hasGap } = detail;
  const trimmed = timeline.length >= MOST;
  return (
    <section className="timeline" aria-labelledby="timeline-title">
      <h3 id="timeline-title">{t('contract.timeline')}</h3>
      {hasGap && (
        <p className="incomplete-note" role="note">
          <TriangleAlert size={16} aria-hidden />
          <IncompleteNote contractId={detail.row.contractId} />
        </p>
      )}
      <ol data-testid="timeline">
        {timeline.map((entry, index) => (
          // A server that counts anew uses ids again.
          <Fragment key={`${entry.eventId} ${entry.version} ${entry.to}`}>
            <Entry contractId={detail.row.contractId} entry={entry} fresh={fresh.has(entry.eventId)} />
            <Gap missing={entry.version - (timeline[index + 1]?.version ?? entry.version - 1) - 1} />
          </Fragment>
        ))}
      </ol>
      {(trimmed || earlierVersions > 0) && (
        <p className="muted timeline-end">
          <History size={16} aria-hidden />
          <span>
            {trimmed
              ? t('contract.trimmed', { count: timeline.length, n: formats.number(timeline.length) })
              : t('contract.earlier', { count: earlierVersions, n: formats.number(earlierVersions) })}
          </span>
        </p>
      )}
    </section>
  );
}

/** That something is missing, and what is being done about it: by the same facts as the receipt. */
function IncompleteNote({ contractId }: { contractId: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { connection, receipt } = useStores();
  const reach = reachOf(useStore(connection, (state) => state.status));
  const told = useStore(receipt, (state) => state.receipt);
  const server = { reach, canFetch: (told?.canFetch ?? true) && isAddressable(contractId) };
  const doing = fetchText(t, formats, gapsOf(told, contractId), server, useNow(1000));
  return <span>{[t('contract.incomplete'), doing].filter(Boolean).join(' ')}</span>;
}

/** Versions count without gaps: where they jump, something is missing, and this is the place. */
function Gap({ missing }: { missing: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (missing <= 0) return null;
  return (
    <li className="entry-gap">
      <Unlink size={16} aria-hidden />
      {t('contract.gap', { count: missing, n: formats.number(missing) })}
    </li>
  );
}

function Entry(props: {
  readonly contractId: string;
  readonly entry: TimelineEntry;
  readonly fresh: boolean;
}) {
  const { contractId, entry, fresh } = props;
  const { t } = useTranslation();
  const { from, to, actorName, reasonText, severity, time, unusual } = entry;
  const reasonMissing = !reasonText && isStatusCode(to) && STATUSES[to].reasonRequired;
  return (
    <li className={fresh ? 'entry fresh' : 'entry'} data-event-id={entry.eventId} data-unread={entry.unread}>
      <SeverityIcon severity={severity} />
      <div className="entry-body">
        <div className="entry-head">
          <StatusTransition from={from} to={to} />
          {fresh && <span className="entry-new">{t('contract.new')}</span>}
          {unusual && (
            <span className="entry-unusual" title={t('contract.unusualText')}>
              <CircleQuestionMark size={14} aria-hidden />
              {t('contract.unusual')}
            </span>
          )}
          <ReadMark contractId={contractId} entry={entry} />
        </div>
        <p className="entry-facts muted">
          {actorName && (
            <span className="entry-actor">
              <UserRound size={14} aria-hidden />
              {t('contract.by', { name: inSentence(actorName) })}
            </span>
          )}
          <ExactTime time={time} />
          <RelativeTime time={time} onlyRecent />
        </p>
        {reasonText && <blockquote className="selectable">{reasonText}</blockquote>}
        {reasonMissing && <p className="muted">{t('contract.reasonNone')}</p>}
      </div>
    </li>
  );
}

/** Each change has its own mark: what was looked at once can wait to be looked at again. */
function ReadMark({ contractId, entry }: { contractId: string; entry: TimelineEntry }) {
  const { t } = useTranslation();
  const { contract, current, notice } = useStores();
  const { eventId, unread } = entry;
  const mark = (): Promise<void> =>
    namingContract(current.titleOf(contractId), () => contract.markEventRead(contractId, eventId, unread));
  const label = t(unread ? 'pane.eventRead' : 'pane.eventUnread');
  return (
    <button
      type="button"
      className="read-mark"
      aria-label={label}
      title={label}
      onClick={() => void notice.attempt(mark)}
    >
      <span aria-hidden />
    </button>
  );
}
