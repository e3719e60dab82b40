import { ArrowRight, Eye } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Amount } from '../../../protocol/event.ts';
import type { ContractDetail } from '../../../protocol/view.ts';
import { useFormats } from '../../i18n/context.ts';
import { toInstant } from '../../i18n/format.ts';
import { statusLabel } from '../../i18n/words.ts';
import { useNow } from '../../ui/hooks.ts';
import { StatusChip, StatusTransition } from '../../ui/status-chip.tsx';
import { sinceViewed } from './since-viewed.ts';

/** What changed since the person last looked, in one glance; the next time it is opened this is gone. */
export function SinceViewedCard({ detail }: { detail: ContractDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(20_000);
  const found = sinceViewed(detail);
  if (!found) return null;
  const { at, changes, status, amount, due, title } = found;
  const money = (value: Amount | null): string =>
    value ? formats.amount(value) : t('pane.sinceViewed.nothing');
  const date = (time: string | null): string => {
    const instant = time === null ? null : toInstant(time);
    return instant === null ? (time ?? t('pane.sinceViewed.nothing')) : formats.dateTime(instant);
  };
  return (
    <section className="since-viewed" aria-labelledby="since-viewed-title" data-testid="since-viewed">
      <header>
        <Eye size={16} aria-hidden />
        <h3 id="since-viewed-title">{t('pane.sinceViewed.title')}</h3>
        <p className="muted">
          {t('pane.sinceViewed.when', {
            count: changes,
            n: formats.number(changes),
            time: formats.moment(at, now),
          })}
        </p>
      </header>
      <dl>
        {status && (
          <Line name={t('pane.sinceViewed.status')}>
            {status.back ? (
              <>
                <StatusChip code={status.to} />
                <span className="muted">
                  {t('pane.sinceViewed.back', { status: statusLabel(t, status.to) })}
                </span>
              </>
            ) : (
              <StatusTransition from={status.from} to={status.to} />
            )}
          </Line>
        )}
        {title && <Change name={t('pane.sinceViewed.name')} from={title.from} to={title.to} />}
        {amount && (
          <Change name={t('pane.sinceViewed.amount')} from={money(amount.from)} to={money(amount.to)} />
        )}
        {due && <Change name={t('pane.sinceViewed.due')} from={date(due.from)} to={date(due.to)} />}
      </dl>
    </section>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Change({ name, from, to }: { name: string; from: string; to: string }) {
  const { t } = useTranslation();
  return (
    <Line name={name}>
      <span className="muted">{from}</span>
      <ArrowRight size={14} aria-hidden />
      <span className="sr-only">{t('pane.sinceViewed.became')}</span>
      <strong>{to}</strong>
    </Line>
  );
}
