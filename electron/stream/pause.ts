import type { Clock } from '../ports/clock.ts';

/** What may end a pause before its time. */
export type Hint = 'user' | 'resume' | 'network';

/** Whether a hint that is not the user's ends the pause; it may be given another length instead. */
export type MayEnd = (shorten: (ms: number) => void) => boolean;

/** The pauses between two attempts, one at a time. */
export interface Pauses {
  /**
   * Until `ms` have passed (null: for ever), the user wants to go on, or `mayEnd` says that a hint is enough. True: the time
   * has passed.
   */
  pause(ms: number | null, mayEnd?: MayEnd): Promise<boolean>;
  /** False: there is no pause that it could end. */
  hint(why: Hint): boolean;
  /** For the pause that may follow what is done now. */
  hintNext(why: Hint): void;
  /** Another attempt begins: what was asked for before is done by it. */
  forget(): void;
  /** Ends the present pause, and from now on there is none. */
  close(): void;
}

export function createPauses(clock: Clock): Pauses {
  let closed = false;
  let wake: ((why: Hint) => void) | null = null;
  let asked: Hint | null = null;

  return {
    async pause(ms, mayEnd = () => false) {
      if (closed) return false;
      return new Promise<boolean>((resolve) => {
        let cancel = (): void => {};
        const go = (inTime: boolean): void => {
          cancel();
          wake = null;
          resolve(inTime);
        };
        const sleep = (rest: number, inTime: boolean): void => {
          cancel();
          cancel = clock.after(rest, () => go(inTime));
        };
        if (ms !== null) sleep(ms, true);
        wake = (why) => {
          if (closed || why === 'user' || mayEnd((rest) => sleep(rest, false))) go(false);
        };
        if (asked !== null) wake(asked);
      });
    },
    hint(why) {
      if (wake === null) return false;
      wake(why);
      return true;
    },
    hintNext(why) {
      asked = why;
    },
    forget() {
      asked = null;
    },
    close() {
      closed = true;
      wake?.('user');
    },
  };
}
