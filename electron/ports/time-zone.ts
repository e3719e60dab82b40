/**
 * The computer's time zone as this thread's `Intl` has it, an IANA name. In Electron's main process it follows the computer
 * (Chromium watches the system's setting, and tells the window as well); `Date` does not, see `followTimeZone`.
 */
export function timeZoneName(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * Makes `Date` of this thread follow the computer into another zone. V8 keeps the zone that a thread has met first until it is
 * told to look again, and Node tells it when TZ is set or removed in the real environment: a worker thread must have
 * been started with SHARE_ENV (https://nodejs.org/api/process.html#processenv). Not to be called before Intl has followed: Chromium
 * compares the system's zone with the process's own, which this changes, and would then not tell the window.
 */
export function followTimeZone(): void {
  const { TZ } = process.env;
  if (TZ === undefined) delete process.env['TZ'];
  else process.env['TZ'] = TZ;
}
