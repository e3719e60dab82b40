import { describe, expect, it } from 'vitest';
import css from './tokens.css?raw';

/** WCAG 2.2 relative luminance and contrast, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function read(text: string): Map<string, readonly [string, string]> {
  const pattern = /--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g;
  return new Map(
    [...text.matchAll(pattern)].map(([, name, light, dark]) => [name!, [light!, dark!] as const]),
  );
}

const [ordinary, more] = css.split(":root[data-contrast='more']") as [string, string];
const usual = read(ordinary);
/** Contrast that text and marks have at least, by theme. */
const themes = {
  usual: { tokens: usual, text: 4.5, marks: 3 },
  'high contrast': { tokens: new Map([...usual, ...read(more)]), text: 7, marks: 4.5 },
};

const SURFACES = [
  'surface',
  'surface-side',
  'surface-raised',
  'surface-hover',
  'surface-selected',
  'surface-sunken',
];
const SOFT = ['warning-soft', 'error-soft', 'accent-soft', 'mark'];
const FAMILIES = [
  'preparing',
  'signing',
  'in-force',
  'decision',
  'paused',
  'over-good',
  'over-bad',
  'unknown',
];

/** Text on what it may stand on: 4.5:1. */
const TEXTS: readonly (readonly [string, readonly string[]])[] = [
  ['text', [...SURFACES, ...SOFT, 'surface-field']],
  ['text-muted', [...SURFACES, 'surface-field', 'accent-soft', 'warning-soft']],
  ['text-on-accent', ['accent', 'accent-hover']],
  ['accent', SURFACES],
  ...['success', 'warning', 'error', 'info'].map((name) => [name, SURFACES] as const),
  ...FAMILIES.map((name) => [name, [`${name}-soft`, ...SURFACES]] as const),
];

/** Icons, edges and marks that mean something: 3:1. */
const MARKS: readonly (readonly [string, readonly string[]])[] = [
  ['border-strong', ['surface', 'surface-field', 'surface-raised', 'surface-sunken']],
  ['focus', SURFACES],
  ['unread', ['surface', 'surface-hover', 'surface-selected']],
  ['error', ['error-soft']],
  ['warning', ['warning-soft']],
  ...FAMILIES.map((name) => [`${name}-edge`, ['surface', 'surface-hover', 'surface-selected']] as const),
];

describe.each(Object.entries(themes))('contrast, %s', (_, { tokens, text, marks }) => {
  it.each([
    ['text', TEXTS, text],
    ['marks', MARKS, marks],
  ] as const)('of %s is enough in light and dark', (_kind, pairs, least) => {
    const tooLow: string[] = [];
    for (const [name, grounds] of pairs) {
      for (const ground of grounds) {
        for (const theme of [0, 1] as const) {
          const ratio = contrast(tokens.get(name)![theme], tokens.get(ground)![theme]);
          if (ratio < least)
            tooLow.push(`${name} on ${ground}, ${theme ? 'dark' : 'light'}: ${ratio.toFixed(2)}`);
        }
      }
    }
    expect(tooLow).toEqual([]);
  });
});

describe('the style sheets', () => {
  const sheets = import.meta.glob<string>('../**/*.css', { query: '?raw', import: 'default', eager: true });

  it('take every colour from the tokens', () => {
    const own = Object.entries(sheets).flatMap(([path, text]) =>
      path.endsWith('tokens.css')
        ? []
        : text
            .split('\n')
            .filter((line) => /#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/i.test(line))
            .map((line) => `${path}: ${line.trim()}`),
    );
    expect(own).toEqual([]);
  });

  it('let all text follow its scale: no size of text in px', () => {
    const fixed = Object.entries(sheets).flatMap(([path, text]) =>
      [...text.matchAll(/(font-size|font|line-height):[^;]*?[^\w.]\d+(\.\d+)?px[^;]*;/g)].map(
        ([line]) => `${path}: ${line}`,
      ),
    );
    expect(fixed).toEqual([]);
  });

  it('use no token that does not exist', () => {
    const defined = new Set(
      [
        ...Object.values(sheets)
          .join('\n')
          .matchAll(/(--[\w-]+):/g),
      ].map(([, name]) => name),
    );
    // Set by components, in the style attribute's object.
    for (const name of ['--sidebar-width', '--list-width']) defined.add(name);
    const unknown = Object.entries(sheets).flatMap(([path, text]) =>
      [...text.matchAll(/var\((--[\w-]+)/g)].flatMap(([, name]) =>
        defined.has(name) || name!.startsWith('--anchor') || name!.startsWith('--available')
          ? []
          : `${path}: ${name}`,
      ),
    );
    expect(unknown).toEqual([]);
  });
});
