export interface Serial {
  /** Runs the task when all that were asked for before have ended, well or badly. Settles as the task does. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Resolves when all that has been asked for by now has ended. */
  settled(): Promise<void>;
}

/** Tasks one at a time, in the order they were asked for; one that fails holds up none. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(task) {
      const result = last.then(task);
      last = result.catch(() => {});
      return result;
    },
    async settled() {
      await last;
    },
  };
}

export interface Rerun {
  /** Begins a run, or one more after the run under way. Resolves when no run is under way and none is to come. */
  ask(): Promise<void>;
  settled(): Promise<void>;
}

/** One run at a time; however often it is asked for meanwhile, one more follows, which sees all that was asked. `run` handles its own errors. */
export function createRerun(run: () => Promise<void>): Rerun {
  let asked = false;
  let running: Promise<void> | null = null;

  async function loop(): Promise<void> {
    while (asked) {
      asked = false;
      await run();
    }
    // In the same turn as the look at `asked`: what is asked for a microtask later begins the next loop.
    running = null;
  }

  return {
    ask() {
      asked = true;
      running ??= loop();
      return running;
    },
    async settled() {
      await running;
    },
  };
}
