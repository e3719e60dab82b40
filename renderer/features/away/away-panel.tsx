import { Coffee } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStores } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemState } from '../../ui/problem-state.tsx';
import { useAfter } from '../../ui/hooks.ts';
import { AwaySummaryView } from './away-summary.tsx';
import { useAwayRead, useFreshAbsence } from './use-away.ts';
import './away.css';

/** In place of what else stands in the empty contract pane (`otherwise`) after an absence: calm, complete, put away by one press. */
export function AwayPanel({ otherwise }: { otherwise: ReactNode }) {
  const absence = useFreshAbsence();
  return absence ? <FreshAbsence otherwise={otherwise} /> : otherwise;
}

function FreshAbsence({ otherwise }: { otherwise: ReactNode }) {
  const { t } = useTranslation();
  const { away, current, place } = useStores();
  useAwayRead();
  const { summary, phase } = useStore(away);
  const until = summary?.until;
  useEffect(() => {
    if (until !== undefined) away.noteShown(until);
  }, [away, until]);
  // The receipt knew of an absence; main has nothing to tell of it.
  if (phase === 'shown' && summary === null) return otherwise;
  return (
    <div className="away-panel" data-testid="away-panel">
      <header>
        <Coffee size={16} aria-hidden />
        <h2>{t('away.title')}</h2>
        {summary && (
          <Button small onClick={() => away.putAway(summary.until)}>
            {t('away.done')}
          </Button>
        )}
      </header>
      <AwayContent
        onOpen={(contractId) => {
          place.go('list');
          current.open(contractId);
        }}
      />
    </div>
  );
}

/** The summary, or why there is none. */
export function AwayContent({ onOpen }: { onOpen: (contractId: string) => void }) {
  const { t } = useTranslation();
  const { away } = useStores();
  const { phase, summary, problem } = useStore(away);
  const late = useAfter(phase === 'loading', 150);
  if (summary) return <AwaySummaryView summary={summary} onOpen={onOpen} />;
  if (phase === 'failed') {
    return (
      <ProblemState
        title={t('away.problem.title')}
        text={(detail) => t('away.problem.text', { detail })}
        why={problem}
        action={{ label: t('common.tryAgain'), run: () => void away.read() }}
      />
    );
  }
  if (phase === 'shown') {
    return <EmptyState icon={Coffee} title={t('away.none.title')} text={t('away.none.text')} />;
  }
  return late ? (
    <div className="away-loading" role="status" aria-label={t('away.loading')}>
      <div className="skeleton" />
      <div className="skeleton" />
      <div className="skeleton" />
    </div>
  ) : null;
}
