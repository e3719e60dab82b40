/** Calls `step` `ratePerS` times a second, in small groups; returns its stop. */
export function startPace(ratePerS: number, step: (count: number) => void): () => void {
  if (ratePerS <= 0) return () => {};
  let last = performance.now();
  let owed = 0;
  const timer = setInterval(
    () => {
      const now = performance.now();
      // After a long stop (a suspended machine) the lost time is not made up for.
      owed += Math.min(now - last, 1000 + 1000 / ratePerS) * (ratePerS / 1000);
      last = now;
      const count = Math.floor(owed);
      owed -= count;
      if (count > 0) step(count);
    },
    Math.min(1000, Math.max(10, 1000 / ratePerS / 4)),
  );
  return () => clearInterval(timer);
}
