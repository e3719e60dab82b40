import { useStore } from 'zustand';
import { useStores } from '../stores/context.ts';

/** CSS px at 100 % text. */
const HEIGHTS = { comfortable: 56, compact: 36 } as const;

/** The height of a row, CSS px: by the density chosen, in proportion to the text. */
export function useRowHeight(): number {
  const { settings } = useStores();
  const density = useStore(settings, (state) => state.settings.density);
  const scale = useStore(settings, (state) => state.settings.textScale);
  return Math.round((HEIGHTS[density] * scale) / 100);
}
