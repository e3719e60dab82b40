import { useEffect } from 'react';
import type { Settings } from '../../protocol/settings.ts';
import { useMatches, useWindowWidth } from './hooks.ts';

/** Widths (CSS px at 100 % text) from which there is room for two panes and for three. */
export const TWO_PANES = 760;
export const THREE_PANES = 1100;

/**
 * Puts what the person has chosen on the root, where the style sheets read it: `data-theme` (light, dark; absent: the
 * system's), `data-contrast` (more), `data-motion` (reduced), `data-density` (compact, comfortable), `data-width`
 * (narrow, medium, wide: room in proportion to the text), and the size of 1 rem: all text follows it.
 */
export function useAppearance(settings: Settings): void {
  const { theme, contrast, motion, density, textScale } = settings;
  const systemContrast = useMatches('(prefers-contrast: more)');
  const systemMotion = useMatches('(prefers-reduced-motion: reduce)');
  const width = useWindowWidth();
  useEffect(() => {
    const { dataset, style } = document.documentElement;
    const set = (name: string, value: string | null): void => {
      if (value === null) delete dataset[name];
      else dataset[name] = value;
    };
    set('theme', theme === 'system' ? null : theme);
    set('contrast', contrast === 'more' || systemContrast ? 'more' : null);
    set('motion', motion === 'reduced' || systemMotion ? 'reduced' : null);
    set('density', density);
    set('width', width >= THREE_PANES ? 'wide' : width >= TWO_PANES ? 'medium' : 'narrow');
    style.fontSize = textScale === 100 ? '' : `${textScale}%`;
    // Whoever measures the window in proportion to the text measures again.
    window.dispatchEvent(new Event('resize'));
  }, [theme, contrast, motion, density, textScale, systemContrast, systemMotion, width]);
}
