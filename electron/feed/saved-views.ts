import type { SavedView, SavedViewChange } from '../../protocol/filter.ts';
import type { Ledger } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';
import { createThrottle } from './throttle.ts';

/** Their counts cost a query each. */
const EVERY_MS = 1_000;

/** The person's own views, with counts that follow while the window watches them. Each change answers with all of them. */
export interface SavedViews {
  /** From now on the window is told of changes. */
  read(): Promise<readonly SavedView[]>;
  save(view: SavedViewChange): Promise<readonly SavedView[]>;
  remove(savedId: number): Promise<readonly SavedView[]>;
  order(savedIds: readonly number[]): Promise<readonly SavedView[]>;
  /** Something in the ledger, or the time of day, has changed. */
  touch(): void;
  windowGone(): void;
  close(): Promise<void>;
}

export interface SavedViewsOptions {
  readonly ledger: Ledger;
  readonly accountId: number;
  readonly clock: Clock;
  send(views: readonly SavedView[]): void;
  /** They are others now, or what they say of notifications is something else. */
  onSaved(): void;
  onFailure(error: unknown): void;
}

export function createSavedViews(options: SavedViewsOptions): SavedViews {
  const { ledger, accountId } = options;
  let watched = false;
  /** What the window has. */
  let last = '';

  async function answer(): Promise<readonly SavedView[]> {
    watched = true;
    const views = await ledger.savedViews(accountId);
    last = JSON.stringify(views);
    return views;
  }

  const tell = createThrottle(options.clock, EVERY_MS, async () => {
    if (!watched) return;
    try {
      const views = await ledger.savedViews(accountId);
      const text = JSON.stringify(views);
      if (!watched || text === last) return;
      last = text;
      options.send(views);
    } catch (error) {
      options.onFailure(error);
    }
  });

  return {
    read: answer,
    async save(view) {
      await ledger.saveView(accountId, view);
      options.onSaved();
      return answer();
    },
    async remove(savedId) {
      await ledger.removeView(accountId, savedId);
      options.onSaved();
      return answer();
    },
    async order(savedIds) {
      await ledger.orderViews(accountId, savedIds);
      return answer();
    },
    touch() {
      if (watched) tell.ask();
    },
    windowGone() {
      watched = false;
    },
    close: tell.close,
  };
}
