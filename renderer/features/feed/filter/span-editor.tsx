import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Conditions, Span } from '../../../../protocol/filter.ts';
import { useFormats } from '../../../i18n/context.ts';
import { useStores } from '../../../state/context.ts';
import { withCondition } from '../../../state/filters.ts';
import { dateField, instantOf } from '../date-field.ts';
import { BoundFields } from './bound-fields.tsx';
import { conditionText } from './filter-words.ts';
import { DUE_PRESETS, PERIOD_PRESETS } from './presets.ts';

/** A span of days, by a click or by two dates: when a contract is due, or when it changed last. */
export function SpanEditor({ of, onDone }: { of: 'due' | 'period'; onDone: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { feed } = useStores();
  const present = useStore(feed, (state) => state.filter.conditions?.[of]);
  const span = typeof present === 'object' && 'from' in present ? present : { from: null, to: null };
  const [now] = useState(() => Date.now());
  const [from, setFrom] = useState(span.from === null ? '' : dateField(span.from));
  const [to, setTo] = useState(span.to === null ? '' : dateField(span.to - 1));
  const [wrong, setWrong] = useState(false);

  const presets: readonly Conditions[] =
    of === 'due' ? DUE_PRESETS.map((due) => ({ due })) : PERIOD_PRESETS.map((period) => ({ period }));

  function apply({ due, period }: Conditions): void {
    const { filter } = feed.getState();
    feed.open(of === 'due' ? withCondition(filter, of, due) : withCondition(filter, of, period));
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
    const chosen: Span = { from: start, to: end ? end.getTime() : null };
    apply({ [of]: chosen });
  }

  return (
    <form className="filter-form" onSubmit={submit} noValidate>
      <div className="presets">
        {presets.map((preset) => {
          const text = conditionText(t, formats, preset, of, now);
          return (
            <button key={text} type="button" className="menu-item" onClick={() => apply(preset)}>
              {text}
            </button>
          );
        })}
      </div>
      <BoundFields
        legend={t('filter.ownDates')}
        input={{ type: 'date' }}
        fields={[
          { name: 'from', value: from, set: setFrom },
          { name: 'to', value: to, set: setTo },
        ]}
        problem={wrong ? 'bounds' : null}
        onEdit={() => setWrong(false)}
      />
      <button type="submit" className="button primary">
        {t('filter.done')}
      </button>
    </form>
  );
}
