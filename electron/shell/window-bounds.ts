/** Logical pixels, as Electron's. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  readonly bounds: Rectangle;
  readonly maximized: boolean;
}

export const MIN_WIDTH = 480;
export const MIN_HEIGHT = 600;
const DEFAULT_WIDTH = 1280;
const DEFAULT_HEIGHT = 800;
/** A window counts as reachable when at least this much of its title bar lies in a work area. */
const GRIP_WIDTH = 120;
const GRIP_HEIGHT = 24;

const isCoordinate = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1_000_000;

/** Reads a saved state; null for anything that is none. */
export function readWindowState(text: string): WindowState | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('bounds' in value)) return null;
  const { bounds } = value;
  if (typeof bounds !== 'object' || bounds === null) return null;
  const { x, y, width, height } = bounds as Record<string, unknown>;
  if (!isCoordinate(x) || !isCoordinate(y) || !isCoordinate(width) || !isCoordinate(height)) return null;
  if (width <= 0 || height <= 0) return null;
  return { bounds: { x, y, width, height }, maximized: 'maximized' in value && value.maximized === true };
}

function overlap(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return width > 0 && height > 0 ? width * height : 0;
}

const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(value, Math.max(low, high)));

function fit(size: Rectangle, area: Rectangle): { width: number; height: number } {
  return {
    width: Math.round(Math.min(Math.max(size.width, MIN_WIDTH), Math.max(area.width, MIN_WIDTH))),
    height: Math.round(Math.min(Math.max(size.height, MIN_HEIGHT), Math.max(area.height, MIN_HEIGHT))),
  };
}

/**
 * Where the window goes: as saved while its title bar can be reached, moved into the nearest work area otherwise (a display was taken
 * away), centred in the first one when nothing is saved. `workAreas`: of all displays, the primary one first.
 */
export function placeWindow(saved: Rectangle | null, workAreas: readonly Rectangle[]): Rectangle {
  const primary = workAreas[0] ?? { x: 0, y: 0, width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT };
  if (saved === null) {
    const size = fit({ x: 0, y: 0, width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT }, primary);
    return {
      x: Math.round(primary.x + Math.max(0, (primary.width - size.width) / 2)),
      y: Math.round(primary.y + Math.max(0, (primary.height - size.height) / 2)),
      ...size,
    };
  }
  const best = workAreas.reduce(
    (found, area) => (overlap(saved, area) > overlap(saved, found) ? area : found),
    primary,
  );
  const size = fit(saved, best);
  const bar = { x: saved.x, y: saved.y, width: size.width, height: GRIP_HEIGHT };
  const reachable = workAreas.some((area) => overlap(bar, area) >= GRIP_WIDTH * GRIP_HEIGHT);
  if (reachable) return { x: Math.round(saved.x), y: Math.round(saved.y), ...size };
  return {
    x: Math.round(clamp(saved.x, best.x, best.x + best.width - size.width)),
    y: Math.round(clamp(saved.y, best.y, best.y + best.height - size.height)),
    ...size,
  };
}
