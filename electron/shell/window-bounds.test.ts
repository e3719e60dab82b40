import { describe, expect, it } from 'vitest';
import { placeWindow, readWindowState } from './window-bounds.ts';

const primary = { x: 0, y: 25, width: 1600, height: 975 };
const left = { x: -1920, y: 0, width: 1920, height: 1080 };

describe('placeWindow', () => {
  it('centres a new window in the primary work area', () => {
    expect(placeWindow(null, [primary])).toEqual({ x: 160, y: 113, width: 1280, height: 800 });
  });

  it('keeps a saved place, also on another display or partly off the edge', () => {
    const onLeft = { x: -1800, y: 100, width: 1000, height: 700 };
    expect(placeWindow(onLeft, [primary, left])).toEqual(onLeft);
    const offEdge = { x: 1400, y: 500, width: 1000, height: 700 };
    expect(placeWindow(offEdge, [primary])).toEqual(offEdge);
  });

  it('brings back a window whose display is gone', () => {
    const placed = placeWindow({ x: -1800, y: 100, width: 1000, height: 700 }, [primary]);
    expect(placed).toEqual({ x: 0, y: 100, width: 1000, height: 700 });
  });

  it('brings back a window whose title bar is above the screen', () => {
    expect(placeWindow({ x: 10, y: -600, width: 800, height: 700 }, [primary]).y).toBe(25);
  });

  it('shrinks to the work area and never below the minimum', () => {
    expect(placeWindow({ x: 0, y: 25, width: 5000, height: 5000 }, [primary])).toEqual({
      x: 0,
      y: 25,
      width: 1600,
      height: 975,
    });
    expect(placeWindow({ x: 0, y: 25, width: 10, height: 10 }, [primary])).toMatchObject({
      width: 480,
      height: 600,
    });
    expect(placeWindow(null, [{ x: 0, y: 0, width: 300, height: 200 }])).toEqual({
      x: 0,
      y: 0,
      width: 480,
      height: 600,
    });
  });
});

describe('readWindowState', () => {
  it('reads what was saved', () => {
    const state = { bounds: { x: 1, y: 2, width: 900, height: 700 }, maximized: true };
    expect(readWindowState(JSON.stringify(state))).toEqual(state);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"bounds":null}',
    '{"bounds":{"x":1}}',
    '\u0000\u0001',
    '{"bounds":{"x":1e9,"y":0,"width":1,"height":1}}',
    '{"bounds":{"x":0,"y":0,"width":-5,"height":1}}',
  ])('takes nothing from garbage: %j', (text) => expect(readWindowState(text)).toBeNull());
});
