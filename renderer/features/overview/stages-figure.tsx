import { scaleLinear } from '@visx/scale';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../protocol/overview.ts';
import { openView } from '../../commands/commands.ts';
import { useFormats } from '../../i18n/context.ts';
import { statusLabel } from '../../i18n/words.ts';
import { useStores } from '../../state/context.ts';
import { StatusChip } from '../../ui/status-chip.tsx';
import type { ChipFamily } from '../../ui/status-family.ts';
import { BarButton } from './bar-button.tsx';
import { Figure } from './figure.tsx';
import { ofStatus, stageGroups } from './figures.ts';

/** How many contracts stand where, from draft to end. */
export function StagesFigure({ statuses }: { statuses: Overview['statuses'] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const stores = useStores();
  const groups = stageGroups(statuses);
  const most = Math.max(1, ...statuses.map(({ count }) => count));
  const length = scaleLinear({ domain: [0, most], range: [0, 100] });
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const nameOf = (family: ChipFamily): string => {
    if (family === 'unknown' || family === 'over_good' || family === 'over_bad')
      return t(`overview.stages.${family}`);
    return t(`family.${family}`);
  };
  return (
    <Figure
      name="stages"
      title={t('overview.stages.title')}
      hint={t('overview.stages.hint')}
      data={{
        head: [t('overview.stages.status'), t('overview.stages.family'), t('overview.count')],
        rows: groups.flatMap(({ family, statuses: own }) =>
          own.map(({ status, count }) => [statusLabel(t, status), nameOf(family), formats.number(count)]),
        ),
        foot: [t('overview.total'), '', formats.number(total)],
      }}
    >
      {groups.map(({ family, count, statuses: own }) => (
        <div key={family} className="stage-group" role="group" aria-label={nameOf(family)}>
          <h4>
            {nameOf(family)}
            <span className="muted">{formats.number(count)}</span>
          </h4>
          {own.map((each) => (
            <BarButton
              key={each.status}
              name={<StatusChip code={each.status} />}
              label={t('overview.stages.filter', {
                count: each.count,
                n: formats.number(each.count),
                status: statusLabel(t, each.status),
              })}
              count={each.count}
              length={length(each.count)}
              tone={family}
              testId={`status-${each.status}`}
              onPress={() => openView(stores, ofStatus(each.status))}
            />
          ))}
        </div>
      ))}
    </Figure>
  );
}
