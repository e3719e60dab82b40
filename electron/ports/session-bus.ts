import { connect, type Socket } from 'node:net';
import { encodeMessage, MESSAGE, readBoolean, readMessage, readStrings } from './session-bus-wire.ts';
import type { BusMessage, BusValue } from './session-bus-wire.ts';

/** One method of an object on the bus. */
export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly values?: readonly BusValue[];
}

/** The bus is on this very machine, and so is whoever answers. Ms. */
const PATIENCE_MS = 2_000;
const BUS = 'org.freedesktop.DBus';

/** Where the socket lies, of the first address in the list that has one; null for none. */
export function socketOf(addresses: string | undefined): string | null {
  for (const address of (addresses ?? '').split(';')) {
    const found = /^unix:(?:.*,)?(path|abstract)=([^,]+)/.exec(address);
    if (found?.[2] === undefined) continue;
    try {
      return `${found[1] === 'abstract' ? '\0' : ''}${decodeURIComponent(found[2])}`;
    } catch {
      return null;
    }
  }
  return null;
}

export interface BusConnection {
  send(message: Parameters<typeof encodeMessage>[0]): void;
  close(): void;
}

/** Connects as the user who runs this, and says hello (serial 1). `onEnd`: it could not, or the bus is gone. */
export function joinBus(
  path: string,
  onMessage: (message: BusMessage) => void,
  onEnd: () => void,
): BusConnection {
  let held: Buffer = Buffer.alloc(0);
  let accepted = false;
  let waiting: Buffer[] = [];
  const socket: Socket = connect({ path });
  const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
  socket.on('error', onEnd);
  socket.on('close', onEnd);
  socket.write(`\0AUTH EXTERNAL ${user}\r\n`);

  function accept(): boolean {
    const end = held.indexOf('\r\n');
    if (end === -1) return false;
    if (!held.toString('latin1', 0, end).startsWith('OK ')) throw new Error('the session bus refused us');
    held = held.subarray(end + 2);
    accepted = true;
    socket.write('BEGIN\r\n');
    const hello = { destination: BUS, path: '/org/freedesktop/DBus', interface: BUS, member: 'Hello' };
    socket.write(encodeMessage({ ...hello, type: MESSAGE.call, serial: 1 }));
    for (const message of waiting) socket.write(message);
    waiting = [];
    return true;
  }

  socket.on('data', (bytes) => {
    held = Buffer.concat([held, bytes]);
    try {
      if (!accepted && !accept()) return;
      for (let next = readMessage(held); next !== null; next = readMessage(held)) {
        held = next.rest;
        onMessage(next.message);
      }
    } catch {
      socket.destroy();
    }
  });
  return {
    send(message) {
      const encoded = encodeMessage(message);
      if (accepted) socket.write(encoded);
      else waiting.push(encoded);
    },
    close: () => socket.destroy(),
  };
}

/** Calls a method on the session bus of `addresses` (DBUS_SESSION_BUS_ADDRESS). Null: no bus, nobody there, an error, or no answer in time. */
export function callOnBus(addresses: string | undefined, call: BusCall): Promise<BusMessage | null> {
  const path = socketOf(addresses);
  if (path === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const finish = (answer: BusMessage | null): void => {
      clearTimeout(timer);
      bus.close();
      resolve(answer);
    };
    const bus = joinBus(
      path,
      (message) => {
        if (message.replyTo === 2) finish(message.type === MESSAGE.answer ? message : null);
      },
      () => finish(null),
    );
    const timer = setTimeout(() => finish(null), PATIENCE_MS);
    bus.send({ ...call, type: MESSAGE.call, serial: 2 });
  });
}

/** Whether somebody shows the icons of a tray now. GNOME, for one, shows none unless an extension does. */
export async function hasTrayHost(addresses: string | undefined): Promise<boolean> {
  const watcher = 'org.kde.StatusNotifierWatcher';
  const answer = await callOnBus(addresses, {
    destination: watcher,
    path: '/StatusNotifierWatcher',
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    values: [watcher, 'IsStatusNotifierHostRegistered'],
  });
  return answer !== null && readBoolean(answer) === true;
}

/** Whether the desktop takes the body of a notification for markup, in which a `<` begins a tag. */
export async function readsMarkup(addresses: string | undefined): Promise<boolean> {
  const notifications = 'org.freedesktop.Notifications';
  const answer = await callOnBus(addresses, {
    destination: notifications,
    path: '/org/freedesktop/Notifications',
    interface: notifications,
    member: 'GetCapabilities',
  });
  return answer !== null && readStrings(answer)?.includes('body-markup') === true;
}
