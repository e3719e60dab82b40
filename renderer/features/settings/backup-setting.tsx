import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useFormats } from '../../i18n/context.ts';
import type { Formats } from '../../i18n/format.ts';
import { explainFailure } from '../../i18n/words.ts';
import type { BackupState } from '../../state/backup-store.ts';
import { useStores } from '../../state/context.ts';
import { useClosedByArrival } from '../../state/use-closed-by-arrival.ts';
import { Button } from '../../ui/button.tsx';
import { Details } from '../../ui/details.tsx';
import { Setting } from './parts.tsx';

/** The whole stored history as one file, and the way back to one. */
export function BackupSetting() {
  const { t } = useTranslation();
  const { backup } = useStores();
  const { working } = useStore(backup);
  const busy = working !== null;
  return (
    <>
      <Setting label={t('settings.backup.label')} hint={t('settings.backup.hint')} plain>
        {({ hint }) => (
          <>
            <Button aria-describedby={hint} disabled={busy} onClick={() => void backup.backUp()}>
              {t(working === 'saving' ? 'settings.backup.saving' : 'settings.backup.action')}
            </Button>
            <Button aria-describedby={hint} disabled={busy} onClick={() => void backup.choose()}>
              {t(working === 'reading' ? 'settings.backup.reading' : 'settings.backup.restore')}
            </Button>
          </>
        )}
      </Setting>
      <Outcome />
      <RestoreQuestion />
    </>
  );
}

function Outcome() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { backup } = useStores();
  const { outcome } = useStore(backup);
  if (outcome?.what === 'failed') {
    const { text, detail } = explainFailure(t, outcome.why);
    return (
      <div className="backup-outcome fact-problem" role="alert">
        {text}
        <Details text={detail} />
      </div>
    );
  }
  return (
    <p className="backup-outcome" role="status">
      {outcome?.what === 'restored' && restoredText(t, formats, outcome.notSent)}
      {outcome?.what === 'saved' &&
        t('settings.backup.saved', { path: outcome.path, size: formats.bytes(outcome.bytes) })}
    </p>
  );
}

function restoredText(t: TFunction, formats: Formats, notSent: number): string {
  const text = t('settings.backup.restored');
  if (notSent === 0) return text;
  return `${text} ${t('settings.backup.notSent', { count: notSent, n: formats.number(notSent) })}`;
}

/** What going back means. The safe way out has the keyboard. */
function RestoreQuestion() {
  const closing = useClosedByArrival();
  const { backup } = useStores();
  const asked = useStore(backup, (state) => state.asked);
  return (
    <AlertDialog.Root
      open={asked !== null}
      onOpenChange={(open) => !open && asked !== null && backup.cancel()}
      actionsRef={closing}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-backdrop above" forceRender />
        <AlertDialog.Popup className="dialog above" data-testid="restore-dialog">
          {asked && <Question {...asked} />}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function Question({
  backup: { name, at, contracts, events, others },
  unsent,
}: NonNullable<BackupState['asked']>) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { backup } = useStores();
  const working = useStore(backup, (state) => state.working !== null);
  return (
    <>
      <AlertDialog.Title>{t('settings.backup.title')}</AlertDialog.Title>
      <dl className="facts">
        <dt>{t('settings.storage.path')}</dt>
        <dd>{name}</dd>
        {at !== null && (
          <>
            <dt>{t('settings.backup.at')}</dt>
            <dd>{formats.dateTime(at)}</dd>
          </>
        )}
        <dt>{t('settings.storage.contracts')}</dt>
        <dd>{formats.number(contracts)}</dd>
        <dt>{t('settings.storage.events')}</dt>
        <dd>{formats.number(events)}</dd>
      </dl>
      <AlertDialog.Description className="muted">{t('settings.backup.text')}</AlertDialog.Description>
      {others > 0 && (
        <p className="muted">{t('settings.backup.others', { count: others, n: formats.number(others) })}</p>
      )}
      {unsent > 0 && (
        <p role="alert">{t('settings.backup.unsent', { count: unsent, n: formats.number(unsent) })}</p>
      )}
      <div className="dialog-actions">
        <AlertDialog.Close className="button" disabled={working}>
          {t('common.cancel')}
        </AlertDialog.Close>
        <Button className="danger" disabled={working} onClick={() => void backup.restore()}>
          {t(working ? 'settings.backup.working' : 'settings.backup.confirm')}
        </Button>
      </div>
    </>
  );
}
