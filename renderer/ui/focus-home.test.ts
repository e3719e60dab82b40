import { afterEach, expect, it, vi } from 'vitest';
import { focusAfter } from './focus-home.ts';

class FakeElement {
  readonly isConnected: boolean;
  constructor(isConnected: boolean) {
    this.isConnected = isConnected;
  }
  closest(): null {
    return null;
  }
}

afterEach(() => vi.unstubAllGlobals());

it('gives the focus back to what had it, and to the list where nothing had it or what had it is gone', () => {
  const [body, list, button, gone] = [true, true, true, false].map((there) => new FakeElement(there));
  vi.stubGlobal('HTMLElement', FakeElement);
  vi.stubGlobal('document', { body, querySelector: (home: string) => (home === '#feed' ? list : null) });
  const after = (before: FakeElement | null | undefined) => focusAfter(before as unknown as Element | null);
  expect(after(button)).toBe(button);
  for (const nowhere of [null, body, gone]) expect(after(nowhere)).toBe(list);
});
