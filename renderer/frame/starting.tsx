import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { failureText } from '../i18n/words.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { useAfter } from '../ui/hooks.ts';
import { Logo } from '../ui/logo.tsx';

/** While the session is restored. Empty for the first 150 ms: most starts are faster. */
export function Restoring() {
  const { t } = useTranslation();
  const slow = useAfter(true, 150);
  return (
    <main className="restoring" aria-busy="true">
      {slow && (
        <>
          <Logo size={40} />
          <p className="muted">{t('app.starting')}</p>
        </>
      )}
    </main>
  );
}

export function StartFailed({ detail }: { detail: string }) {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={TriangleAlert}
      title={t('app.name')}
      text={t('app.bootFailed', { detail: failureText(t, detail) })}
      action={{ label: t('app.reload'), run: () => window.location.reload() }}
      problem
    />
  );
}
