import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../../state/context.ts';
import { Logo } from '../../ui/logo.tsx';
import { SignInForm } from './sign-in-form.tsx';
import './sign-in.css';

/** `banner`: what must be known before signing in, above the card. */
export function SignIn({ banner }: { banner: ReactNode }) {
  const { t } = useTranslation();
  const { session } = useStores();
  const { appVersion, session: view } = useStore(session);
  const left = view.state === 'signed_out' ? view.ended : 'none';
  // Who has erased everything is not remembered: that a history is kept would not be true.
  const forgotten = view.state === 'signed_out' && view.username === '';
  const ended = left === 'by_user' && forgotten ? 'forgotten' : left;
  return (
    <div className="sign-in-screen">
      {banner}
      <main className="sign-in">
        <div className="sign-in-card">
          <header>
            <Logo size={40} />
            <h1>{t('app.name')}</h1>
            <p className="muted">{t('app.promise')}</p>
          </header>
          <SignInForm ended={ended} />
        </div>
        {appVersion && <p className="sign-in-version">{t('signIn.version', { version: appVersion })}</p>}
      </main>
    </div>
  );
}
