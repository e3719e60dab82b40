import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../protocol/overview.ts';
import { openView } from '../../commands/commands.ts';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { Figure } from './figure.tsx';
import { ofCurrency } from './figures.ts';

/** What open contracts are worth. Currencies cannot be compared, so there are no bars. */
export function AmountsFigure({ amounts, statuses }: Pick<Overview, 'amounts' | 'statuses'>) {
  const { t } = useTranslation();
  const formats = useFormats();
  const stores = useStores();
  const money = (currency: string, open: string): string => formats.amount({ currency, value: open });
  return (
    <Figure
      name="amounts"
      title={t('overview.amounts.title')}
      hint={t('overview.amounts.hint')}
      data={{
        head: [t('overview.amounts.currency'), t('overview.count'), t('overview.amounts.sum')],
        rows: amounts.map(({ currency, open, contracts }) => [
          currency,
          formats.number(contracts),
          money(currency, open),
        ]),
      }}
    >
      {amounts.length === 0 ? (
        <p className="muted">{t('overview.amounts.none')}</p>
      ) : (
        <ul className="amounts">
          {amounts.map(({ currency, open, contracts }) => (
            <li key={currency}>
              <button
                type="button"
                className="amount"
                data-testid={`amount-${currency}`}
                title={t('overview.amounts.filter', { currency })}
                onClick={() => openView(stores, ofCurrency(currency, statuses))}
              >
                <span>{formats.currencyName(currency)}</span>
                <span className="muted">
                  {t('feed.count', { count: contracts, n: formats.number(contracts) })}
                </span>
                <strong>{money(currency, open)}</strong>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Figure>
  );
}
