import { LANGUAGES } from '../../../protocol/language.ts';
import { use, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ContractRow } from '../../../protocol/view.ts';
import { COMMAND_IDS, contractsOf, openView, specOf } from '../../commands/commands.ts';
import { type Where } from '../../commands/command-spec.ts';
import { runCommand } from '../../commands/context.ts';
import { useFormats } from '../../i18n/context.ts';
import { titleLabel } from '../../i18n/words.ts';
import { MacContext } from '../../ui/mac.ts';
import { capsOf } from '../../ui/keys.ts';
import { useStores } from '../../state/context.ts';
import { bestScore } from './match.ts';
import { readRecent } from './recent.ts';

export interface Entry {
  /** Its name for what was chosen recently; contracts have none. */
  readonly name: string | null;
  readonly label: string;
  /** What it would be done to: the contract's title, or how many there are. */
  readonly about: string | null;
  readonly keys: readonly string[];
  readonly contract: ContractRow | null;
  readonly run: () => void;
}

export interface EntryGroup {
  readonly value: 'recent' | 'commands' | 'views' | 'saved' | 'contracts';
  readonly items: Entry[];
}

const MOST = 30;

/** What the palette offers for these words: commands that make sense now, views, saved views, contracts. */
export function useEntries(query: string, where: Where): EntryGroup[] {
  const { t, i18n } = useTranslation();
  const stores = useStores();
  const formats = useFormats();
  const mac = use(MacContext);
  const views = useStore(stores.saved, (state) => state.views);
  const contracts = useFound(query);
  const languages = LANGUAGES.map((language) => i18n.getFixedT(language));

  const scored: { entry: Entry; group: EntryGroup['value']; score: number }[] = [];
  for (const id of COMMAND_IDS) {
    const { group, keys, keyOnly, when } = specOf(id);
    if (keyOnly || (when && !when(stores, where))) continue;
    const [shown] = keys;
    scored.push({
      entry: {
        name: id,
        label: t(`command.${id}`),
        about: aboutText(contractsOf(id, stores, where)),
        keys: shown === undefined ? [] : capsOf(shown, mac),
        contract: null,
        run: () => runCommand(stores, id, where),
      },
      group: group === 'go' ? 'views' : 'commands',
      score: bestScore(
        languages.map((say) => say(`command.${id}`)),
        query,
      ),
    });
  }
  views.forEach((view, at) =>
    scored.push({
      entry: {
        name: `saved ${view.savedId}`,
        label: view.name,
        about: null,
        keys: at < 9 ? [String(at + 1)] : [],
        contract: null,
        run: () => openView(stores, view.filter),
      },
      group: 'saved',
      score: bestScore([view.name], query),
    }),
  );

  const good = scored.filter((it) => it.score > 0).sort((a, b) => b.score - a.score);
  const recent = query.trim() === '' ? readRecent(window.localStorage) : [];
  const isRecent = ({ entry }: (typeof good)[number]): boolean =>
    entry.name !== null && recent.includes(entry.name);
  const of = (group: EntryGroup['value']): Entry[] =>
    good.flatMap((it) => (it.group === group && !isRecent(it) ? it.entry : [])).slice(0, MOST);
  const groups: EntryGroup[] = [
    {
      value: 'recent',
      items: recent.flatMap((name) => good.find((it) => it.entry.name === name)?.entry ?? []),
    },
    { value: 'commands', items: of('commands') },
    { value: 'views', items: of('views') },
    { value: 'saved', items: of('saved') },
    { value: 'contracts', items: contracts.map((row) => contractEntry(row)) },
  ];
  return groups.filter((group) => group.items.length > 0);

  function aboutText(ids: readonly string[]): string | null {
    const [id] = ids;
    if (id === undefined) return null;
    if (ids.length > 1) return t('feed.count', { count: ids.length, n: formats.number(ids.length) });
    return stores.current.titleOf(id);
  }

  function contractEntry(row: ContractRow): Entry {
    return {
      name: null,
      label: titleLabel(t, row.title),
      about: null,
      keys: [],
      contract: row,
      run() {
        stores.place.go('list');
        stores.current.open(row.contractId);
      },
    };
  }
}

const PAUSE_MS = 80;

/** Contracts that the search finds; what was found before stays until the next answer, so that nothing flickers. */
function useFound(query: string): readonly ContractRow[] {
  const { actions } = useStores();
  const [found, setFound] = useState<readonly ContractRow[]>([]);
  const text = query.trim();
  useEffect(() => {
    if (text.length < 2) return;
    let wanted = true;
    const timer = setTimeout(() => {
      actions.findContracts(text).then(
        (rows) => wanted && setFound(rows),
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [actions, text]);
  return text.length < 2 ? [] : found;
}
