import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hasDisplay, startXvfb } from './display.ts';

/** The first byte an X server answers to a client without a cookie: 0 refused, 1 let in (X protocol, "Connection Setup"). */
function greet(display: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(`/tmp/.X11-unix/X${display.slice(1)}`);
    socket.on('error', reject).on('data', (answer) => {
      resolve(answer[0]);
      socket.destroy();
    });
    // Little-endian, protocol 11.0, no authorization.
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
  });
}

describe.runIf(process.platform === 'linux')('a virtual display', () => {
  it('takes a free number each, refuses strangers, and leaves nothing behind', async () => {
    const [first, second] = await Promise.all([startXvfb(), startXvfb({ size: '800x600x24' })]);
    try {
      expect(first.display).not.toBe(second.display);
      expect(await greet(first.display)).toBe(0);
    } finally {
      await Promise.all([first.stop(), second.stop()]);
    }
    expect(existsSync(dirname(first.env.XAUTHORITY))).toBe(false);
    await expect(greet(first.display)).rejects.toThrow();
  });
});

it('is needed on Linux only, and only where none is', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'win32')).toBe(true);
});
