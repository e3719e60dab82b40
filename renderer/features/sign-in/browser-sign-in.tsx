import { ExternalLink, LoaderCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ChosenProfile } from '../../../protocol/ipc.ts';
import { hostOf } from '../../i18n/words.ts';
import { useStores } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';

/** One way in: the person signs in where they always do, and this window waits. */
export function BrowserSignIn({ profile, issuer }: { profile: ChosenProfile; issuer: string }) {
  const { t } = useTranslation();
  const { session } = useStores();
  const { signingIn } = useStore(session);
  const where = hostOf(issuer);
  return (
    <>
      <div className="sign-in-profile">
        <strong>{hostOf(profile.origin)}</strong>
        <p className="muted">{t('signIn.browser.profile', { name: profile.name, issuer: where })}</p>
      </div>
      <div role="status">
        {signingIn && (
          <div className="sign-in-waiting">
            <LoaderCircle className="spin" size={16} aria-hidden />
            <div>
              <strong>{t('signIn.browser.waiting')}</strong>
              <p>{t('signIn.browser.waitingText', { issuer: where })}</p>
            </div>
          </div>
        )}
      </div>
      {signingIn ? (
        <Button autoFocus onClick={() => void session.cancelSignIn()}>
          {t('signIn.browser.cancel')}
        </Button>
      ) : (
        <Button type="submit" look="primary" autoFocus>
          <ExternalLink size={16} aria-hidden />
          {t('signIn.browser.go')}
        </Button>
      )}
    </>
  );
}
