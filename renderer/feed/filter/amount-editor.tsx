import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../../stores/context.ts';
import { compareDecimals, parseDecimal, withCondition } from '../../stores/filters.ts';

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
      {(
        [
          ['min', min, setMin],
          ['max', max, setMax],
        ] as const
      ).map(([name, value, set]) => (
        <div className="field" key={name}>
          <label htmlFor={`filter-${name}`}>{t(`filter.${name}`)}</label>
          <input
            id={`filter-${name}`}
            className="plain-field"
            inputMode="decimal"
            value={value}
            aria-invalid={problem !== null}
            aria-describedby={problem ? 'filter-amount-problem' : undefined}
            onChange={(event) => {
              set(event.target.value);
              setProblem(null);
            }}
          />
        </div>
      ))}
      {problem && (
        <p id="filter-amount-problem" className="field-error" role="alert">
          {t(`filter.${problem}`)}
        </p>
      )}
      <button type="submit" className="button primary">
        {t('filter.done')}
      </button>
    </form>
  );
}
