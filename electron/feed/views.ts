import type { ViewBatch, ViewCounts, ViewFilter, ViewMessage, ViewRange } from '../../protocol/view.ts';
import type { Ledger, ViewUpdate } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';
import { createThrottle, type Pace } from './throttle.ts';

/**
 * A change is shown within a frame. In a flood lists have at most this share of the ledger's time and the window's, which keep the
 * rest for what the person asks for.
 */
const PACE: Pace = { everyMs: 16, burst: 4, steadyMs: 33, share: 0.25 };
/** What a changed row costs a window that draws it, ms: about that on a slow machine. */
const ROW_MS = 1;
/** A window that does not say within this time that it has painted what it was told is told the next all the same. Ms. */
const PAINTED_MS = 500;
/** At most so often where counts changed and no row did: a held list under a flood would be sent whole for each event. */
const COUNTS_MS = 250;
/** The window needs one or two; more is a mistake that must not grow. */
const MAX_VIEWS = 16;

interface View {
  readonly viewId: number;
  readonly filter: ViewFilter;
  range: ViewRange;
  held: boolean;
  seq: number;
  /** Counts the requests that changed range or hold; what was read for an older one is not sent. */
  request: number;
  /** What was read last was not sent: the next is told whole. */
  lost: boolean;
  /** The newest message that the window has painted. */
  painted: number;
}

export interface ViewsOptions {
  readonly ledger: Ledger;
  readonly accountId: number;
  readonly clock: Clock;
  send(batch: ViewMessage): void;
  /** The counts of the latest read, for badge and tray. */
  onCounts(counts: ViewCounts): void;
  onFailure(error: unknown): void;
}

export interface Views {
  open(filter: ViewFilter, range: ViewRange): Promise<ViewBatch>;
  /** Throws for a view that is not open. */
  read(viewId: number, range: ViewRange): Promise<ViewBatch>;
  hold(viewId: number, held: boolean, range: ViewRange): Promise<ViewBatch>;
  /** What the view shows. Throws for a view that is not open. */
  filterOf(viewId: number): ViewFilter;
  /** Ids of its rows in their present (possibly held) order. */
  ids(viewId: number, offset: number, count: number): Promise<readonly string[]>;
  closeView(viewId: number): Promise<void>;
  /** The window has painted this message and those before it. */
  painted(viewId: number, seq: number): void;
  /** So many changes more were received that are news. */
  noteReceived(count: number): void;
  /** Something in the ledger changed: what differs in a view is told within a frame; in a flood as the pace says, unless it is urgent. */
  publish(urgent?: boolean): void;
  /** Once a window has painted what is published by now, or has been answered what it asked for. */
  whenTold(): Promise<'told' | 'answered'>;
  closeAll(): void;
  close(): Promise<void>;
}

export function createViews(options: ViewsOptions): Views {
  const { ledger, accountId } = options;
  const views = new Map<number, View>();
  let nextId = 1;
  const flush = createThrottle(options.clock, PACE, flushAll);
  let received = 0;
  let countsDue = false;
  /** What waits for the window to paint. */
  const painters = new Set<() => void>();
  let untold: ((how: 'told' | 'answered') => void)[] = [];
  const counts = createThrottle(options.clock, COUNTS_MS, () => {
    countsDue = true;
    flush.ask();
  });

  /** What the ledger has to tell of the view, as a message; null for nothing. */
  function toMessage(view: View, { page, counts }: ViewUpdate): ViewMessage | null {
    options.onCounts(counts);
    if (page === null) return null;
    view.seq += 1;
    const { viewId, seq, held, range } = view;
    return { viewId, seq, offset: range.offset, held, counts, received, ...page };
  }

  function noteAnswered(): void {
    for (const tell of untold.splice(0)) tell('answered');
  }

  async function answer(view: View): Promise<ViewBatch> {
    view.request += 1;
    const update = await ledger.tellView(accountId, view, 'whole');
    view.lost = false;
    noteAnswered();
    const message = toMessage(view, update);
    if (message === null) throw new Error(`View ${view.viewId} was not told whole.`);
    return message as ViewBatch;
  }

  /** What it has cost, ms. */
  async function flushAll(): Promise<number | void> {
    try {
      if (views.size === 0) {
        const page = await ledger.readView(accountId, { view: 'all', text: '' }, { offset: 0, limit: 1 });
        options.onCounts(page.counts);
        return;
      }
      let cost = 0;
      const withCounts = countsDue;
      countsDue = false;
      const waiting = untold;
      untold = [];
      for (const view of views.values()) cost += await flushView(view, withCounts);
      for (const tell of waiting) tell('told');
      return cost;
    } catch (error) {
      options.onFailure(error);
    }
  }

  /** Resolves with its cost once the window has painted it: no view has two messages on their way. */
  async function flushView(view: View, withCounts: boolean): Promise<number> {
    const { request } = view;
    const askedAt = options.clock.monotonic();
    const how = withCounts ? 'changes' : 'rows';
    const update = await ledger.tellView(accountId, view, view.lost ? 'whole' : how);
    const cost = options.clock.monotonic() - askedAt;
    if (view.request !== request || views.get(view.viewId) !== view) {
      view.lost = true;
      return cost;
    }
    view.lost = false;
    if (update.isBehind) counts.ask();
    const message = toMessage(view, update);
    if (message === null) return cost;
    options.send(message);
    await untilPainted(view, message.seq);
    return cost + ROW_MS * message.rows.filter((row) => typeof row !== 'string').length;
  }

  async function untilPainted(view: View, seq: number): Promise<void> {
    if (view.painted >= seq) return;
    await new Promise<void>((resolve) => {
      const cancel = options.clock.after(PAINTED_MS, end);
      function end(): void {
        cancel();
        painters.delete(look);
        resolve();
      }
      function look(): void {
        if (view.painted >= seq || views.get(view.viewId) !== view) end();
      }
      painters.add(look);
    });
  }

  function notePainted(): void {
    for (const look of painters) look();
  }

  function find(viewId: number): View {
    const view = views.get(viewId);
    if (!view) throw new Error(`View ${viewId} is not open. Open it again.`);
    return view;
  }

  function drop(viewId: number): Promise<void> {
    if (!views.delete(viewId)) return Promise.resolve();
    notePainted();
    return ledger.releaseView(viewId);
  }

  return {
    async open(filter, range) {
      if (views.size >= MAX_VIEWS) {
        const [oldest] = views.keys();
        if (oldest !== undefined) await drop(oldest);
      }
      const view: View = {
        viewId: nextId,
        filter,
        range,
        held: false,
        seq: 0,
        request: 0,
        lost: false,
        painted: 0,
      };
      nextId += 1;
      views.set(view.viewId, view);
      return answer(view);
    },
    async read(viewId, range) {
      const view = find(viewId);
      view.range = range;
      return answer(view);
    },
    async hold(viewId, held, range) {
      const view = find(viewId);
      view.request += 1;
      const { held: wasHeld } = view;
      if (held && !wasHeld) await ledger.holdView(accountId, viewId, view.filter);
      // Before it is let go of: nobody reads what is not held any more.
      Object.assign(view, { held, range });
      if (!held && wasHeld) await ledger.releaseView(viewId);
      return answer(view);
    },
    filterOf: (viewId) => find(viewId).filter,
    ids: async (viewId, offset, count) =>
      ledger.viewIds(accountId, viewId, find(viewId).filter, { offset, count }),
    closeView: drop,
    painted(viewId, seq) {
      const view = views.get(viewId);
      if (view === undefined) return;
      view.painted = Math.max(view.painted, seq);
      notePainted();
    },
    noteReceived(count) {
      received += count;
    },
    whenTold: () => new Promise((tell) => untold.push(tell)),
    publish: (urgent = false) => (urgent ? flush.askUrgently() : flush.ask()),
    closeAll() {
      for (const viewId of views.keys()) drop(viewId).catch(options.onFailure);
    },
    async close() {
      // The ledger's thread lives on, and numbers begin anew with the next sign-in. Where it has ended it keeps none of them.
      const dropped = Promise.allSettled(Array.from(views.keys(), drop));
      noteAnswered();
      await Promise.all([dropped, counts.close(), flush.close()]);
    },
  };
}
