import { existsSync } from 'node:fs';
import { replaceFileBriefly } from '../ports/replace-file.ts';

/** What of a window matters when it is closed. */
export interface ClosableWindow {
  hide(): void;
  close(): void;
  isDestroyed(): boolean;
}

export interface StayOptions {
  /** The person's setting. */
  wants(): boolean;
  /** Whether the desktop shows our icon now, by which the window comes back. */
  hasTray(): Promise<boolean>;
  /** Says, once on this computer, where the app has gone. */
  explain(): void;
  /** A file that is there once it was explained. */
  explainedPath: string;
}

/**
 * What closing the window does: where the desktop has a tray, and the person has not chosen otherwise, the window is only hidden and
 * the app goes on; else it closes, and the app ends as lifecycle.ts says. `ending`: the app is being quit, nothing may hold it.
 */
export function createStay({ wants, hasTray, explain, explainedPath }: StayOptions) {
  let ending = false;
  let asked = false;

  function explainOnce(): void {
    if (existsSync(explainedPath)) return;
    explain();
    try {
      replaceFileBriefly(explainedPath, '');
    } catch {
      // Then it is explained once more.
    }
  }

  return {
    end: () => void (ending = true),
    onClose(event: { preventDefault(): void }, window: ClosableWindow): void {
      if (ending || !wants()) return;
      event.preventDefault();
      // A second press while the desktop is being asked changes nothing.
      if (asked) return;
      asked = true;
      void hasTray().then((has) => {
        asked = false;
        if (window.isDestroyed() || ending) return;
        if (has) {
          window.hide();
          explainOnce();
          return;
        }
        ending = true;
        window.close();
        ending = false;
      });
    },
  };
}
