import { useLayoutEffect, useState } from 'react';

/**
 * How many of an element's children stand whole in its first line; the others have wrapped out of sight, or would be cut.
 * `what` names the children, so that it is counted anew when they change.
 */
export function useFitting(element: HTMLElement | null, what: string): number {
  const [fitting, setFitting] = useState(Number.POSITIVE_INFINITY);
  useLayoutEffect(() => {
    // Other children are observed anew.
    if (!element || what === '') return;
    const count = (): void => setFitting(countFitting(element));
    count();
    const observer = new ResizeObserver(count);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, [element, what]);
  return fitting;
}

function countFitting(element: HTMLElement): number {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return [...element.children].filter((child) => {
    const box = child.getBoundingClientRect();
    return box.top >= top - 1 && box.bottom <= bottom + 1 && box.left >= left - 1 && box.right <= right + 1;
  }).length;
}
