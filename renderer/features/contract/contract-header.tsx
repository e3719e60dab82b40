import { useTranslation } from 'react-i18next';
import type { ContractRow } from '../../../protocol/view.ts';
import { isDueSettled } from '../../../protocol/statuses.ts';
import { inSentence } from '../../../protocol/wire-text.ts';
import { useFormats } from '../../i18n/context.ts';
import { dueTone, toInstant } from '../../i18n/format.ts';
import { dueText, roleLabel, titleLabel } from '../../i18n/words.ts';
import { useNow } from '../../ui/hooks.ts';
import { ExactTime } from '../../ui/time.tsx';

export function ContractHeader({ row }: { row: ContractRow }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <header className="contract-header selectable">
      <h2>{titleLabel(t, row.title)}</h2>
      <p className="contract-number muted">{row.contractId}</p>
      <dl>
        <div>
          <dt>{t('contract.parties')}</dt>
          <dd>
            {row.counterparties.length === 0 ? (
              <span className="muted">{t('contract.noParties')}</span>
            ) : (
              row.counterparties.map(({ id, name, role }, index) => (
                <span key={`${index} ${id}`} className="party">
                  {inSentence(name)}
                  {role && <span className="muted"> · {roleLabel(t, role)}</span>}
                </span>
              ))
            )}
            {row.moreParties !== undefined && (
              <span className="party muted">
                {t('contract.moreParties', { count: row.moreParties, n: formats.number(row.moreParties) })}
              </span>
            )}
          </dd>
        </div>
        {row.amount && (
          <div>
            <dt>{t('contract.amount')}</dt>
            <dd className="contract-amount">{formats.amount(row.amount)}</dd>
          </div>
        )}
        {row.dueAt !== null && <DueFact dueAt={row.dueAt} status={row.to} />}
      </dl>
    </header>
  );
}

function DueFact({ dueAt, status }: { dueAt: string; status: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(20_000);
  const instant = toInstant(dueAt);
  const due = instant === null || isDueSettled(status) ? null : formats.due(instant, now);
  return (
    <div>
      <dt>{t('contract.due')}</dt>
      <dd>
        <ExactTime time={dueAt} />
        {due && due.kind !== 'date' && (
          <span className={`due-note due-${dueTone(due)}`}>{dueText(t, formats, due)}</span>
        )}
      </dd>
    </div>
  );
}
