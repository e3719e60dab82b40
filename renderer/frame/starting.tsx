import { useTranslation } from 'react-i18next';
import type { Failure } from '../../protocol/failures.ts';
import { ProblemState } from '../ui/problem-state.tsx';
import { useAfter } from '../ui/hooks.ts';
import { Logo } from '../ui/logo.tsx';

/** While the session is restored. Empty for the first 150 ms: most starts are faster. A keychain that takes longer asks the person. */
export function Restoring({ waitsForKeychain = false }: { waitsForKeychain?: boolean | undefined }) {
  const { t } = useTranslation();
  const slow = useAfter(true, 150);
  const asks = useAfter(waitsForKeychain, 1000);
  return (
    <main className="restoring" aria-busy="true">
      {slow && (
        <>
          <Logo size={40} />
          <p className="muted">{t(asks ? 'app.waitsForKeychain' : 'app.starting')}</p>
        </>
      )}
    </main>
  );
}

export function StartFailed({ why }: { why: Failure }) {
  const { t } = useTranslation();
  return (
    <ProblemState
      title={t('app.name')}
      text={(detail) => t('app.bootFailed', { detail })}
      why={why}
      action={{ label: t('app.reload'), run: () => window.location.reload() }}
    />
  );
}
