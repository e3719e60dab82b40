import { CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { AwayItem, AwaySummary } from '../../../protocol/away.ts';
import { useFormats } from '../../i18n/context.ts';
import { awayText } from '../../i18n/standing-words.ts';
import { spanText } from '../../i18n/words.ts';
import { useStores } from '../../state/context.ts';
import { reachOf } from '../../state/standing.ts';
import { useNow } from '../../ui/hooks.ts';
import { AwayContract } from './away-contract.tsx';

/** What happened during an absence: whether all of it is here, what needs the person first, then the rest. */
export function AwaySummaryView(props: {
  readonly summary: AwaySummary;
  readonly onOpen: (contractId: string) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(20_000);
  const { summary, onOpen } = props;
  const { since, until, contracts, items } = summary;
  const needed = items.filter((item) => item.actionRequired);
  const others = items.filter((item) => !item.actionRequired);
  const left = contracts - items.length;
  return (
    <div className="away-summary">
      <p className="muted">
        {spanText(t, formats, since, until, now)}
        {' · '}
        {t('away.contracts', { count: contracts, n: formats.number(contracts) })}
      </p>
      <AwayReceipt summary={summary} />
      {needed.length > 0 && <Items title={t('away.needsYou')} items={needed} onOpen={onOpen} />}
      {others.length > 0 && (
        <Items title={needed.length > 0 ? t('away.others') : undefined} items={others} onOpen={onOpen} />
      )}
      {left > 0 && <p className="muted">{t('away.more', { count: left, n: formats.number(left) })}</p>}
    </div>
  );
}

/** That none is missing, or what is: the promise of this app, kept in one line. */
function AwayReceipt({ summary }: { summary: AwaySummary }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { connection, receipt } = useStores();
  const reach = reachOf(useStore(connection, (state) => state.status));
  const told = useStore(receipt, (state) => state.receipt);
  const { text, tone } = awayText(t, formats, summary, told, reach, useNow(1000));
  const Icon = tone === 'complete' ? CircleCheck : tone === 'missing' ? TriangleAlert : CircleDashed;
  return (
    <p className={`away-receipt ${tone}`} data-testid="away-receipt">
      <Icon size={16} aria-hidden />
      <span>{text}</span>
    </p>
  );
}

function Items(props: {
  readonly title: string | undefined;
  readonly items: readonly AwayItem[];
  readonly onOpen: (contractId: string) => void;
}) {
  const { title, items, onOpen } = props;
  return (
    <section className="away-items">
      {title !== undefined && <h3>{title}</h3>}
      <ul>
        {items.map((item) => (
          <AwayContract key={item.contractId} item={item} onOpen={() => onOpen(item.contractId)} />
        ))}
      </ul>
    </section>
  );
}
