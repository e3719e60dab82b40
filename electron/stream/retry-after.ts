/** Whatever a server asks for, we look again after an hour. */
const MAX_MS = 3_600_000;

/**
 * `Retry-After` (RFC 9110 §10.2.3), seconds or an HTTP date, as ms from now: 0 … 1 h; null where there is none
 * or it cannot be read. A date is compared with the server's own `Date`, because our clock may be hours off.
 */
export function parseRetryAfter(headers: Readonly<Record<string, string>>, now: number): number | null {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return null;
  if (/^\d+$/.test(value)) return Math.min(MAX_MS, Number(value) * 1000);
  const at = parseHttpDate(value);
  if (at === null) return null;
  const serverNow = parseHttpDate(headers['date'] ?? '') ?? now;
  return Math.min(MAX_MS, Math.max(0, at - serverNow));
}

export function parseHttpDate(value: string): number | null {
  // Date.parse takes nearly anything ("1"); an HTTP date in each of its forms begins with the day's name.
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(value.trim())) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
}
