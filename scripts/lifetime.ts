/** What a command has started and must not leave behind. */
export interface Lifetime {
  /** Registers how to end something; the last one registered is ended first. Called at most once, however the command ends. */
  defer(stop: () => Promise<void>): void;
}

/** A signal again within this time is the same one: a terminal, npm and `timeout` each may send it. In milliseconds. */
const SAME_SIGNAL_MS = 1000;
/** How often the starter is looked for, in milliseconds. */
const PARENT_CHECK_MS = 500;
const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Calls back when the shell that npm started us in has gone: `kill` of npm ends npm and that shell (npm runs scripts by `sh -c`), but
 * reaches no further. Does nothing outside npm, where losing the starter is an ordinary way to live on.
 */
function onStarterGone(callback: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return;
  const starter = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === starter) return;
    clearInterval(timer);
    callback();
  }, PARENT_CHECK_MS);
  timer.unref();
}

/**
 * Runs a command to its exit code and ends what it started: when it is done, when it throws (its message is printed, code 1), on SIGINT,
 * SIGTERM and SIGHUP (128 + the signal's number), and when the npm that ran it is gone (143). A signal again, a second later,
 * ends at once; leashed processes end with it all the same.
 */
export async function runCommand(main: (life: Lifetime) => Promise<number>): Promise<void> {
  const stops: (() => Promise<void>)[] = [];
  const interrupted = new Promise<number>((resolve) => {
    for (const [signal, code] of Object.entries(SIGNAL_CODES)) {
      let seenAt: number | undefined;
      process.on(signal, () => {
        if (seenAt === undefined) resolve(code);
        else if (performance.now() - seenAt > SAME_SIGNAL_MS) process.exit(code);
        seenAt ??= performance.now();
      });
    }
  });
  const orphaned = new Promise<number>((resolve) => onStarterGone(() => resolve(SIGNAL_CODES.SIGTERM)));
  const life: Lifetime = { defer: (stop) => void stops.push(stop) };
  const complain = (error: unknown): number => {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  };
  let code = await Promise.race([main(life).catch(complain), interrupted, orphaned]);
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    await stop().catch((error: unknown) => {
      code = Math.max(code, complain(error));
    });
  }
  process.exit(code);
}
