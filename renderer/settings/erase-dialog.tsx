import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../stores/context.ts';
import { Button } from '../ui/button.tsx';

/** Asked once more, in plain words, because it cannot be undone. The safe way out has the keyboard. */
export function EraseDialog(props: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const { session, notice } = useStores();
  const { session: view } = useStore(session);
  const [working, setWorking] = useState(false);
  const name = view.state === 'signed_in' ? view.userName || view.username : '';

  async function erase(): Promise<void> {
    setWorking(true);
    await notice.attempt(session.signOutAndErase);
    setWorking(false);
    props.onOpenChange(false);
  }

  return (
    <AlertDialog.Root open={props.open} onOpenChange={(open) => !working && props.onOpenChange(open)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-backdrop above" forceRender />
        <AlertDialog.Popup className="dialog above" data-testid="erase-dialog">
          <AlertDialog.Title>{t('settings.erase.title', { name })}</AlertDialog.Title>
          <AlertDialog.Description className="muted">{t('settings.erase.text')}</AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Close className="button" disabled={working}>
              {t('common.cancel')}
            </AlertDialog.Close>
            <Button className="danger" disabled={working} onClick={() => void erase()}>
              {t(working ? 'settings.erase.working' : 'settings.erase.confirm')}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
