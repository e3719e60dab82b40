import { setTimeout as wait } from 'node:timers/promises';

/** For the page to draw what it was told, ms. */
const PAINT_MS = 50;
/** Without a window the wait ends all the same, ms. */
const LIMIT_MS = 30_000;

/** Linux without a keychain still "encrypts", with a password that is in Chromium's source. */
export const isPlainText = (backend: string): boolean => backend === 'basic_text' || backend === 'unknown';

/** Whether a keychain answers without a word to the person, so that nothing need be on the screen first. */
export const asksNobody = (platform: NodeJS.Platform, backend: string): boolean =>
  platform === 'win32' || isPlainText(backend);

/** When main may be held up: the window is on the screen and says what it waits for. */
export interface FirstLook {
  shown(): void;
  /** The page has been told who is signed in, or what is being waited for. */
  told(): void;
  readonly over: Promise<unknown>;
}

export function createFirstLook(): FirstLook {
  let shown = (): void => {};
  let told = (): void => {};
  const both = Promise.all([
    new Promise<void>((resolve) => (shown = resolve)),
    new Promise<void>((resolve) => (told = resolve)),
  ]);
  return {
    shown: () => shown(),
    told: () => told(),
    over: Promise.race([both.then(() => wait(PAINT_MS)), wait(LIMIT_MS, undefined, { ref: false })]),
  };
}
