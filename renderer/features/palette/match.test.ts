import { describe, expect, it } from 'vitest';
import { bestScore, score } from './match.ts';

describe('what the palette finds', () => {
  it('begins a word, in any order and case', () => {
    expect(score('Mark everything in this view read', 'read')).toBeGreaterThan(0);
    expect(score('Mark everything in this view read', 'READ mark')).toBeGreaterThan(0);
    expect(score('Mark everything in this view read', 'ead')).toBe(0);
  });

  it('puts the earlier word first', () => {
    expect(score('Open the contract', 'op')).toBeGreaterThan(score('Mark as open', 'op'));
  });

  it('knows initials and beginnings of words', () => {
    expect(score('Copy the reference', 'ctr')).toBeGreaterThan(0);
    expect(score('Go to Needs you', 'goneed')).toBeGreaterThan(0);
    expect(score('Snooze', 'soz')).toBe(0);
  });

  it('is asked in either language, with ё or е', () => {
    expect(bestScore(['Acknowledge', 'Взять в работу'], 'взять')).toBeGreaterThan(0);
    expect(bestScore(['Acknowledge', 'Взять в работу'], 'ack')).toBeGreaterThan(0);
    expect(score('Ещё один', 'еще')).toBeGreaterThan(0);
  });
});
