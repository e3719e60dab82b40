import { Combobox } from '@base-ui/react/combobox';
import type { TFunction } from 'i18next';
import { Check } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ConditionKey, Conditions, Facet, Facets } from '../../../../protocol/filter.ts';
import { SEVERITIES, type Severity } from '../../../../protocol/statuses.ts';
import { foldText } from '../../../../protocol/text.ts';
import { useFormats } from '../../../i18n/context.ts';
import { statusLabel } from '../../../i18n/words.ts';
import { withCondition } from '../../../state/filters.ts';
import { useStores } from '../../../state/context.ts';

/** Conditions that are lists. */
type ChoiceKey = {
  [K in ConditionKey]: NonNullable<Conditions[K]> extends readonly string[] ? K : never;
}[ConditionKey];

/** How a value is called, and where what can be chosen comes from: typed for in the ledger, all that the ledger has, or always the same. */
const CHOICES: {
  readonly [K in ChoiceKey]: {
    readonly label: (t: TFunction, value: string) => string;
    readonly from: K extends keyof Facets ? 'typed' | 'all' : readonly string[];
  };
} = {
  statuses: { label: statusLabel, from: 'all' },
  severities: { label: (t, name) => t(`severity.${name as Severity}`), from: SEVERITIES.toReversed() },
  parties: { label: (_t, name) => name, from: 'typed' },
  actors: { label: (_t, name) => name, from: 'typed' },
};

interface Choice {
  readonly value: string;
  readonly label: string;
  /** Contracts; null where nobody counted. */
  readonly count: number | null;
}

const MOST = 50;

/** Some of a list: applied with every click, found by typing. */
export function ChoiceEditor({ of }: { of: ChoiceKey }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { feed } = useStores();
  const filter = useStore(feed, (state) => state.filter);
  const [text, setText] = useState('');
  const chosen: readonly string[] = filter.conditions?.[of] ?? [];
  const all = useChoices(of, text, chosen);
  const wanted = foldText(text.trim());
  const shown = all.filter(({ label }) => wanted === '' || foldText(label).includes(wanted));

  function choose(values: readonly string[]): void {
    const some = values.length === 0 ? undefined : values.slice(0, MOST);
    feed.open(withCondition(feed.getState().filter, of, some as never));
  }

  return (
    <Combobox.Root
      multiple
      inline
      open
      autoHighlight
      items={shown.map(({ value }) => value)}
      filteredItems={shown.map(({ value }) => value)}
      itemToStringLabel={(value: string) => all.find((it) => it.value === value)?.label ?? value}
      value={[...chosen]}
      onValueChange={choose}
      inputValue={text}
      onInputValueChange={(next, { reason }) => {
        // Choosing one must not take away what was typed to find it.
        if (reason === 'input-change') setText(next);
      }}
    >
      <Combobox.Input className="plain-field" placeholder={t('filter.find')} aria-label={t(`filter.${of}`)} />
      <Combobox.Empty className="choice-none">{t('filter.none')}</Combobox.Empty>
      <Combobox.List className="choices" aria-label={t(`filter.${of}`)}>
        {(value: string) => {
          const choice = all.find((it) => it.value === value);
          return (
            <Combobox.Item key={value} value={value} className="menu-item choice">
              <span className="choice-box">
                <Combobox.ItemIndicator>
                  <Check size={12} strokeWidth={3} aria-hidden />
                </Combobox.ItemIndicator>
              </span>
              <span className="truncate">{choice?.label ?? value}</span>
              {choice && choice.count !== null && (
                <span className="menu-hint">{formats.number(choice.count)}</span>
              )}
            </Combobox.Item>
          );
        }}
      </Combobox.List>
    </Combobox.Root>
  );
}

/** What can be chosen: from the ledger, with what is chosen already even where it has become rare. */
function useChoices(of: ChoiceKey, text: string, chosen: readonly string[]): readonly Choice[] {
  const { t } = useTranslation();
  const { actions } = useStores();
  const { label, from } = CHOICES[of];
  const asked = from === 'typed' ? text.trim() : '';
  const [facets, setFacets] = useState<Facets | null>(null);
  useEffect(() => {
    let wanted = true;
    actions.facets(asked).then(
      (answer) => wanted && setFacets(answer),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [actions, asked]);
  return useMemo(() => {
    const choice = (value: string, count: number | null): Choice => ({
      value,
      label: label(t, value),
      count,
    });
    if (typeof from !== 'string') return from.map((value) => choice(value, null));
    const found: readonly Facet[] = facets?.[of as keyof Facets] ?? [];
    const missing = chosen.filter((value) => !found.some(({ name }) => name === value));
    return [
      ...found.map(({ name, count }) => choice(name, count)),
      ...missing.map((value) => choice(value, null)),
    ];
  }, [of, label, from, facets, chosen, t]);
}
