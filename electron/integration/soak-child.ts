import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SoakOrder, SoakReport, SoakSaying } from './soak-app.ts';

/** The app under soak as a process of its own, so that its memory is measured alone. */
export interface SoakChild {
  /** Its latest report; null before the first. */
  last(): SoakReport | null;
  /** Its computer's clock is so far from the truth from now on, ms. */
  setClock(clockMs: number): void;
  /** It has ended, by itself or not. */
  isGone(): boolean;
  end(): Promise<void>;
}

export function startSoakChild(
  folder: string,
  server: string,
  onSaying: (saying: SoakSaying) => void,
): SoakChild {
  const app = fork(fileURLToPath(new URL('soak-app.ts', import.meta.url)), [folder, server], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // What grows shall be what is kept, not what V8 has not cared to collect yet.
    execArgv: ['--expose-gc', '--max-semi-space-size=2'],
  });
  let last: SoakReport | null = null;
  let gone = false;
  const order = (what: SoakOrder): void => void (gone || app.send(what));
  app.on('message', (message: { readonly report?: SoakReport; readonly saying?: SoakSaying }) => {
    last = message.report ?? last;
    if (message.saying !== undefined) onSaying(message.saying);
  });
  app.on('exit', () => (gone = true));
  return {
    last: () => last,
    setClock: (clockMs) => order({ clockMs }),
    isGone: () => gone,
    async end() {
      if (gone) return;
      order('end');
      await once(app, 'exit');
    },
  };
}
