import { describe, expect, it } from 'vitest';
import { STATUS_CODES } from '../../protocol/statuses.ts';
import css from './chip.css?raw';
import { FAMILY_ICONS, familyOf } from './status-family.ts';

describe('status families', () => {
  it('cover every status with an icon and a shape of their own', () => {
    const families = new Set(STATUS_CODES.map(familyOf));
    expect([...families].sort()).toEqual([
      'decision',
      'in_force',
      'over_bad',
      'over_good',
      'paused',
      'preparing',
      'signing',
    ]);
    const icons = new Set([...families].map((family) => FAMILY_ICONS[family]));
    expect(icons.size).toBe(families.size);
    for (const family of [...families, 'unknown']) expect(css).toContain(`.chip.${family} {`);
  });

  it('show what is not known as it came, in a neutral chip', () => {
    for (const code of ['notarised_abroad', '', 'toString', '__proto__'])
      expect(familyOf(code)).toBe('unknown');
  });
});
