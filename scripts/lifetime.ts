/** What a command has started and must not leave behind. */
export interface Lifetime {
  /** Registers how to end something; the last one registered is ended first. Called at most once, however the command ends. */
  defer(stop: () => Promise<void>): void;
}

const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs a command to its exit code and ends what it started: when it is done, when it throws (its message is printed, code 1), and on
 * SIGINT, SIGTERM and SIGHUP (128 + the signal's number). A second signal ends at once; leashed processes end with it all the same.
 */
export async function runCommand(main: (life: Lifetime) => Promise<number>): Promise<void> {
  const stops: (() => Promise<void>)[] = [];
  const interrupted = new Promise<number>((resolve) => {
    for (const [signal, code] of Object.entries(SIGNAL_CODES)) {
      let seen = false;
      process.on(signal, () => {
        if (seen) process.exit(code);
        seen = true;
        resolve(code);
      });
    }
  });
  const life: Lifetime = { defer: (stop) => void stops.push(stop) };
  const complain = (error: unknown): number => {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  };
  let code = await Promise.race([main(life).catch(complain), interrupted]);
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    await stop().catch((error: unknown) => {
      code = Math.max(code, complain(error));
    });
  }
  process.exit(code);
}
