import { Notification, app } from 'electron';
import { arch, release, type } from 'node:os';
import { describeKeychain } from './vault.ts';

/** Facts for the support information, one a line; nothing that names the person or the machine. */
export function describeMachine(): readonly string[] {
  const { chrome, electron, node } = process.versions;
  return [
    `Contract Pulse ${app.getVersion()}${app.isPackaged ? '' : ' (development)'}`,
    `Electron ${electron}, Chromium ${chrome}, Node ${node}`,
    `${type()} ${release()} ${arch()}`,
    `Locale ${app.getLocale()}, system ${app.getSystemLocale()}`,
    `Keychain ${describeKeychain()}`,
    `Notifications ${Notification.isSupported() ? 'supported' : 'not supported'}`,
    `Sandbox ${app.commandLine.hasSwitch('no-sandbox') ? 'off (development)' : 'on'}`,
  ];
}
