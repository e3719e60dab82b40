import { useStore } from 'zustand';
import type { Settings } from '../../../protocol/settings.ts';
import { useStores } from '../../state/context.ts';
import { useWindowAtLeast } from '../../ui/hooks.ts';

/** CSS px at 100 % text. */
const HEIGHTS = {
  lines: { comfortable: 56, compact: 36 },
  stacked: { comfortable: 96, compact: 88 },
} as const;
/** Below this width, in proportion to the text, a title beside amount and time would be a few letters. */
const ABREAST = 360;

export interface RowLayout {
  /** CSS px; the same for each row, as a list of a hundred thousand must know where each is. */
  readonly height: number;
  /** One below the other: the title in up to two lines, then who and how much, then status and time. */
  readonly stacked: boolean;
}

export function rowLayout(
  { density, textScale }: Pick<Settings, 'density' | 'textScale'>,
  abreast: boolean,
): RowLayout {
  const heights = abreast ? HEIGHTS.lines : HEIGHTS.stacked;
  return { height: Math.round((heights[density] * textScale) / 100), stacked: !abreast };
}

/** How rows are laid out: by the density chosen, and by the window's width in proportion to the text. */
export function useRowLayout(): RowLayout {
  const { settings } = useStores();
  const density = useStore(settings, (state) => state.settings.density);
  const textScale = useStore(settings, (state) => state.settings.textScale);
  return rowLayout({ density, textScale }, useWindowAtLeast(ABREAST));
}
