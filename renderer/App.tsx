import { CSPProvider } from '@base-ui/react/csp-provider';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { useStore } from 'zustand';
import type { Failure } from '../protocol/failures.ts';
import { FormatsContext } from './i18n/context.ts';
import { createFormats } from './i18n/format.ts';
import { languageOf } from '../protocol/language.ts';
import { chosenLocale, createI18n, formatLocale } from './i18n/i18n.ts';
import { Restoring, StartFailed } from './frame/starting.tsx';
import { ErrorBoundary } from './frame/error-boundary.tsx';
import { StorageBanner } from './frame/storage-banner.tsx';
import { ServerCheckDialog } from './features/server-check/check-dialog.tsx';
import { SignIn } from './features/sign-in/sign-in.tsx';
import { toFailure } from './state/api.ts';
import { StoresContext } from './state/context.ts';
import type { Stores } from './state/stores.ts';
import { useAppearance } from './ui/appearance.ts';

// Its code comes after the first paint, while main opens the account.
const MainWindow = lazy(async () => ({ default: (await import('./frame/main-window.tsx')).MainWindow }));

/** `connected` rejects when main does not answer: then the window says so in place of its content. */
export function App({ stores, connected }: { stores: Stores; connected: Promise<unknown> }) {
  const { session, systemLocale } = useStore(stores.session);
  const settings = useStore(stores.settings, (state) => state.settings);
  const timeZone = useStore(stores.timeZone, (state) => state.timeZone);
  useAppearance(settings);
  const [problem, setProblem] = useState<Failure | null>(null);
  useEffect(() => {
    void import('./frame/main-window.tsx');
  }, []);
  useEffect(() => {
    connected.catch((error: unknown) => setProblem(toFailure(error)));
  }, [connected]);

  const accountLocale = session.state === 'signed_in' ? session.locale : null;
  const userLocale = chosenLocale(settings.language, accountLocale);
  const language = languageOf(userLocale ?? systemLocale);
  const locale = formatLocale(userLocale, systemLocale);
  const i18n = useMemo(() => createI18n(language), [language]);
  const formats = useMemo(() => createFormats(locale, timeZone), [locale, timeZone]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  return (
    <StoresContext value={stores}>
      <I18nextProvider i18n={i18n}>
        <FormatsContext value={formats}>
          {/* The window's policy lets in no inline styles; base.css has those that Base UI would add. */}
          <CSPProvider disableStyleElements>
            <ErrorBoundary>
              {problem !== null ? (
                <StartFailed why={problem} />
              ) : session.state === 'restoring' ? (
                <Restoring waitsForKeychain={session.waitsForKeychain} />
              ) : session.state === 'signed_in' ? (
                <Suspense fallback={<Restoring />}>
                  <MainWindow />
                </Suspense>
              ) : (
                <SignIn banner={<StorageBanner />} />
              )}
              <ServerCheckDialog />
            </ErrorBoundary>
          </CSPProvider>
        </FormatsContext>
      </I18nextProvider>
    </StoresContext>
  );
}
