import { createStore, type StoreApi } from 'zustand/vanilla';

export interface TimeZoneState {
  /** The window's own zone, an IANA name: what is made of times and days is made anew when it changes. */
  readonly timeZone: string;
}

export interface TimeZoneStore extends StoreApi<TimeZoneState> {
  /** Main says that the computer is elsewhere: asks until the window has been told the same by the browser. */
  follow(timeZone: string): void;
}

/** The browser tells window and main at the same time; main then takes up to some seconds to notice. */
const AGAIN_MS = 500;
const MOST = 20;

export const windowTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

export function createTimeZoneStore(read: () => string = windowTimeZone): TimeZoneStore {
  const store = createStore<TimeZoneState>(() => ({ timeZone: read() }));
  let timer: ReturnType<typeof setTimeout> | undefined;

  function look(told: string, left: number): void {
    clearTimeout(timer);
    const timeZone = read();
    if (timeZone !== store.getState().timeZone) store.setState({ timeZone });
    if (timeZone !== told && left > 0) timer = setTimeout(() => look(told, left - 1), AGAIN_MS);
  }

  return Object.assign(store, {
    follow: (timeZone: string) => look(timeZone, MOST),
  });
}
