import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Settings } from '../../../protocol/settings.ts';
import { hostOf } from '../../i18n/words.ts';
import { useStores } from '../../state/context.ts';
import { isComposing } from '../../ui/keys.ts';
import { Button } from '../../ui/button.tsx';
import { useChange } from './parts.tsx';
import { addressOf, checkTemplate, EXAMPLE_TEMPLATE, originOf } from './portal-template.ts';

const EXAMPLE_ID = 'C-2026-0117';

/** Where this server's contracts are found in the web portal: checked while typing, kept when it is right. */
export function PortalSetting({ settings, server }: { settings: Settings; server: string }) {
  const { t } = useTranslation();
  const change = useChange();
  const { contract } = useStores();
  const openId = useStore(contract, (state) => state.openId);
  const kept = settings.portals[server] ?? '';
  const [text, setText] = useState(kept);
  const [left, setLeft] = useState(false);
  const id = useId();
  const template = text.trim();
  const problem = template === '' ? null : checkTemplate(template);
  const address = problem === null && template !== '' ? addressOf(template, openId ?? EXAMPLE_ID) : null;
  // Not while the person is still typing the beginning of it.
  const showsProblem = problem !== null && (left || !'https://'.startsWith(template.slice(0, 8)));

  function keep(wanted: string): void {
    const { [server]: _, ...others } = settings.portals;
    if (wanted === '') change({ portals: others });
    else if (checkTemplate(wanted) === null) change({ portals: { ...others, [server]: wanted } });
  }

  function set(next: string): void {
    setText(next);
    const wanted = next.trim();
    // Another portal is confirmed in a dialog, which must not come between two keys.
    if (wanted === '' || originOf(wanted) === originOf(kept)) keep(wanted);
  }

  function finish(): void {
    setLeft(true);
    if (template !== kept) keep(template);
  }

  return (
    <div className="setting-row wide">
      <div className="setting-words">
        <label htmlFor={`${id}field`}>{t('settings.portals.label', { server: hostOf(server) })}</label>
        <p id={`${id}hint`} className="muted">
          {t('settings.portals.hint', { example: EXAMPLE_TEMPLATE })}
        </p>
      </div>
      <div className={showsProblem ? 'field-box wrong' : 'field-box'}>
        <input
          id={`${id}field`}
          type="url"
          inputMode="url"
          value={text}
          placeholder={EXAMPLE_TEMPLATE}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={showsProblem}
          aria-describedby={showsProblem ? `${id}problem` : `${id}hint`}
          onChange={(event) => set(event.target.value)}
          onBlur={finish}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !isComposing(event.nativeEvent)) finish();
          }}
        />
      </div>
      {showsProblem && problem !== null && (
        <p id={`${id}problem`} className="field-error" role="alert">
          {t(`settings.portals.wrong.${problem}`)}
        </p>
      )}
      {address !== null && (
        <p className="portal-preview muted" data-testid="portal-preview">
          {t('settings.portals.preview')} <span className="selectable">{address}</span>
        </p>
      )}
      {kept !== '' && (
        <Button small onClick={() => set('')}>
          {t('settings.portals.remove')}
        </Button>
      )}
    </div>
  );
}
