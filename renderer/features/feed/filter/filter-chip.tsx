import { X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useFormats } from '../../../i18n/context.ts';
import type { ConditionKey } from '../../../../protocol/filter.ts';
import { useStores } from '../../../state/context.ts';
import { useNow } from '../../../ui/hooks.ts';
import { conditionText } from './filter-words.ts';

/** One condition: pressed, it can be changed; Delete, Backspace or the cross take it away. */
export function FilterChip(props: {
  readonly of: ConditionKey;
  readonly onChange: () => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { feed } = useStores();
  const now = useNow(60_000);
  const conditions = useStore(feed, (state) => state.filter.conditions);
  const { of, onChange, onRemove } = props;
  const name = t(`filter.${of}`);
  const text = conditionText(t, formats, conditions ?? {}, of, now);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Delete' && event.key !== 'Backspace') return;
    event.preventDefault();
    onRemove();
  }

  return (
    <span className="filter-chip" data-testid="filter-chip" data-condition={of}>
      <button
        type="button"
        aria-label={`${t('filter.change', { name })}: ${text}`}
        title={`${name}: ${text}`}
        onClick={onChange}
        onKeyDown={onKeyDown}
      >
        <span className="muted">{name}</span>
        <span className="truncate">{text}</span>
      </button>
      <button
        type="button"
        className="filter-remove"
        aria-label={t('filter.remove', { name })}
        title={t('filter.remove', { name })}
        onClick={onRemove}
      >
        <X size={14} aria-hidden />
      </button>
    </span>
  );
}
