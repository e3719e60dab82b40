import { ChevronRight, Sparkle } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { titleLabel } from '../../i18n/words.ts';
import type { AwayItem } from '../../../protocol/away.ts';
import { useFormats } from '../../i18n/context.ts';
import { SeverityIcon } from '../../ui/severity-icon.tsx';
import { StatusChip, StatusTransition } from '../../ui/status-chip.tsx';
import { ExactTime } from '../../ui/time.tsx';

/** The net change of one contract; the way there is one click away. */
export function AwayContract({ item, onOpen }: { item: AwayItem; onOpen: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [shown, setShown] = useState(false);
  const { contractId, title, counterparty, from, to, severity, path, steps } = item;
  const earlier = steps - path.length;
  return (
    <li className="away-item" data-testid="away-item" data-contract-id={contractId}>
      <SeverityIcon severity={severity} />
      <div className="away-item-body">
        <div className="away-head">
          <button type="button" className="away-open truncate" onClick={onOpen}>
            {titleLabel(t, title)}
          </button>
          <button type="button" className="away-steps" aria-expanded={shown} onClick={() => setShown(!shown)}>
            <ChevronRight size={14} aria-hidden />
            {t('away.steps', { count: steps, n: formats.number(steps) })}
          </button>
        </div>
        {counterparty !== null && <p className="muted truncate">{counterparty}</p>}
        <div className="away-net">
          {from === null && (
            <span className="away-new">
              <Sparkle size={14} aria-hidden />
              {t('away.isNew')}
            </span>
          )}
          <StatusTransition from={from} to={to} />
        </div>
        {shown && (
          <ol className="away-path">
            {earlier > 0 && (
              <li className="muted">
                {t('away.stepsEarlier', { count: earlier, n: formats.number(earlier) })}
              </li>
            )}
            {path.map((step, index) => (
              <li key={index}>
                <StatusChip code={step.to} />
                <span className="muted">
                  {step.actorName !== null && `${t('contract.by', { name: step.actorName })} · `}
                  <ExactTime time={step.time} />
                </span>
              </li>
            ))}
          </ol>
        )}
      </div>
    </li>
  );
}
