import { FileQuestionMark, FileText } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { SEEN_AFTER_MS, type ContractDetail, type ContractRow } from '../../../protocol/view.ts';
import { focusFeedSoon } from '../../commands/focus.ts';
import { useStores } from '../../state/context.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemState } from '../../ui/problem-state.tsx';
import { useAfter } from '../../ui/hooks.ts';
import { ContractDetails } from './contract-details.tsx';
import { ContractHeader } from './contract-header.tsx';
import { ContractStates } from './contract-states.tsx';
import { ContractToolbar } from './contract-toolbar.tsx';
import { NextAction } from './next-action.tsx';
import { Selection } from './selection.tsx';
import { SinceViewedCard } from './since-viewed-card.tsx';
import { StatusTrack } from './status-track.tsx';
import { Timeline } from './timeline.tsx';
import './contract.css';

export function ContractPane(props: {
  readonly alone: boolean;
  /** What was done here and is seen here, for who cannot see it. */
  readonly told: ReactNode;
  /** What stands here while no contract is open, given what would usually. */
  readonly whenEmpty: (usual: ReactNode) => ReactNode;
}) {
  const { alone, told, whenEmpty } = props;
  const { t } = useTranslation();
  const { contract, cursor } = useStores();
  const { openId, phase } = useStore(contract);
  const selecting = useStore(cursor, (state) => state.selected.size > 0);

  // Laid over the list, which can no longer hold the keyboard.
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    if (alone && openId !== null) pane.current?.focus();
  }, [alone, openId]);

  function close(): void {
    contract.close();
    focusFeedSoon();
  }

  return (
    <section
      ref={pane}
      className={alone ? 'contract-pane alone' : 'contract-pane'}
      tabIndex={-1}
      aria-label={t('contract.label')}
      data-testid="contract-pane"
      data-contract-id={openId ?? undefined}
    >
      {((openId !== null && !selecting) || alone) && <ContractToolbar alone={alone} onClose={close} />}
      {told}
      <div className="contract-body" key={openId}>
        <ContractContent phase={phase} whenEmpty={whenEmpty} />
      </div>
    </section>
  );
}

function ContractContent(props: {
  readonly phase: 'none' | 'loading' | 'shown' | 'unknown' | 'failed';
  readonly whenEmpty: (usual: ReactNode) => ReactNode;
}) {
  const { phase, whenEmpty } = props;
  const { t } = useTranslation();
  const { contract, current, feed, cursor } = useStores();
  const { detail, row, openId, problem } = useStore(contract);
  const selecting = useStore(cursor, (state) => state.selected.size > 0);
  const nothing = useStore(feed, (state) => state.total === 0);
  const first = useStore(feed, (state) => state.rows.get(0)?.contractId);
  // The keys act on what is selected, so that is what is shown; the open contract is back when it is let go.
  if (selecting) return openId === null ? whenEmpty(<Selection />) : <Selection />;
  switch (phase) {
    case 'none':
      // An empty list says all there is to say.
      if (nothing) return whenEmpty(null);
      return whenEmpty(
        <EmptyState
          icon={FileText}
          title={t('empty.contract.title')}
          text={t('empty.contract.text')}
          {...(first !== undefined && {
            action: { label: t('empty.contract.action'), run: () => current.open(first) },
          })}
        />,
      );
    case 'loading':
      return <LoadingContract row={row} />;
    case 'unknown':
      return (
        <EmptyState
          icon={FileQuestionMark}
          title={t('error.contractUnknown.title')}
          text={t('error.contractUnknown.text')}
          action={{ label: t('common.back'), run: contract.close }}
        />
      );
    case 'failed':
      return (
        <ProblemState
          title={t('error.contract.title')}
          text={(detail) => t('error.contract.text', { detail })}
          why={problem}
          action={{ label: t('common.tryAgain'), run: () => openId !== null && contract.open(openId) }}
        />
      );
    case 'shown':
      return detail && <ShownContract detail={detail} />;
  }
}

function ShownContract({ detail }: { detail: ContractDetail }) {
  const { contract, settings } = useStores();
  const { row } = detail;
  const readOnOpen = useStore(settings, (state) => state.settings.readOnOpen);
  const arrivals = useStore(contract, (state) => state.arrivals);
  const byLink = useStore(contract, (state) => state.byLink);
  useEffect(() => {
    if (!byLink) return;
    for (const gesture of GESTURES) window.addEventListener(gesture, contract.touch);
    return () => {
      for (const gesture of GESTURES) window.removeEventListener(gesture, contract.touch);
    };
  }, [byLink, contract]);
  useReadAfter(byLink ? null : arrivals, (upTo) => {
    if (readOnOpen) void contract.markShownRead(upTo).catch(() => undefined);
  });
  return (
    <article className="contract">
      <ContractHeader row={row} />
      <ContractStates row={row} />
      <SinceViewedCard detail={detail} />
      <StatusTrack detail={detail} />
      <NextAction detail={detail} />
      <Timeline detail={detail} />
      <ContractDetails detail={detail} />
    </article>
  );
}

const GESTURES = ['keydown', 'pointerdown', 'wheel'] as const;

/**
 * Only what is looked at is read (null: nothing yet): a window that another one covers, which the page still calls visible, waits until the person
 * comes back to it.
 */
function useReadAfter(arrivals: number | null, read: (upTo: number) => void): void {
  const newest = useRef(read);
  useEffect(() => {
    newest.current = read;
  });
  useEffect(() => {
    if (arrivals === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const arm = (): void => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible' && document.hasFocus())
        timer = setTimeout(() => newest.current(arrivals), SEEN_AFTER_MS);
    };
    arm();
    document.addEventListener('visibilitychange', arm);
    window.addEventListener('focus', arm);
    window.addEventListener('blur', arm);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', arm);
      window.removeEventListener('blur', arm);
      document.removeEventListener('visibilitychange', arm);
    };
  }, [arrivals]);
}

/** What the list knows of it is here at once, so that it is always seen which contract is open. */
function LoadingContract({ row }: { row: ContractRow | null }) {
  const { t } = useTranslation();
  const late = useAfter(true, 150);
  if (row) {
    return (
      <article className="contract" aria-busy>
        <ContractHeader row={row} />
      </article>
    );
  }
  if (!late) return null;
  return (
    <div className="contract loading" role="status" aria-label={t('contract.loading')}>
      <div className="skeleton" />
      <div className="skeleton" />
      <div className="skeleton tall" />
      <div className="skeleton" />
      <div className="skeleton" />
    </div>
  );
}
