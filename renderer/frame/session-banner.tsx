import { Dialog } from '@base-ui/react/dialog';
import { KeyRound, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { SignInForm } from '../sign-in/sign-in-form.tsx';
import { useStores } from '../stores/context.ts';
import { Banner } from '../ui/banner.tsx';
import '../sign-in/sign-in.css';

/** The session ended while the history is on screen: one can go on reading, or sign in again right here. */
export function SessionBanner() {
  const { t } = useTranslation();
  const { connection } = useStores();
  const state = useStore(connection, (it) => it.status?.state);
  const [open, setOpen] = useState(false);
  if (state?.phase !== 'sign_in_needed') return null;
  return (
    <Banner
      tone="warning"
      icon={KeyRound}
      title={t('connection.sign_in_needed')}
      action={
        <Dialog.Root open={open} onOpenChange={setOpen}>
          <Dialog.Trigger className="button small">{t('signIn.again')}</Dialog.Trigger>
          <Dialog.Portal>
            <Dialog.Backdrop className="dialog-backdrop" />
            <Dialog.Popup className="dialog">
              <Dialog.Title>{t('signIn.title')}</Dialog.Title>
              <SignInForm ended={state.cause} />
              <Dialog.Close className="dialog-close" aria-label={t('common.close')} title={t('common.close')}>
                <X size={16} aria-hidden />
              </Dialog.Close>
            </Dialog.Popup>
          </Dialog.Portal>
        </Dialog.Root>
      }
    >
      {t(`connection.text.${state.cause}`)}
    </Banner>
  );
}
