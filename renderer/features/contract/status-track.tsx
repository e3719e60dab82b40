import { Check, Pause, Split, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isStatusCode, STATUSES } from '../../../protocol/statuses.ts';
import type { ContractDetail } from '../../../protocol/view.ts';
import { inSentence } from '../../../protocol/wire-text.ts';
import { useFormats } from '../../i18n/context.ts';
import { toInstant } from '../../i18n/format.ts';
import { useNow } from '../../ui/hooks.ts';
import { StatusChip } from '../../ui/status-chip.tsx';
import { familyOf } from '../../ui/status-family.ts';
import { useHasBeen } from './use-has-been.ts';
import { STAGES, stageStates } from './stages.ts';

/** Less than this is not worth counting, ms. */
const A_MINUTE = 60_000;

/** Where it stands, since when, what is usual next. */
export function StatusTrack({ detail }: { detail: ContractDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(20_000);
  const { to } = detail.row;
  const since = toInstant(detail.since);
  const hasBeen = useHasBeen(since);
  const states = stageStates(to, detail.timeline);
  const family = familyOf(to);
  return (
    <section className="track" aria-label={t('contract.stands')}>
      <ol className="stages">
        {STAGES.map((stage) => {
          const state = states[stage];
          const current = state === 'current';
          return (
            <li
              key={stage}
              className={current ? `current ${family}` : state}
              aria-current={current ? 'step' : undefined}
            >
              <span className="stage-mark" aria-hidden>
                {(state === 'passed' || (current && family === 'over_good')) && (
                  <Check size={12} strokeWidth={3} />
                )}
                {current && family === 'paused' && <Pause size={12} strokeWidth={3} />}
                {current && family === 'decision' && <Split size={12} strokeWidth={3} />}
                {current && family === 'over_bad' && <X size={12} strokeWidth={3} />}
              </span>
              <span className="stage-name">{t(`family.${stage}`)}</span>
              {current && <span className="sr-only">{t('contract.stageCurrent')}</span>}
            </li>
          );
        })}
      </ol>
      <p className="stands">
        <StatusChip code={to} large />
        {since === null ? (
          <span className="muted">{detail.since}</span>
        ) : (
          hasBeen && (
            <span className="muted">
              {t('contract.since', { time: formats.dateTime(since) })}
              {now - since >= A_MINUTE && ` · ${formats.span(now - since)}`}
            </span>
          )
        )}
      </p>
      <UsualNext code={to} />
    </section>
  );
}

function UsualNext({ code }: { code: string }) {
  const { t } = useTranslation();
  if (!isStatusCode(code)) {
    return (
      <p className="muted">{`${t('statusUnknown', { code: inSentence(code) })} ${t('contract.nextUnknown')}`}</p>
    );
  }
  // `viewed` may follow `viewed` (another party looks), but that is no step to wait for.
  const next = STATUSES[code].next.filter((each) => each !== code);
  if (next.length === 0) return <p className="muted">{t('contract.nextNone')}</p>;
  return (
    <p className="usual-next">
      <span className="muted">{t('contract.next')}</span>
      {next.map((each) => (
        <span key={each} className="usual">
          {each === 'previous' ? t('contract.nextPrevious') : t(`status.${each}`)}
        </span>
      ))}
    </p>
  );
}
