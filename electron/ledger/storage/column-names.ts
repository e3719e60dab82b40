// Columns are named after the records' fields, in SQL's way of writing.

/** The column of a field. */
export const columnName = (field: string): string => field.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** `baseline_position AS baselinePosition, …`: rows come back with the fields' own names. */
export function selectList(fields: readonly string[]): string {
  return fields.map((field) => `${columnName(field)} AS ${field}`).join(', ');
}

export function columnList(fields: readonly string[]): string {
  return fields.map(columnName).join(', ');
}

export function assignmentList(fields: readonly string[]): string {
  return fields.map((field) => `${columnName(field)} = ?`).join(', ');
}

export function placeholders(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}
