import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOnBus, hasTrayHost, readsMarkup, socketOf } from './session-bus.ts';
import { encodeMessage, MESSAGE, readMessage, readStrings } from './session-bus-wire.ts';
import { startTrayHost } from './testing.ts';

describe.runIf(process.platform === 'linux')('on a real bus', () => {
  let daemon: ChildProcess;
  let addresses = '';

  beforeAll(async () => {
    daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(daemon.stdout as Readable, 'data')) as [Buffer];
    addresses = line.toString().trim();
  });
  afterAll(() => void daemon.kill());

  it('knows whether the desktop shows a tray, now', async () => {
    expect(await hasTrayHost(addresses)).toBe(false);
    const host = await startTrayHost(addresses);
    expect(await hasTrayHost(addresses)).toBe(true);
    host.stop();
    await expect.poll(() => hasTrayHost(addresses)).toBe(false);
  });

  it('reads lists, and takes what nobody answers for no', async () => {
    const bus = 'org.freedesktop.DBus';
    const call = { destination: bus, path: '/org/freedesktop/DBus', interface: bus };
    const answer = await callOnBus(addresses, { ...call, member: 'ListNames' });
    expect(answer && readStrings(answer)).toContain(bus);
    expect(await callOnBus(addresses, { ...call, member: 'Nonsense' })).toBeNull();
    expect(await readsMarkup(addresses)).toBe(false);
  });
});

describe('where there is no bus', () => {
  let folder = '';
  let server: Server | null = null;
  const path = () => join(folder, 'bus');

  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'pulse-bus-'))));
  afterAll(async () => {
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('the answer is no', async () => {
    for (const addresses of [undefined, '', 'tcp:host=127.0.0.1,port=9', `unix:path=${path()}`])
      expect(await hasTrayHost(addresses)).toBe(false);
  });

  it.runIf(process.platform !== 'win32')('nor is somebody believed who talks of other things', async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(`OK 0\r\n${'\xff'.repeat(64)}`);
    }).listen(path());
    await once(server, 'listening');
    expect(await hasTrayHost(`unix:path=${path()}`)).toBe(false);
  });
});

it('finds the socket among the addresses', () => {
  expect(socketOf('unix:path=/run/user/1000/bus')).toBe('/run/user/1000/bus');
  expect(socketOf('tcp:host=x;unix:guid=1,path=/tmp/a%20b')).toBe('/tmp/a b');
  expect(socketOf('unix:abstract=/tmp/dbus-1,guid=2')).toBe('\0/tmp/dbus-1');
});

it('reads what it writes, and waits for a message that is not whole', () => {
  const message = { type: MESSAGE.call, serial: 7, path: '/a', member: 'Té', destination: 'd' };
  const bytes = encodeMessage({ ...message, replyTo: 3, values: ['ж', 4, true] });
  for (let end = 0; end < bytes.length; end++) expect(readMessage(bytes.subarray(0, end))).toBeNull();
  const read = readMessage(Buffer.concat([bytes, Buffer.from('more')]));
  expect(read?.message).toMatchObject({ ...message, replyTo: 3, signature: 'sub' });
  expect(read?.rest.toString()).toBe('more');
});
