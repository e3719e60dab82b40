/**
 * Which versions of a contract were ever stored, as sorted, disjoint, non-adjacent ranges. It outlives
 * retention, so a removed event neither opens nor breaks a gap.
 */
export type VersionRange = readonly [from: number, to: number];
export type VersionSet = readonly VersionRange[];

/** As kept in a row: lowest, highest, and the ranges themselves only where there is more than one. */
export interface VersionColumns {
  haveLow: number | null;
  haveTop: number | null;
  haveParts: string | null;
}

export function readVersions(columns: VersionColumns): VersionSet {
  if (columns.haveLow === null || columns.haveTop === null) return [];
  if (columns.haveParts === null) return [[columns.haveLow, columns.haveTop]];
  return JSON.parse(columns.haveParts) as VersionSet;
}

export function writeVersions(columns: VersionColumns, set: VersionSet): void {
  columns.haveLow = set[0]?.[0] ?? null;
  columns.haveTop = set.at(-1)?.[1] ?? null;
  columns.haveParts = set.length > 1 ? JSON.stringify(set) : null;
}

export function addVersion(columns: VersionColumns, version: number): void {
  // The ordinary case without parsing: the next version on a set without gaps.
  if (columns.haveParts === null && columns.haveTop === version - 1) {
    columns.haveTop = version;
    return;
  }
  const next: [number, number][] = [];
  let [from, to] = [version, version];
  for (const range of readVersions(columns)) {
    if (range[1] < from - 1 || range[0] > to + 1) next.push([range[0], range[1]]);
    else [from, to] = [Math.min(from, range[0]), Math.max(to, range[1])];
  }
  next.push([from, to]);
  next.sort((a, b) => a[0] - b[0]);
  writeVersions(columns, next);
}

/** Removes every version above `top`. */
export function dropAbove(columns: VersionColumns, top: number): void {
  writeVersions(
    columns,
    readVersions(columns)
      .filter(([from]) => from <= top)
      .map(([from, to]): VersionRange => [from, Math.min(to, top)]),
  );
}

export function hasVersion(columns: VersionColumns, version: number): boolean {
  return readVersions(columns).some(([from, to]) => from <= version && version <= to);
}

/** How many of `from … to` (inclusive) are absent; 0 for an empty range. */
export function countAbsent(columns: VersionColumns, from: number, to: number): number {
  if (to < from) return 0;
  let absent = to - from + 1;
  for (const [low, top] of readVersions(columns)) {
    absent -= Math.max(0, Math.min(top, to) - Math.max(low, from) + 1);
  }
  return absent;
}
