import { describe, expect, it } from 'vitest';
import { createMemory, readRemembered } from './remember.ts';

const NOWHERE = { filter: { view: 'all', text: '' }, contractId: null };

describe('where the person was', () => {
  it('is kept for each account by itself', () => {
    const map = new Map<string, string>();
    const memory = createMemory({
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
    });
    const place = {
      filter: { view: 'unread', text: 'steel', sort: { by: 'due', descending: false } },
      contractId: 'C-1',
    } as const;
    memory.write('a', place);
    expect(memory.read('a')).toEqual(place);
    expect(memory.read('b')).toEqual(NOWHERE);
  });

  it.each([
    null,
    '',
    '{',
    '7',
    '[]',
    '{"filter":{"view":"nonsense","text":""}}',
    '{"filter":{"view":"all","text":"","conditions":{"statuses":7}},"contractId":5}',
  ])('survives garbage: %s', (text) => {
    expect(readRemembered(text)).toEqual(NOWHERE);
  });

  it('keeps the part that is no garbage', () => {
    expect(readRemembered('{"filter":3,"contractId":"C-2"}')).toEqual({ ...NOWHERE, contractId: 'C-2' });
  });

  it('does without a storage that refuses', () => {
    const refuse = (): never => {
      throw new Error('quota');
    };
    const memory = createMemory({ getItem: refuse, setItem: refuse });
    memory.write('a', { filter: { view: 'all', text: '' }, contractId: null });
    expect(memory.read('a')).toEqual(NOWHERE);
  });
});
