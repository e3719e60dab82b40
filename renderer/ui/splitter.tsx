import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useTextScale } from './hooks.ts';

const STEP = 16;

/** The border between two panes: dragged, or moved with the arrow keys; a double click restores the usual width. */
export function Splitter(props: {
  readonly pane: 'sidebar' | 'list';
  readonly width: number;
  readonly bounds: { readonly min: number; readonly max: number };
  readonly onResize: (width: number) => void;
  readonly onRestore: () => void;
}) {
  const { t } = useTranslation();
  const textScale = useTextScale();
  const { pane, width, bounds, onResize, onRestore } = props;
  const drag = useRef<{ x: number; width: number } | null>(null);

  function onKeyDown(event: KeyboardEvent): void {
    const next = {
      ArrowLeft: width - STEP,
      ArrowRight: width + STEP,
      Home: bounds.min,
      End: bounds.max,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onResize(next);
  }

  function onPointerDown(event: PointerEvent<HTMLDivElement>): void {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width };
  }

  return (
    <div
      className="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label={t(pane === 'sidebar' ? 'views.resizeSidebar' : 'views.resizeList')}
      aria-valuenow={width}
      aria-valuemin={bounds.min}
      aria-valuemax={bounds.max}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => {
        if (drag.current) onResize(drag.current.width + (event.clientX - drag.current.x) / textScale);
      }}
      onLostPointerCapture={() => {
        drag.current = null;
      }}
      onDoubleClick={onRestore}
    />
  );
}
