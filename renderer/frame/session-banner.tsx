import { Dialog } from '@base-ui/react/dialog';
import { CircleStop, KeyRound, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { SignInForm, type Ended } from '../features/sign-in/sign-in-form.tsx';
import { useStores } from '../state/context.ts';
import { useClosedByArrival } from '../state/use-closed-by-arrival.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import '../features/sign-in/sign-in.css';

/** Connections that will not come back by themselves: the person must act, and may go on reading meanwhile. */
export function SessionBanner() {
  const { t } = useTranslation();
  const { connection, notice } = useStores();
  const state = useStore(connection, (it) => it.status?.state);
  if (state?.phase === 'stopped') {
    return (
      <Banner
        tone="warning"
        icon={CircleStop}
        title={t('connection.stopped')}
        action={
          <Button small onClick={() => void notice.attempt(connection.retryNow)}>
            {t('common.tryAgain')}
          </Button>
        }
      >
        {t(`connection.text.${state.cause}`)}
      </Banner>
    );
  }
  if (state?.phase === 'refused') {
    return (
      <Banner
        tone="warning"
        icon={KeyRound}
        title={t('connection.refused')}
        action={
          <>
            <SignInAgain ended="none" />
            <Button small onClick={() => void notice.attempt(connection.retryNow)}>
              {t('common.tryAgain')}
            </Button>
          </>
        }
      >
        {t('connection.text.refused')}
      </Banner>
    );
  }
  if (state?.phase !== 'sign_in_needed') return null;
  return (
    <Banner
      tone="warning"
      icon={KeyRound}
      title={t('connection.sign_in_needed')}
      action={<SignInAgain ended={state.cause} />}
    >
      {t(`connection.text.${state.cause}`)}
    </Banner>
  );
}

function SignInAgain({ ended }: { ended: Ended }) {
  const closing = useClosedByArrival();
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen} actionsRef={closing}>
      <Dialog.Trigger className="button small">{t('signIn.again')}</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title>{t('signIn.title')}</Dialog.Title>
          <SignInForm ended={ended} />
          <Dialog.Close className="dialog-close" aria-label={t('common.close')} title={t('common.close')}>
            <X size={16} aria-hidden />
          </Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
