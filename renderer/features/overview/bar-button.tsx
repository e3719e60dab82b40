import { Bar } from '@visx/shape';
import type { ReactNode } from 'react';
import { useFormats } from '../../i18n/context.ts';

/** A bar that can be pressed: name, length and number side by side, so that the length is never alone. */
export function BarButton(props: {
  readonly name: ReactNode;
  /** The whole of it in words, for a screen reader. */
  readonly label: string;
  readonly count: number;
  /** Percent of the room for bars. */
  readonly length: number;
  readonly tone: string;
  readonly onPress: () => void;
  readonly testId?: string;
}) {
  const { name, label, count, length, tone, onPress, testId } = props;
  const formats = useFormats();
  return (
    <button
      type="button"
      className={`bar ${tone}`}
      aria-label={label}
      onClick={onPress}
      data-testid={testId}
      data-count={count}
    >
      <span className="bar-name">{name}</span>
      {/* The spoken name begins with what is seen: the words must not run together. */}{' '}
      <svg className="bar-room" aria-hidden>
        {/* A count of one among thousands is still seen. */}
        {count > 0 && <Bar className="bar-length" height="100%" width={`${Math.max(0.6, length)}%`} rx={2} />}
      </svg>
      <span className="bar-count">{formats.number(count)}</span>
    </button>
  );
}
