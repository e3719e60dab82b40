import { Dialog } from '@base-ui/react/dialog';
import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../../state/context.ts';
import { homeOfFocus } from '../../ui/focus-home.ts';
import { Button } from '../../ui/button.tsx';
import { SettingsProblemNote } from './settings-problem.tsx';
import { useSettingList } from './setting-list.tsx';
import './settings.css';

const SEARCH = 'settings-search';

/** The settings lie over the window: what they change is seen at once behind them. `question`: what stands above them. */
export function SettingsDialog({ question }: { question: ReactNode }) {
  const { t } = useTranslation();
  const { place, settings } = useStores();
  const open = useStore(place, (state) => state.overlay === 'settings');
  function close(): void {
    place.hide('settings');
    settings.startAt(null);
  }
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup
          className="dialog settings"
          data-testid="settings"
          initialFocus={() => document.getElementById(SEARCH)}
          finalFocus={homeOfFocus}
        >
          <header className="settings-header">
            <Dialog.Title>{t('settings.title')}</Dialog.Title>
            <Dialog.Close className="dialog-close" aria-label={t('common.close')} title={t('common.close')}>
              <X size={16} aria-hidden />
            </Dialog.Close>
          </header>
          <SettingsBody />
          {question}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function SettingsBody() {
  const { t } = useTranslation();
  const { settings } = useStores();
  const start = useStore(settings, (state) => state.start);
  const [text, setText] = useState('');
  const groups = useSettingList(text);
  const body = useRef<HTMLDivElement>(null);

  useEffect(() => {
    void settings.readStats();
  }, [settings]);
  useEffect(() => {
    if (start === null) return;
    const group = body.current?.querySelector<HTMLElement>(`[data-group="${start}"]`);
    group?.scrollIntoView();
    group?.querySelector<HTMLElement>('input, select, button')?.focus();
  }, [start]);

  return (
    <>
      <div className="field-box settings-search" role="search">
        <Search size={16} aria-hidden />
        <input
          id={SEARCH}
          type="text"
          value={text}
          maxLength={100}
          spellCheck={false}
          aria-label={t('settings.search')}
          placeholder={t('settings.search')}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <div className="settings-body" ref={body}>
        <SettingsProblemNote />
        {groups.map(({ name, settings: list }) => (
          <section key={name} data-group={name} aria-labelledby={`settings-${name}`}>
            <h3 id={`settings-${name}`}>{t(`settings.group.${name}`)}</h3>
            {list.map(({ name: setting, element }) => (
              <div key={setting} className="setting" data-setting={setting}>
                {element}
              </div>
            ))}
          </section>
        ))}
        {groups.length === 0 && (
          <div className="settings-nothing" role="status">
            <p>{t('settings.nothing', { text })}</p>
            <Button onClick={() => setText('')}>{t('settings.showAll')}</Button>
          </div>
        )}
      </div>
    </>
  );
}
