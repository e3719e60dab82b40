/**
 * The straight line through points by least squares: its slope and the slope's standard error, in y's unit for each unit of x.
 * Throws a RangeError for fewer than three points.
 */
export function fitSlope(points: readonly (readonly [number, number])[]): {
  readonly slope: number;
  readonly error: number;
} {
  if (points.length < 3) throw new RangeError('A slope with its error needs three points.');
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const x = mean(0);
  const y = mean(1);
  const spread = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / spread;
  const rest = points.reduce((sum, point) => sum + (point[1] - y - slope * (point[0] - x)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (points.length - 2) / spread) };
}
