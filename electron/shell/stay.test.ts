import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStay } from './stay.ts';

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'pulse-stay-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

function begin({ wants = true, has = true } = {}) {
  const explain = vi.fn();
  const stay = createStay({
    wants: () => wants,
    hasTray: () => Promise.resolve(has),
    explain,
    explainedPath: join(folder, 'explained'),
  });
  let state: 'shown' | 'hidden' | 'closed' = 'shown';
  const window = {
    hide: () => void (state = 'hidden'),
    isDestroyed: () => state === 'closed',
    close(): void {
      let prevented = false;
      stay.onClose({ preventDefault: () => void (prevented = true) }, window);
      if (!prevented) state = 'closed';
    },
  };
  return { stay, explain, window, state: () => state };
}

test('with a tray closing hides the window, and says once where it has gone', async () => {
  const first = begin();
  first.window.close();
  first.window.close();
  await vi.waitFor(() => expect(first.state()).toBe('hidden'));
  expect(first.explain).toHaveBeenCalledTimes(1);
  const second = begin();
  second.window.close();
  await vi.waitFor(() => expect(second.state()).toBe('hidden'));
  expect(second.explain).not.toHaveBeenCalled();
});

test('without a tray, or where it is not wanted, closing closes', async () => {
  const noTray = begin({ has: false });
  noTray.window.close();
  await vi.waitFor(() => expect(noTray.state()).toBe('closed'));
  expect(noTray.explain).not.toHaveBeenCalled();
  const unwanted = begin({ wants: false });
  unwanted.window.close();
  expect(unwanted.state()).toBe('closed');
});

test('nothing holds an app that is being quit, also when the desktop was asked a moment before', async () => {
  const quitting = begin();
  quitting.window.close();
  quitting.stay.end();
  quitting.window.close();
  expect(quitting.state()).toBe('closed');
  await Promise.resolve();
  expect(quitting.explain).not.toHaveBeenCalled();
});
