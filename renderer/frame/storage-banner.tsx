import { Dialog } from '@base-ui/react/dialog';
import { HardDrive } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { remedyOf } from '../../protocol/ipc.ts';
import { useStores } from '../state/context.ts';
import { useClosedByArrival } from '../state/use-closed-by-arrival.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';

/** What is wrong with the stored history, what is safe, what to do. Stays until main says it is settled. */
export function StorageBanner() {
  const { t } = useTranslation();
  const { notice } = useStores();
  const storage = useStore(notice, (state) => state.storage);
  if (!storage) return null;
  const { code, inMemory, setAsideAt } = storage;
  const remedy = remedyOf(storage);
  const aside = code === 'corrupt' && setAsideAt !== null;
  return (
    <Banner
      tone={remedy === 'dismiss' ? 'warning' : 'error'}
      icon={HardDrive}
      title={t(`storage.${code}.title`)}
      action={
        remedy === 'start_fresh' ? (
          <StartFresh />
        ) : (
          <Button small onClick={() => void notice.copyDiagnostics()}>
            {t('account.copySupport')}
          </Button>
        )
      }
      {...(remedy === 'dismiss' && { onDismiss: () => void notice.startFresh() })}
    >
      {aside ? t('storage.corrupt.aside', { path: setAsideAt }) : t(`storage.${code}.text`)}
      {inMemory && ` ${t('storage.inMemory')}`}
    </Banner>
  );
}

/** Asked once more, because it cannot be undone. */
function StartFresh() {
  const closing = useClosedByArrival();
  const { t } = useTranslation();
  const { notice } = useStores();
  const busy = useStore(notice, (state) => state.startingFresh);
  return (
    <Dialog.Root actionsRef={closing}>
      <Dialog.Trigger className="button small" disabled={busy}>
        {t(busy ? 'storage.startingFresh' : 'storage.startFresh')}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title>{t('storage.startFreshTitle')}</Dialog.Title>
          <Dialog.Description className="muted">{t('storage.startFreshText')}</Dialog.Description>
          <div className="dialog-actions">
            <Dialog.Close className="button">{t('common.cancel')}</Dialog.Close>
            <Dialog.Close className="button primary" onClick={() => void notice.startFresh()}>
              {t('storage.startFresh')}
            </Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
