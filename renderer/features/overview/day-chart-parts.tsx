import type { TickRendererProps } from '@visx/axis';

export function LeftLabel({ y, formattedValue }: TickRendererProps) {
  return (
    <text className="axis-label" x={-8} y={y} dy="0.32em" textAnchor="end">
      {formattedValue}
    </text>
  );
}

export function BottomLabel({ x, formattedValue }: TickRendererProps) {
  return (
    <text className="axis-label" x={x} y={4} dy="0.9em" textAnchor="middle">
      {formattedValue}
    </text>
  );
}

/** Colour is never alone: problems are full, warnings hatched, successes dotted, information grey. */
export function Textures() {
  return (
    <defs>
      <pattern id="day-error" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect className="texture error" width="6" height="6" />
      </pattern>
      <pattern
        id="day-warning"
        width="5"
        height="5"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect className="texture warning" width="5" height="5" />
        <rect className="texture-gap" width="1.5" height="5" />
      </pattern>
      <pattern id="day-success" width="5" height="5" patternUnits="userSpaceOnUse">
        <rect className="texture success" width="5" height="5" />
        <circle className="texture-gap" cx="2.5" cy="2.5" r="1" />
      </pattern>
      <pattern id="day-info" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect className="texture info" width="6" height="6" />
      </pattern>
    </defs>
  );
}
