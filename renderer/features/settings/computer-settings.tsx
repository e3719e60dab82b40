import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { explainFailure } from '../../i18n/words.ts';
import type { Settings } from '../../../protocol/settings.ts';
import { useFormats } from '../../i18n/context.ts';
import { toInstant } from '../../i18n/format.ts';
import { useStores } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { Details } from '../../ui/details.tsx';
import { SelectSetting, Setting, useChange } from './parts.tsx';

/** What lies on this computer, in figures that can be checked. */
export function StorageSetting() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { settings } = useStores();
  const { facts, statsProblem } = useStore(settings);
  const oldest = facts?.oldest ? toInstant(facts.oldest) : null;
  return (
    <Setting label={t('settings.storage.label')} hint={t('settings.storage.hint')} wide plain>
      {() => (
        <dl className="facts selectable" data-testid="storage-facts">
          {statsProblem !== null && (
            <dd className="fact-problem">
              {t('settings.storage.failed', { detail: explainFailure(t, statsProblem).text })}
              <Details text={explainFailure(t, statsProblem).detail} />
            </dd>
          )}
          {facts === null && statsProblem === null && <dd>{t('settings.storage.counting')}</dd>}
          {facts && (
            <>
              <dt>{t('settings.storage.contracts')}</dt>
              <dd>{formats.number(facts.contracts)}</dd>
              <dt>{t('settings.storage.events')}</dt>
              <dd>{formats.number(facts.events)}</dd>
              <dt>{t('settings.storage.oldest')}</dt>
              <dd>{oldest === null ? t('settings.storage.none') : formats.dateTime(oldest)}</dd>
              <dt>{t('settings.storage.size')}</dt>
              <dd>{formats.bytes(facts.bytes)}</dd>
              <dt>{t('settings.storage.path')}</dt>
              <dd>{facts.path}</dd>
              <dt>{t('settings.storage.signIn')}</dt>
              <dd>{t(facts.signInKept ? 'settings.storage.kept' : 'settings.storage.notKept')}</dd>
            </>
          )}
        </dl>
      )}
    </Setting>
  );
}

const DAYS = [30, 90, 180, 365, 730, 1825, 3650];

export function KeepDaysSetting({ settings }: { settings: Settings }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const change = useChange();
  const { keepDays } = settings;
  const offered = [...new Set([...DAYS, ...(keepDays === null ? [] : [keepDays])])].sort((a, b) => a - b);
  return (
    <SelectSetting
      label={t('settings.keepDays.label')}
      hint={t('settings.keepDays.hint')}
      value={keepDays === null ? '' : String(keepDays)}
      choices={[
        { value: '', label: t('settings.keepDays.never') },
        ...offered.map((days) => ({
          value: String(days),
          label: t('settings.keepDays.days', { count: days, n: formats.number(days) }),
        })),
      ]}
      onChoose={(days) => change({ keepDays: days === '' ? null : Number(days) })}
    />
  );
}

export function SignOutSetting() {
  const { t } = useTranslation();
  const { leave } = useStores();
  return (
    <Setting label={t('settings.signOut.label')} hint={t('settings.signOut.hint')} plain>
      {({ control, hint }) => (
        <Button id={control} aria-describedby={hint} onClick={() => void leave.ask('sign_out')}>
          {t('settings.signOut.action')}
        </Button>
      )}
    </Setting>
  );
}

export function EraseSetting() {
  const { t } = useTranslation();
  const { leave } = useStores();
  return (
    <Setting label={t('settings.erase.label')} hint={t('settings.erase.hint')} plain>
      {({ control, hint }) => (
        <Button
          id={control}
          className="danger"
          aria-describedby={hint}
          onClick={() => void leave.ask('erase')}
        >
          {t('settings.erase.action')}
        </Button>
      )}
    </Setting>
  );
}
