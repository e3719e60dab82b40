/** The steps of the menu's larger and smaller, percent. */
const STEPS = [80, 90, 100, 110, 125, 150, 175, 200] as const;

/** The next step up or down from any scale; the outermost one stays. */
export function nextTextScale(current: number, direction: 'larger' | 'smaller'): number {
  return direction === 'larger'
    ? (STEPS.find((step) => step > current) ?? 200)
    : (STEPS.findLast((step) => step < current) ?? 80);
}
