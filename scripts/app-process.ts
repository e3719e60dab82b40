import type { ElectronRuntime } from './electron-runtime.ts';
import { ROOT } from './build.ts';
import { onLine, spawnLeashed, waitForEnd } from './processes.ts';
import { getSandboxArguments } from './sandbox.ts';

export interface AppProcess {
  /** Resolves when the app is gone: its exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** Lines of Chromium and GTK that say nothing about the app: buses and GPUs that a bare machine lacks, mostly. */
export function isNoise(line: string): boolean {
  return (
    line.trim() === '' ||
    /^\[\d+:(?:\d+:)?\d{4}\/\d{6}\.\d+:(?:INFO|WARNING|ERROR|VERBOSE\d*):/.test(line) ||
    /^\(\S+:\d+\): (?:Gtk|Gdk|GLib|GLib-GObject|dconf|libnotify)-(?:WARNING|CRITICAL|Message)/.test(line) ||
    /^(?:libva|MESA|Fontconfig) (?:error|warning|info)/i.test(line) ||
    /^(?:DevTools listening|Debugger listening|For help, see: https:\/\/nodejs)/.test(line)
  );
}

/** Starts the built app and passes on its lines, without Chromium's own unless `verbose`. */
export async function startApp(options: {
  readonly runtime: ElectronRuntime;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly verbose: boolean;
}): Promise<AppProcess> {
  const { runtime, verbose } = options;
  const args = [...(await getSandboxArguments(runtime.executable)), ...options.args, ROOT];
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
  // Set by some editors' terminals; Electron would then run as plain Node.
  delete env['ELECTRON_RUN_AS_NODE'];
  const { child, stop } = spawnLeashed(runtime.executable, args, { cwd: ROOT, env });
  const relay = (line: string): void => {
    if (verbose || !isNoise(line)) options.onLine(line);
  };
  if (child.stdout !== null) onLine(child.stdout, relay);
  if (child.stderr !== null) onLine(child.stderr, relay);
  return { ended: waitForEnd(child).then((end) => end.code), stop };
}
