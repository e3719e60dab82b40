import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../../../state/context.ts';
import { compareDecimals, parseDecimal, withCondition } from '../../../state/filters.ts';
import { BoundFields } from './bound-fields.tsx';

/** Bounds in one currency: amounts of several are never compared. */
export function AmountEditor({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const { feed, actions } = useStores();
  const present = useStore(feed, (state) => state.filter.conditions?.amount);
  const [currencies, setCurrencies] = useState<readonly string[]>(present ? [present.currency] : []);
  const [currency, setCurrency] = useState(present?.currency ?? '');
  const [min, setMin] = useState(present?.min ?? '');
  const [max, setMax] = useState(present?.max ?? '');
  const [problem, setProblem] = useState<'notNumber' | 'bounds' | null>(null);

  useEffect(() => {
    let wanted = true;
    actions.facets('').then(
      (facets) => {
        if (!wanted) return;
        const names = facets.currencies.map(({ name }) => name);
        setCurrencies((known) => [...new Set([...names, ...known])]);
        setCurrency((chosen) => chosen || (names[0] ?? ''));
      },
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [actions]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const low = min.trim() === '' ? null : parseDecimal(min);
    const high = max.trim() === '' ? null : parseDecimal(max);
    const wrong = (min.trim() !== '' && low === null) || (max.trim() !== '' && high === null);
    if (wrong || currency === '') return setProblem('notNumber');
    if (low !== null && high !== null && compareDecimals(low, high) > 0) return setProblem('bounds');
    feed.open(withCondition(feed.getState().filter, 'amount', { currency, min: low, max: high }));
    onDone();
  }

  return (
    <form className="filter-form" onSubmit={submit} noValidate>
      <div className="field">
        <label htmlFor="filter-currency">{t('filter.currency')}</label>
        <select
          id="filter-currency"
          className="plain-field"
          value={currency}
          onChange={(event) => setCurrency(event.target.value)}
        >
          {currencies.map((code) => (
            <option key={code}>{code}</option>
          ))}
        </select>
      </div>
      <BoundFields
        input={{ inputMode: 'decimal' }}
        fields={[
          { name: 'min', value: min, set: setMin },
          { name: 'max', value: max, set: setMax },
        ]}
        problem={problem}
        onEdit={() => setProblem(null)}
      />
      <button type="submit" className="button primary">
        {t('filter.done')}
      </button>
    </form>
  );
}
