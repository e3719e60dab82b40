import { net, powerMonitor } from 'electron';
import { networkInterfaces } from 'node:os';

/** What the machine tells of itself. Hints: each makes the app look at its connection, none is believed. */
export interface PowerEvents {
  wake(why: 'resume' | 'network'): void;
  sleep(): void;
}

/** Electron's main process has no event for a change of network; this is how often it is looked at. */
const LOOK_MS = 4_000;

const describeNetwork = (): string =>
  JSON.stringify([
    net.isOnline(),
    Object.entries(networkInterfaces()).map(([name, addresses]) => [
      name,
      addresses?.filter(({ internal }) => !internal).map(({ address }) => address),
    ]),
  ]);

/** After `ready`. Returns what ends it. */
export function watchPower(events: PowerEvents): () => void {
  const onResume = (): void => events.wake('resume');
  const onSuspend = (): void => events.sleep();
  powerMonitor.on('resume', onResume);
  powerMonitor.on('unlock-screen', onResume);
  powerMonitor.on('suspend', onSuspend);

  let network = describeNetwork();
  const timer = setInterval(() => {
    const now = describeNetwork();
    if (now === network) return;
    network = now;
    events.wake('network');
  }, LOOK_MS);

  return () => {
    clearInterval(timer);
    powerMonitor.off('resume', onResume);
    powerMonitor.off('unlock-screen', onResume);
    powerMonitor.off('suspend', onSuspend);
  };
}
