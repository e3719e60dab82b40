import { joinBus, socketOf } from './session-bus.ts';
import { MESSAGE } from './session-bus-wire.ts';

/** A desktop's tray in miniature: it owns the watcher's name, says that icons are shown, and takes every icon. */
export interface TrayHost {
  /** Names under which icons have come. */
  readonly icons: readonly string[];
  /** As a tray that is taken from the desktop. */
  stop(): void;
}

/** Resolves once it owns the name on the bus of `addresses`. */
export function startTrayHost(addresses: string): Promise<TrayHost> {
  const path = socketOf(addresses);
  if (path === null) throw new Error(`No socket in ${addresses}.`);
  const icons: string[] = [];
  return new Promise((resolve, reject) => {
    let serial = 2;
    const bus = joinBus(
      path,
      ({ type, serial: replyTo, sender, member, replyTo: answers }) => {
        if (answers === 2) resolve({ icons, stop: bus.close });
        if (type !== MESSAGE.call) return;
        if (member === 'RegisterStatusNotifierItem') icons.push(sender);
        const values = member === 'Get' ? [{ variant: true }] : [];
        bus.send({ type: MESSAGE.answer, serial: ++serial, replyTo, destination: sender, values });
      },
      () => reject(new Error('The session bus has gone.')),
    );
    bus.send({
      type: MESSAGE.call,
      serial: 2,
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member: 'RequestName',
      // 4: not in a queue behind another owner.
      values: ['org.kde.StatusNotifierWatcher', 4],
    });
  });
}
