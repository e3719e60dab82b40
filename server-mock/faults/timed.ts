import type { Control } from '../types.ts';
import type { Fault } from './types.ts';

export interface TimedFaults {
  /** Begins those of the list that happen by the clock and ends those of the list before. */
  apply(faults: readonly Fault[]): void;
  stop(): void;
}

/** The faults that happen to the server as a whole: restarts, new epochs, expiry, revocation, a skewed clock. */
export function createTimedFaults(
  control: Control,
  userIds: readonly string[],
  onLine: (line: string) => void,
): TimedFaults {
  let timers: NodeJS.Timeout[] = [];
  let skewed = false;

  function every(ms: number, act: () => void): void {
    timers.push(setInterval(act, ms));
  }

  function start(fault: Fault): void {
    switch (fault.kind) {
      case 'clock_skew':
        skewed = true;
        return control.setClockSkew(fault.ms);
      case 'new_epoch':
        return every(fault.everyMs, () => control.newEpoch());
      case 'truncate':
        return every(fault.everyMs, () => {
          for (const userId of userIds) control.truncate(userId, fault.keep);
        });
      case 'expire_tokens':
        return every(fault.everyMs, () => control.expireTokens());
      case 'revoke':
        return every(fault.everyMs, () => {
          for (const userId of userIds) control.revoke(userId);
        });
      case 'restart':
        return every(fault.everyMs, () => {
          control.restart(fault.downMs).catch((error: unknown) => onLine(`restart failed: ${String(error)}`));
        });
      default:
    }
  }

  function stop(): void {
    for (const timer of timers) clearInterval(timer);
    timers = [];
  }

  return {
    apply(faults) {
      stop();
      if (skewed) control.setClockSkew(0);
      skewed = false;
      for (const fault of faults) start(fault);
    },
    stop,
  };
}
