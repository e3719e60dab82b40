import { scaleLinear } from '@visx/scale';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../protocol/overview.ts';
import type { ViewFilter } from '../../../protocol/filter.ts';
import { openView } from '../../commands/commands.ts';
import { useFormats } from '../../i18n/context.ts';
import { calendarDays } from '../../i18n/format.ts';
import { useStores } from '../../state/context.ts';
import { BarButton } from './bar-button.tsx';
import { Figure } from './figure.tsx';
import { dayBounds, ofDueDay, ofOverdue, overdueSteps } from './figures.ts';

interface Step {
  readonly when: string;
  readonly count: number;
  readonly filter: ViewFilter;
}

/** How late what is overdue is, and on which days of the coming week something falls due. */
export function DueFigure({ due, at }: { due: Overview['due']; at: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const overdue: readonly Step[] = overdueSteps(due.overdue).map((step) => {
    const from = formats.number(step.from);
    const below = step.below === null ? '' : formats.number(step.below);
    const when =
      step.below === null
        ? t('overview.due.atLeast', { days: from })
        : step.from === 0
          ? t('overview.due.lessThan', { count: step.below, days: below })
          : t('overview.due.between', { from, to: below });
    return { when, count: step.count, filter: ofOverdue(step, at) };
  });
  const soon: readonly Step[] = due.soon.map(({ day, count }) => {
    const { from } = dayBounds(day);
    const ahead = calendarDays(at, from);
    const when =
      ahead === 0
        ? t('overview.due.today')
        : ahead === 1
          ? t('overview.due.tomorrow')
          : formats.weekdayDay(from);
    return { when, count, filter: ofDueDay(day, at) };
  });
  const most = Math.max(1, ...[...overdue, ...soon].map(({ count }) => count));
  const rows = (title: string, steps: readonly Step[]): readonly (readonly string[])[] =>
    steps.map(({ when, count }) => [`${title} · ${when}`, formats.number(count)]);
  return (
    <Figure
      name="due"
      title={t('overview.due.title')}
      data={{
        head: [t('overview.due.when'), t('overview.count')],
        rows: [...rows(t('overview.due.overdue'), overdue), ...rows(t('overview.due.soon'), soon)],
      }}
    >
      <Steps
        title={t('overview.due.overdue')}
        none={t('overview.due.noneOverdue')}
        steps={overdue}
        most={most}
        tone="overdue"
      />
      <Steps
        title={t('overview.due.soon')}
        none={t('overview.due.noneSoon')}
        steps={soon}
        most={most}
        tone="soon"
      />
    </Figure>
  );
}

function Steps(props: {
  readonly title: string;
  readonly none: string;
  readonly steps: readonly Step[];
  readonly most: number;
  readonly tone: 'overdue' | 'soon';
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const stores = useStores();
  const { title, none, steps, most, tone } = props;
  const length = scaleLinear({ domain: [0, most], range: [0, 100] });
  const total = steps.reduce((sum, { count }) => sum + count, 0);
  return (
    <div
      className="stage-group"
      role="group"
      aria-label={title}
      data-testid={`due-${tone}`}
      data-count={total}
    >
      <h4>
        {title}
        <span className="muted">{formats.number(total)}</span>
      </h4>
      {total === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        steps.map(({ when, count, filter }) => (
          <BarButton
            key={when}
            name={when}
            label={t('overview.due.filter', { count, n: formats.number(count), when: `${title}, ${when}` })}
            count={count}
            length={length(count)}
            tone={tone}
            onPress={() => openView(stores, filter)}
          />
        ))
      )}
    </div>
  );
}
