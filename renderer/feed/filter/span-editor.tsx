import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../../stores/context.ts';
import { withCondition } from '../../stores/filters.ts';
import { dateField, instantOf } from '../snooze-times.ts';
import { presetsOf } from './presets.ts';

/** A span of days, by a click or by two dates: when a contract is due, or when it changed last. */
export function SpanEditor({ of, onDone }: { of: 'due' | 'period'; onDone: () => void }) {
  const { t } = useTranslation();
  const { feed } = useStores();
  const present = useStore(feed, (state) => state.filter.conditions?.[of]);
  const span = present === undefined || present === 'none' ? { from: null, to: null } : present;
  const [now] = useState(() => Date.now());
  const [from, setFrom] = useState(span.from === null ? '' : dateField(span.from));
  const [to, setTo] = useState(span.to === null ? '' : dateField(span.to - 1));
  const [wrong, setWrong] = useState(false);

  function apply(value: 'none' | { from: number | null; to: number | null }): void {
    const { filter } = feed.getState();
    if (of === 'due') feed.open(withCondition(filter, 'due', value));
    else if (value !== 'none') feed.open(withCondition(filter, 'period', value));
    onDone();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const start = instantOf(from, '00:00');
    const last = instantOf(to, '00:00');
    if (start === null && last === null) return onDone();
    if (start !== null && last !== null && start > last) return setWrong(true);
    const end = last === null ? null : new Date(last);
    // The day that was named belongs to it.
    end?.setDate(end.getDate() + 1);
    apply({ from: start, to: end ? end.getTime() : null });
  }

  return (
    <form className="filter-form" onSubmit={submit} noValidate>
      <div className="presets">
        {presetsOf(of, now).map(({ name, value }) => (
          <button key={name} type="button" className="menu-item" onClick={() => apply(value)}>
            {t(`filter.preset.${name}`)}
          </button>
        ))}
      </div>
      <fieldset>
        <legend>{t('filter.preset.custom')}</legend>
        {(
          [
            ['from', from, setFrom],
            ['to', to, setTo],
          ] as const
        ).map(([name, value, set]) => (
          <div className="field" key={name}>
            <label htmlFor={`filter-${name}`}>{t(`filter.${name}`)}</label>
            <input
              id={`filter-${name}`}
              className="plain-field"
              type="date"
              value={value}
              aria-invalid={wrong}
              aria-describedby={wrong ? 'filter-span-problem' : undefined}
              onChange={(event) => {
                set(event.target.value);
                setWrong(false);
              }}
            />
          </div>
        ))}
      </fieldset>
      {wrong && (
        <p id="filter-span-problem" className="field-error" role="alert">
          {t('filter.bounds')}
        </p>
      )}
      <button type="submit" className="button primary">
        {t('filter.done')}
      </button>
    </form>
  );
}
