import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../../protocol/view.ts';
import { stageStates } from './stages.ts';

/** A timeline, newest first, from the path oldest first. */
function timeline(...path: string[]): TimelineEntry[] {
  return path.map((to, index) => ({ from: path[index - 1] ?? null, to }) as TimelineEntry).toReversed();
}

const states = (...path: string[]): string =>
  Object.values(stageStates(path.at(-1)!, timeline(...path))).join(' ');

describe('the road of a contract', () => {
  it('has passed what lies before where it stands', () => {
    expect(states('draft')).toBe('current ahead ahead ahead');
    expect(states('draft', 'sent', 'signed', 'active')).toBe('passed passed current ahead');
    expect(states('active')).toBe('passed passed current ahead');
  });

  it('does not claim stages that an ended contract never reached', () => {
    expect(states('draft', 'sent', 'declined', 'cancelled')).toBe('passed passed skipped current');
    expect(states('draft', 'cancelled')).toBe('passed skipped skipped current');
    expect(states('active', 'fulfilled')).toBe('passed passed passed current');
    expect(states('cancelled')).toBe('skipped skipped skipped current');
  });

  it('stands where it stood while it is paused, awaits a decision, or its status is not known', () => {
    expect(states('draft', 'sent', 'declined')).toBe('passed current ahead ahead');
    expect(states('in_review', 'rejected')).toBe('current ahead ahead ahead');
    expect(states('sent', 'active', 'on_hold')).toBe('passed passed current ahead');
    expect(states('sent', 'notarised_abroad')).toBe('passed current ahead ahead');
    expect(states('notarised_abroad')).toBe('ahead ahead ahead ahead');
  });
});
