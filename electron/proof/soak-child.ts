import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SoakReport } from './soak-app.ts';

/** The app under soak as a process of its own, so that its memory is measured alone. */
export interface SoakChild {
  /** Its latest report; null before the first. */
  last(): SoakReport | null;
  /** It has ended, by itself or not. */
  isGone(): boolean;
  end(): Promise<void>;
}

export function startSoakChild(folder: string, server: string): SoakChild {
  const app = fork(fileURLToPath(new URL('soak-app.ts', import.meta.url)), [folder, server], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // What grows shall be what is kept, not what V8 has not cared to collect yet.
    execArgv: ['--expose-gc', '--max-semi-space-size=2'],
  });
  let last: SoakReport | null = null;
  let gone = false;
  app.on('message', (message) => (last = message as SoakReport));
  app.on('exit', () => (gone = true));
  return {
    last: () => last,
    isGone: () => gone,
    async end() {
      if (gone) return;
      app.send('end');
      await once(app, 'exit');
    },
  };
}
