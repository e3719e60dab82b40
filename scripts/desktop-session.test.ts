import { describe, expect, it, vi } from 'vitest';
import { startDesktopSession } from './desktop-session.ts';
import { startXvfb } from './display.ts';
import { run } from './processes.ts';

describe.runIf(process.platform === 'linux')('a desktop session', () => {
  it('has an unlocked keyring and shows toasts that can be pressed', async () => {
    const display = await startXvfb();
    const session = await startDesktopSession(display);
    try {
      const env = { ...process.env, ...session.env };
      const locked = await run(
        'dbus-send',
        [
          '--session',
          '--print-reply',
          '--dest=org.freedesktop.secrets',
          '/org/freedesktop/secrets/collection/login',
          'org.freedesktop.DBus.Properties.Get',
          'string:org.freedesktop.Secret.Collection',
          'string:Locked',
        ],
        { env },
      );
      expect(locked.stdout).toContain('boolean false');

      // The press is for the newest of them, whatever its urgency.
      const older = ['--wait', '--urgency=critical', '--action=default=View', 'Contract expired', 'Lease'];
      void run('notify-send', older, { env });
      await vi.waitFor(async () => expect(await session.countToasts()).toBe(1), { timeout: 30_000 });
      const toast = run('notify-send', ['--wait', '--action=default=View', 'Contract declined', 'Supply'], {
        env,
      });
      await vi.waitFor(() => expect(session.toasts.join('\n')).toContain("summary: 'Contract declined'"), {
        timeout: 30_000,
      });
      await vi.waitFor(async () => expect(await session.countToasts()).toBe(2), { timeout: 30_000 });
      await session.pressNewestToast();
      expect((await toast).stdout).toBe('default\n');
      expect(await session.countToasts()).toBe(0);
    } finally {
      await session.stop();
      await display.stop();
    }
  });
});
