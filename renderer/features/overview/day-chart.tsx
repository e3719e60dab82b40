import { AxisBottom, AxisLeft } from '@visx/axis';
import { scaleBand, scaleLinear, scaleOrdinal } from '@visx/scale';
import { Bar, BarStack, Line } from '@visx/shape';
import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { openView } from '../../commands/commands.ts';
import { useFormats } from '../../i18n/context.ts';
import { useStores } from '../../state/context.ts';
import { useElementWidth, useTextScale } from '../../ui/hooks.ts';
import { BottomLabel, LeftLabel, Textures } from './day-chart-parts.tsx';
import { dayBounds, ofDay, STACK, sumOf, type DayChanges } from './figures.ts';

/** CSS px at 100 % text. */
const HEIGHT = 168;
const LEFT = 36;
const BOTTOM = 22;
const TOP = 8;
/** Room for half of the last day's label. */
const RIGHT = 24;
const LABEL_EVERY = 76;

/**
 * Columns by day, stacked by severity: each with a texture of its own. A slider for the keyboard: arrows go from day
 * to day, the value is told in words, Enter shows the contracts.
 */
export function DayChart(props: {
  readonly days: readonly DayChanges[];
  readonly at: number | null;
  readonly onAt: (index: number | null) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const stores = useStores();
  const textScale = useTextScale();
  const [box, setBox] = useState<HTMLElement | null>(null);
  const width = useElementWidth(box);
  const { days, at, onAt } = props;
  const last = days.length - 1;

  const height = HEIGHT * textScale;
  const left = LEFT * textScale;
  const right = Math.max(left, width - RIGHT * textScale);
  const bottom = height - BOTTOM * textScale;
  const most = Math.max(1, ...days.map(({ changes }) => sumOf(changes)));
  const x = scaleBand({
    domain: days.map(({ day }) => day),
    range: [left, right],
    padding: 0.2,
  });
  const y = scaleLinear({ domain: [0, most], range: [bottom, TOP], nice: 3 });
  const fill = scaleOrdinal({ domain: [...STACK], range: STACK.map((severity) => `url(#day-${severity})`) });
  const every = Math.max(1, Math.ceil(days.length / Math.max(1, (right - left) / (LABEL_EVERY * textScale))));
  const labelled = days.filter((_, index) => (last - index) % every === 0).map(({ day }) => day);
  const ticks = y.ticks(3).filter(Number.isInteger);

  const textOf = ({ day, changes }: DayChanges): string => {
    const count = sumOf(changes);
    const parts = STACK.filter((severity) => changes[severity] > 0).map(
      (severity) => `${t(`severity.${severity}`)}: ${formats.number(changes[severity])}`,
    );
    const head = t('overview.changes.onDay', {
      count,
      n: formats.number(count),
      day: formats.weekdayDay(dayBounds(day).from),
    });
    return [head, ...parts].join(', ');
  };

  function onKeyDown(event: KeyboardEvent): void {
    const here = at ?? last;
    const next = {
      ArrowLeft: here - 1,
      ArrowDown: here - 1,
      ArrowRight: here + 1,
      ArrowUp: here + 1,
      Home: 0,
      End: last,
      PageUp: here + 7,
      PageDown: here - 7,
    }[event.key];
    if (next !== undefined) onAt(Math.min(last, Math.max(0, next)));
    else if (event.key === 'Enter') show(here);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  function show(index: number): void {
    const day = days[index];
    if (day) openView(stores, ofDay(day.day));
  }
  function indexAt(event: PointerEvent | { clientX: number }): number | null {
    if (!box || last < 0) return null;
    const from = event.clientX - box.getBoundingClientRect().left - left;
    const index = Math.floor((from / Math.max(1, right - left)) * days.length);
    return index >= 0 && index <= last ? index : null;
  }

  const shown = days[at ?? last];
  return (
    <div
      ref={setBox}
      className="day-chart"
      role="slider"
      tabIndex={0}
      aria-label={t('overview.changes.title')}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={at ?? Math.max(0, last)}
      aria-valuetext={shown ? textOf(shown) : t('overview.changes.none')}
      data-testid="day-chart"
      onKeyDown={onKeyDown}
      onFocus={(event) => event.currentTarget.matches(':focus-visible') && onAt(at ?? last)}
      onBlur={() => onAt(null)}
      onPointerMove={(event) => onAt(indexAt(event))}
      onPointerLeave={() => onAt(null)}
      onClick={(event) => {
        const index = indexAt(event);
        if (index !== null) show(index);
      }}
    >
      <svg width={width} height={height} aria-hidden>
        <Textures />
        {ticks.map((tick) => (
          <Line
            key={tick}
            className={tick === 0 ? 'day-base' : 'day-line'}
            from={{ x: left, y: y(tick) }}
            to={{ x: right, y: y(tick) }}
          />
        ))}
        {shown && at !== null && (
          <Bar
            className="day-at"
            x={x(shown.day) ?? 0}
            y={TOP}
            width={x.bandwidth()}
            height={Math.max(0, bottom - TOP)}
          />
        )}
        <BarStack
          data={days.map(({ day, changes }) => ({ day, ...changes }))}
          keys={[...STACK]}
          x={({ day }) => day}
          xScale={x}
          yScale={y}
          color={fill}
          className="day-bar"
        />
        <AxisLeft
          scale={y}
          left={left}
          tickValues={ticks}
          hideAxisLine
          hideTicks
          tickFormat={(value) => formats.number(Number(value))}
          tickComponent={LeftLabel}
        />
        <AxisBottom
          scale={x}
          top={bottom}
          tickValues={labelled}
          hideAxisLine
          hideTicks
          tickFormat={(day) => formats.dayMonth(dayBounds(day).from)}
          tickComponent={BottomLabel}
        />
      </svg>
    </div>
  );
}
