import { useEffect, useLayoutEffect, useState, useSyncExternalStore } from 'react';

/** True once `wanted` has held for `ms`: what is there sooner never flashes a placeholder. */
export function useAfter(wanted: boolean, ms: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => setPassed(true), ms);
    return () => {
      clearTimeout(timer);
      setPassed(false);
    };
  }, [wanted, ms]);
  return wanted && passed;
}

/** The present time, epoch ms, renewed every `ms`; whoever shows a relative time shares one of few clocks. */
export function useNow(ms: number): number {
  const clock = clockOf(ms);
  return useSyncExternalStore(clock.subscribe, clock.now);
}

interface SharedClock {
  subscribe(listener: () => void): () => void;
  now(): number;
}

const clocks = new Map<number, SharedClock>();

function clockOf(ms: number): SharedClock {
  const found = clocks.get(ms);
  if (found) return found;
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const clock: SharedClock = {
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(() => {
        now = Date.now();
        for (const each of listeners) each();
      }, ms);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    now() {
      // Between ticks the value must stay the same, or React would draw for ever.
      if (timer === undefined && Math.abs(Date.now() - now) >= ms) now = Date.now();
      return now;
    },
  };
  clocks.set(ms, clock);
  return clock;
}

function onResize(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}

/** The size of the text in proportion to the usual: 1 at 100 %, between 0.8 and 2. */
export function useTextScale(): number {
  return useSyncExternalStore(onResize, textScale);
}

/** The window's width in proportion to the text: CSS px at 100 % text, half as many at 200 %. */
export function useWindowWidth(): number {
  return useSyncExternalStore(onResize, () => Math.round(window.innerWidth / textScale()));
}

/** Whether the window is that wide in proportion to the text; told only when that changes. CSS px at 100 % text. */
export function useWindowAtLeast(width: number): boolean {
  return useSyncExternalStore(onResize, () => window.innerWidth / textScale() >= width);
}

function textScale(): number {
  const percent = Number.parseFloat(document.documentElement.style.fontSize);
  return Number.isFinite(percent) ? percent / 100 : 1;
}

/** The width of an element's content box, CSS px; 0 before it is there. */
export function useElementWidth(element: HTMLElement | null): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element) return;
    const measure = (): void => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** Whether a media query holds now. */
export function useMatches(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => window.matchMedia(query).matches,
  );
}
