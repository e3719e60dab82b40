/** What `date` and `time` fields hold, as an instant; null for no date. Local time. */
export function instantOf(date: string, time: string): number | null {
  const instant = new Date(`${date}T${time || '09:00'}`).getTime();
  return Number.isNaN(instant) ? null : instant;
}

/** `YYYY-MM-DD`, local: for a `date` field. */
export function dateField(instant: number): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
