import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hasDisplay, startXvfb } from './display.ts';
import type { Display } from './display.ts';

/** The cookie of an Xauthority file with one entry: its last 16 bytes. */
const readCookie = async (display: Display): Promise<Buffer> =>
  (await readFile(display.env.XAUTHORITY)).subarray(-16);

/** The first byte an X server answers to a client: 0 refused, 1 let in (X protocol, "Connection Setup"); undefined: there is none. */
function greet(display: Display, cookie: Buffer | null): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect(`/tmp/.X11-unix/X${display.display.slice(1)}`);
    socket
      .on('error', () => resolve(undefined))
      .on('data', (answer) => {
        resolve(answer[0]);
        socket.destroy();
      });
    // Little-endian, protocol 11.0, lengths of the name and data of the authorization, each padded to four bytes.
    const name = 'MIT-MAGIC-COOKIE-1';
    if (cookie === null) socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    else {
      const head = Buffer.from([0x6c, 0, 11, 0, 0, 0, name.length, 0, cookie.length, 0, 0, 0]);
      socket.write(Buffer.concat([head, Buffer.from(`${name}\0\0`), cookie]));
    }
  });
}

describe.runIf(process.platform === 'linux')('a virtual display', () => {
  it('takes a free number each, lets in who has its cookie alone, and leaves nothing behind', async () => {
    const [first, second] = await Promise.all([startXvfb(), startXvfb({ size: '800x600x24' })]);
    const cookie = await readCookie(first);
    try {
      expect(first.display).not.toBe(second.display);
      expect(await greet(first, null)).toBe(0);
      expect(await greet(first, cookie)).toBe(1);
    } finally {
      await Promise.all([first.stop(), second.stop()]);
    }
    expect(existsSync(dirname(first.env.XAUTHORITY))).toBe(false);
    // Somebody else may have taken the number meanwhile: it does not know our cookie.
    expect(await greet(first, cookie)).not.toBe(1);
  });
});

it('is needed on Linux only, and only where none is', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'win32')).toBe(true);
});
