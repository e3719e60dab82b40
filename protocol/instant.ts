/** What RFC 3339 §5.6 writes most: capital letters, a zone, no leap second. ECMA-262 reads all of it alike. */
const PLAIN = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const FORM =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?)?([Zz]|([+-])([01]\d|2[0-3])(?::?([0-5]\d))?)?$/;

/**
 * Epoch ms of a time from the wire; null where it is none. RFC 3339 in full: `t` and `z`, a leap second (`:60`, taken for the
 * first instant of the next minute), fractions of any length. Read as well: a space for the `T`, no seconds, a zone
 * without its colon or its minutes, a date alone (its first instant). A day that its month does not have is no time. A time without a zone is UTC, never local: two computers must not read
 * two times; `hasZone` tells it.
 */
export function parseInstant(text: string): number | null {
  if (!isRealDay(text)) return null;
  if (PLAIN.test(text)) {
    const at = Date.parse(text);
    if (!Number.isNaN(at)) return at;
  }
  const match = FORM.exec(text);
  if (!match) return null;
  const [, date, clock = '00:00', seconds = '00', fraction = '', , sign, hours = '0', minutes = '0'] = match;
  const isLeap = seconds === '60';
  const at = Date.parse(`${date}T${clock}:${isLeap ? '59' : seconds}Z`);
  if (Number.isNaN(at)) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return (
    at + (isLeap ? 1000 : Number(fraction.padEnd(3, '0').slice(0, 3))) + (sign === '-' ? offset : -offset)
  );
}

/** ECMA-262 leaves it open what 30 February is; V8 takes it for a day of March. */
function isRealDay(text: string): boolean {
  const day = Number(text.slice(8, 10));
  if (day <= 28) return true;
  const month = Number(text.slice(5, 7));
  const year = Number(text.slice(0, 4));
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

/** Whether the text, a time that `parseInstant` reads, names its zone: `-00:00` does not (RFC 3339 §4.3). */
export function hasZone(text: string): boolean {
  if (text.endsWith('Z')) return true;
  const zone = FORM.exec(text)?.[5];
  return zone !== undefined && zone !== '-00:00';
}

/** A time as it is kept: without a zone it gets `-00:00`, so that whoever reads it reads UTC, and it can be told all the same. */
export function withZone(text: string): string {
  if (hasZone(text) || text.endsWith('-00:00')) return text;
  return `${text.length === 10 ? `${text}T00:00` : text}-00:00`;
}
