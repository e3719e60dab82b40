import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { SEVERITIES } from '../../../protocol/statuses.ts';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import type { OverviewDays } from '../../state/overview-store.ts';
import { SeverityIcon } from '../../ui/severity-icon.tsx';
import { DayChart } from './day-chart.tsx';
import { Figure } from './figure.tsx';
import { dayBounds, STACK, sumOf, totalChanges, type DayChanges } from './figures.ts';

const PERIODS: readonly OverviewDays[] = [30, 90];

/** Changes of each day, by weight. Below it the day that is pointed at, or the whole time, in numbers. */
export function ChangesFigure({ days }: { days: readonly DayChanges[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { overview } = useStores();
  const period = useStore(overview, (state) => state.days);
  const [at, setAt] = useState<number | null>(null);
  const total = totalChanges(days);
  const day = at === null ? undefined : days[at];
  const shown = day?.changes ?? total;
  const count = sumOf(shown);
  const n = formats.number(count);
  return (
    <Figure
      name="changes"
      title={t('overview.changes.title')}
      controls={
        <div className="periods" role="group" aria-label={t('overview.changes.period')}>
          {PERIODS.map((each) => (
            <button
              key={each}
              type="button"
              className="button quiet small"
              aria-pressed={each === period}
              onClick={() => overview.setDays(each)}
            >
              {t('overview.changes.days', { n: formats.number(each) })}
            </button>
          ))}
        </div>
      }
      data={{
        head: [
          t('overview.changes.day'),
          ...STACK.map((severity) => t(`severity.${severity}`)),
          t('overview.changes.all'),
        ],
        rows: days
          .toReversed()
          .map((each) => [
            formats.weekdayDay(dayBounds(each.day).from),
            ...STACK.map((severity) => formats.number(each.changes[severity])),
            formats.number(sumOf(each.changes)),
          ]),
        foot: [
          t('overview.total'),
          ...STACK.map((severity) => formats.number(total[severity])),
          formats.number(sumOf(total)),
        ],
      }}
    >
      <DayChart days={days} at={at} onAt={setAt} />
      <div className="day-legend">
        <strong>
          {day
            ? t('overview.changes.onDay', { count, n, day: formats.weekdayDay(dayBounds(day.day).from) })
            : t('overview.changes.sum', { count, n, days: formats.number(days.length) })}
        </strong>
        {SEVERITIES.toReversed().map((severity) => (
          <span key={severity} className="day-severity">
            <svg width="12" height="12" className={`swatch ${severity}`} aria-hidden>
              <rect width="12" height="12" rx="2" fill={`url(#day-${severity})`} />
            </svg>
            <SeverityIcon severity={severity} />
            <span aria-hidden>{t(`severity.${severity}`)}</span>
            <span>{formats.number(shown[severity])}</span>
          </span>
        ))}
      </div>
      <p className="muted figure-hint">{t('overview.changes.hint')}</p>
    </Figure>
  );
}
