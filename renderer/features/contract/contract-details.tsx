import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ContractDetail } from '../../../protocol/view.ts';
import { useFormats } from '../../i18n/context.ts';
import { actorKindLabel } from '../../i18n/words.ts';

/** What is seldom asked for: numbers and codes, folded away, to be selected and copied. */
export function ContractDetails({ detail }: { detail: ContractDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { row, timeline } = detail;
  const last = timeline[0];
  return (
    <details className="contract-details">
      <summary>
        <ChevronRight size={16} aria-hidden />
        {t('common.details')}
      </summary>
      <dl className="facts selectable">
        <dt>{t('contract.number')}</dt>
        <dd>{row.contractId}</dd>
        <dt>{t('contract.version')}</dt>
        <dd>{formats.number(row.version)}</dd>
        {row.counterparties.map(({ id, name }, index) => (
          <PartyNumber key={`${index} ${id}`} id={id} name={name} />
        ))}
        {last && (
          <>
            <dt>{t('contract.lastEvent')}</dt>
            <dd>{last.eventId}</dd>
            {last.actorKind && (
              <>
                <dt>{t('contract.actorKind')}</dt>
                <dd>{actorKindLabel(t, last.actorKind)}</dd>
              </>
            )}
            {last.reasonCode && (
              <>
                <dt>{t('contract.reasonCode')}</dt>
                <dd>{last.reasonCode}</dd>
              </>
            )}
          </>
        )}
      </dl>
    </details>
  );
}

function PartyNumber({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  return (
    <>
      <dt>{t('contract.partyId')}</dt>
      <dd>
        {id} <span className="muted">{name}</span>
      </dd>
    </>
  );
}
