import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { wordsOf } from '../../../protocol/text.ts';
import { FEED_ID, isInList } from '../../commands/focus.ts';
import { Highlighted } from '../../ui/highlighted.tsx';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { StatusChip } from '../../ui/status-chip.tsx';
import { noteRecent } from './recent.ts';
import { useEntries, type Entry, type EntryGroup } from './use-entries.ts';
import './palette.css';

/** Everything by its name: commands, views, saved views, contracts. */
export function Palette() {
  const { t } = useTranslation();
  const { place } = useStores();
  const open = useStore(place, (state) => state.overlay === 'palette');
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && place.hide('palette')}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup
          className="palette"
          aria-label={t('palette.label')}
          data-testid="palette"
          finalFocus={() => (isInList() ? document.getElementById(FEED_ID) : null) ?? true}
        >
          <Content />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Content() {
  const { t } = useTranslation();
  const { place } = useStores();
  const [query, setQuery] = useState('');
  // Commands are for what had the keyboard when the palette was called.
  const [where] = useState(() => ({ inList: isInList() }));
  const groups = useEntries(query, where);

  function choose(entry: Entry): void {
    if (entry.name !== null) noteRecent(window.localStorage, entry.name);
    place.hide('palette');
    // When the dialog has given the focus back: what is run may want it elsewhere.
    setTimeout(entry.run);
  }

  return (
    <Autocomplete.Root
      open
      inline
      mode="none"
      autoHighlight="always"
      keepHighlight
      items={groups}
      value={query}
      onValueChange={(next, { reason }) => {
        if (reason !== 'item-press') setQuery(next);
      }}
      itemToStringValue={(entry: Entry) => entry.label}
    >
      <div className="palette-field">
        <Search size={16} aria-hidden />
        <Autocomplete.Input placeholder={t('palette.placeholder')} aria-label={t('palette.label')} />
      </div>
      <Found count={groups.reduce((sum, group) => sum + group.items.length, 0)} />
      <Autocomplete.Empty className="palette-none">
        {groups.length === 0 && t('palette.none', { text: query.trim() })}
      </Autocomplete.Empty>
      <Autocomplete.List className="palette-list">
        {(group: EntryGroup) => (
          <Autocomplete.Group key={group.value} items={group.items}>
            <Autocomplete.GroupLabel className="palette-group">
              {t(`palette.${group.value}`)}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(entry: Entry) => (
                <Autocomplete.Item
                  key={entry.contract?.key ?? entry.name}
                  value={entry}
                  className="menu-item palette-item"
                  data-testid="palette-item"
                  data-command={entry.name ?? undefined}
                  onClick={() => choose(entry)}
                >
                  <EntryLine entry={entry} query={query} />
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
      <footer className="palette-hints" aria-hidden>
        <span>
          <kbd className="kbd">↑</kbd>
          <kbd className="kbd">↓</kbd>
          {t('palette.hintMove')}
        </span>
        <span>
          <kbd className="kbd">Enter</kbd>
          {t('palette.hintOpen')}
        </span>
        <span>
          <kbd className="kbd">Esc</kbd>
          {t('palette.hintClose')}
        </span>
      </footer>
    </Autocomplete.Root>
  );
}

/** Who types goes on within this time, ms. */
const PAUSE_MS = 500;

/** That the palette is there, and how much it finds, for who cannot see it. That nothing is found stands in the list. */
function Found({ count }: { count: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [told, setTold] = useState('');
  const isFirst = useRef(true);
  useEffect(() => {
    const timer = setTimeout(() => {
      const found = count === 0 ? '' : t('palette.found', { n: formats.number(count) });
      setTold(isFirst.current ? `${t('palette.label')}. ${found}` : found);
      isFirst.current = false;
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [count, t, formats]);
  return (
    <p className="sr-only" role="status" data-testid="palette-found">
      {told}
    </p>
  );
}

function EntryLine({ entry, query }: { entry: Entry; query: string }) {
  const words = wordsOf(query);
  const { about, contract, label, keys } = entry;
  return (
    <>
      <span className="truncate">
        <Highlighted text={label} words={words} />
      </span>
      {about !== null && <bdi className="muted truncate">{about}</bdi>}
      {contract && (
        <>
          <span className="muted truncate">
            <Highlighted text={contract.counterparties[0]?.name ?? contract.contractId} words={words} />
          </span>
          <StatusChip code={contract.to} />
        </>
      )}
      {keys.length > 0 && (
        <span className="keys" aria-hidden>
          {keys.map((key) => (
            <kbd key={key} className="kbd">
              {key}
            </kbd>
          ))}
        </span>
      )}
    </>
  );
}
