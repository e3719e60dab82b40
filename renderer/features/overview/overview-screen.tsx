import { ArrowLeft, ChartColumn } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ViewCounts, ViewName } from '../../../protocol/view.ts';
import { openView } from '../../commands/commands.ts';
import { focusFeedSoon } from '../../commands/focus.ts';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemState } from '../../ui/problem-state.tsx';
import { useAfter } from '../../ui/hooks.ts';
import { AmountsFigure } from './amounts-figure.tsx';
import { ChangesFigure } from './changes-figure.tsx';
import { DueFigure } from './due-figure.tsx';
import { StagesFigure } from './stages-figure.tsx';
import './overview.css';

/** The figures of the whole account on one screen; each leads to its contracts. */
export function OverviewScreen() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { overview: store, place } = useStores();
  const overview = useStore(store, (state) => state.overview);
  useEffect(() => store.watch(), [store]);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section className="overview" aria-label={t('overview.title')} data-testid="overview">
      <header className="overview-header">
        <Button
          look="quiet"
          small
          icon={ArrowLeft}
          shortcut="Escape"
          onClick={() => {
            place.go('list');
            focusFeedSoon();
          }}
        >
          {t('overview.back')}
        </Button>
        <h2 ref={title} tabIndex={-1}>
          {t('overview.title')}
        </h2>
        {overview && (
          <span className="muted">{t('overview.asOf', { time: formats.clockSeconds(overview.at) })}</span>
        )}
      </header>
      <OverviewContent />
    </section>
  );
}

function OverviewContent() {
  const { t } = useTranslation();
  const { overview: store } = useStores();
  const { overview, problem } = useStore(store);
  const late = useAfter(overview === null && problem === null, 150);
  if (problem !== null && overview === null) {
    return (
      <ProblemState
        title={t('overview.problem.title')}
        text={(detail) => t('overview.problem.text', { detail })}
        why={problem}
        action={{ label: t('common.tryAgain'), run: store.retry }}
      />
    );
  }
  if (overview === null) {
    return late ? (
      <div className="figures" role="status" aria-label={t('overview.loading')}>
        <div className="skeleton" />
        <div className="skeleton" />
      </div>
    ) : null;
  }
  if (overview.statuses.length === 0) {
    return (
      <EmptyState icon={ChartColumn} title={t('overview.empty.title')} text={t('overview.empty.text')} />
    );
  }
  return (
    <div className="overview-body">
      <Tiles />
      <div className="figures">
        <StagesFigure statuses={overview.statuses} />
        <div className="figures-column">
          <ChangesFigure days={overview.days} />
          <DueFigure due={overview.due} at={overview.at} />
          <AmountsFigure amounts={overview.amounts} statuses={overview.statuses} />
        </div>
      </div>
    </div>
  );
}

const TILES: readonly { readonly view: ViewName; readonly count: keyof ViewCounts }[] = [
  { view: 'all', count: 'all' },
  { view: 'unread', count: 'unread' },
  { view: 'action_required', count: 'actionRequired' },
  { view: 'waiting', count: 'waiting' },
  { view: 'overdue', count: 'overdue' },
  { view: 'due_soon', count: 'dueSoon' },
];

/** The counts of the views, from the same source as beside their names. */
function Tiles() {
  const { t } = useTranslation();
  const formats = useFormats();
  const stores = useStores();
  const counts = useStore(stores.feed, (state) => state.counts);
  if (!counts) return null;
  return (
    <ul className="tiles">
      {TILES.map(({ view, count }) => (
        <li key={view}>
          <button
            type="button"
            className={`tile ${view}`}
            data-testid={`tile-${view}`}
            onClick={() => openView(stores, { view, text: '' })}
          >
            <strong>{formats.number(counts[count])}</strong>
            <span>{t(`views.${view}`)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
