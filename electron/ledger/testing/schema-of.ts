import type { Database } from '../storage/sqlite.ts';

/**
 * What the file consists of, by name: the statements that made it, without their spaces, quotes and comments. `sorted`: a table's columns
 * in any order.
 */
export function schemaOf(db: Database, how: 'as written' | 'sorted'): Record<string, string> {
  const rows = db
    .prepare(`SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name`)
    .all() as { type: string; name: string; sql: string }[];
  return Object.fromEntries(
    rows.map(({ type, name, sql }) => {
      const text = sql
        .replaceAll(/--.*$/gm, '')
        .replaceAll('"', '')
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/ ?([(),]) ?/g, '$1');
      return [`${type} ${name}`, how === 'sorted' ? sorted(text) : text];
    }),
  );
}

/** With what stands between the outermost brackets in alphabetical order. */
function sorted(text: string): string {
  const [begin, end] = [text.indexOf('('), text.lastIndexOf(')')];
  if (!text.startsWith('CREATE TABLE') || begin < 0) return text;
  const parts = text.slice(begin + 1, end).split(/,(?![^(]*\))/);
  return `${text.slice(0, begin)}(${parts.toSorted().join()})${text.slice(end + 1)}`;
}
