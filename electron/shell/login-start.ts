import { app } from 'electron';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Log } from '../ports/log.ts';
import { removeFileBriefly, replaceFileBriefly } from '../ports/replace-file.ts';
import { autostartEntry, isAutostartOn } from './autostart-entry.ts';
import { describeError } from './safe-message.ts';
import { HIDDEN_SWITCH, type StartOptions } from './start-options.ts';

interface LoginStart {
  /** As the system has it now; the person may have changed it there. */
  isOn(): boolean;
  /** @throws Error when the file cannot be written */
  set(on: boolean): void;
}

/**
 * Starting, out of sight, when the person signs in to this computer: a desktop entry in the autostart folder on Linux
 * (https://specifications.freedesktop.org/autostart-spec/latest/), a login item elsewhere. The function it returns is given the
 * setting, at the start and after each change. `turnOff`: the setting does not hold, because the system refused, or the person has
 * turned it off there.
 */
export function createLoginStart(log: Log, turnOff: () => void): (wanted: boolean) => void {
  const system = process.platform === 'linux' ? autostartFile() : loginItem();
  let before: boolean | null = null;
  return (wanted) => {
    const isFirst = before === null;
    const isSame = wanted === (before ?? false);
    before = wanted;
    if (isSame) return;
    if (isFirst && !system.isOn()) return turnOff();
    try {
      // At the start, too: the program may have moved.
      system.set(wanted);
    } catch (error) {
      log.warn(`start at login: ${describeError(error)}`);
      if (wanted) turnOff();
    }
  };
}

/** Whether this start was the system's own, at sign-in. */
export const wasStartedAtLogin = ({ hidden }: StartOptions): boolean =>
  hidden || (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);

function loginItem(): LoginStart {
  const args = process.platform === 'win32' ? { args: [HIDDEN_SWITCH] } : {};
  return {
    isOn: () => app.getLoginItemSettings(args).openAtLogin,
    set: (on) => app.setLoginItemSettings({ openAtLogin: on, ...args }),
  };
}

function autostartFile(): LoginStart {
  const config = process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  const path = join(config, 'autostart', 'contract-pulse.desktop');
  // An AppImage's own files are gone once it ends; a development build is a folder that Electron runs.
  const program = app.isPackaged
    ? [process.env['APPIMAGE'] ?? process.execPath]
    : [process.execPath, app.getAppPath()];
  return {
    isOn() {
      try {
        return isAutostartOn(readFileSync(path, 'utf8'));
      } catch {
        return false;
      }
    },
    set(on) {
      if (!on) return removeFileBriefly(path);
      mkdirSync(dirname(path), { recursive: true });
      replaceFileBriefly(path, autostartEntry([...program, HIDDEN_SWITCH]));
    },
  };
}
