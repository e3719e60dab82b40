import type {
  ContractRow,
  ViewBatch,
  ViewCounts,
  ViewFilter,
  ViewMessage,
  ViewRange,
} from '../../protocol/view.ts';
import type { Ledger, ViewPage } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';
import { createThrottle, type Pace } from './throttle.ts';

/**
 * A change is shown within a frame. In a flood the window could not paint sixty lists a second, and nobody could read
 * them: messages would wait there in a queue, and behind them what the person has asked for.
 */
const PACE: Pace = { everyMs: 16, burst: 4, steadyMs: 100, share: 0.25 };
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
  /** Counts the requests that changed range or hold; a batch read for an older one is not sent. */
  request: number;
  /** What was told last, to tell only what differs: the text of each row by its key, in their order, and of all else. */
  rows: ReadonlyMap<string, string>;
  rest: string;
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
  /** So many changes more were received that are news. */
  noteReceived(count: number): void;
  /** Something in the ledger changed: all views are read again, within a frame or, in a flood, ten times a second unless it is urgent. */
  publish(urgent?: boolean): void;
  /** Once a window has been told what is published by now: by a message, or in answer to what it asked for. */
  whenTold(): Promise<'told' | 'answered'>;
  closeAll(): void;
  close(): Promise<void>;
}

type Content = Omit<ViewBatch, 'seq'>;

const textsOf = (rows: readonly ContractRow[]): ReadonlyMap<string, string> =>
  new Map(rows.map((row) => [row.key, JSON.stringify(row)]));
const textOfRest = (content: Content): string => JSON.stringify({ ...content, rows: null });

export function createViews(options: ViewsOptions): Views {
  const { ledger, accountId } = options;
  const views = new Map<number, View>();
  let nextId = 1;
  const flush = createThrottle(options.clock, PACE, flushAll);
  let received = 0;
  let countsDue = false;
  let untold: ((how: 'told' | 'answered') => void)[] = [];
  const counts = createThrottle(options.clock, COUNTS_MS, () => {
    countsDue = true;
    flush.ask();
  });

  async function load(view: View): Promise<Content> {
    const { range, held } = view;
    const page: ViewPage & { readonly waiting?: number } = held
      ? await ledger.readFrozen(accountId, view.viewId, range)
      : await ledger.readView(accountId, view.filter, range);
    return {
      viewId: view.viewId,
      total: page.total,
      offset: range.offset,
      rows: page.rows,
      waiting: page.waiting ?? 0,
      held,
      counts: page.counts,
      received,
    };
  }

  /** Notes that this is told now; answers its number. */
  function note(view: View, content: Content, rows: View['rows'], rest: string): number {
    Object.assign(view, { rows, rest });
    view.seq += 1;
    options.onCounts(content.counts);
    return view.seq;
  }

  function noteAnswered(): void {
    for (const tell of untold.splice(0)) tell('answered');
  }

  async function answer(view: View): Promise<ViewBatch> {
    view.request += 1;
    const content = await load(view);
    noteAnswered();
    return { ...content, seq: note(view, content, textsOf(content.rows), textOfRest(content)) };
  }

  async function flushAll(): Promise<void> {
    try {
      if (views.size === 0) {
        const page = await ledger.readView(accountId, { view: 'all', text: '' }, { offset: 0, limit: 1 });
        options.onCounts(page.counts);
        return;
      }
      const withCounts = countsDue;
      countsDue = false;
      const waiting = untold;
      untold = [];
      for (const view of views.values()) await flushView(view, withCounts);
      for (const tell of waiting) tell('told');
    } catch (error) {
      options.onFailure(error);
    }
  }

  async function flushView(view: View, withCounts: boolean): Promise<void> {
    const { request } = view;
    const content = await load(view);
    if (view.request !== request || views.get(view.viewId) !== view) return;
    const before = view.rows;
    const rows = textsOf(content.rows);
    const rest = textOfRest(content);
    const isSame = [...rows.values()].join() === [...before.values()].join();
    if (isSame && rest === view.rest) {
      options.onCounts(content.counts);
      return;
    }
    if (isSame && !withCounts) {
      counts.ask();
      return;
    }
    const told = content.rows.map((row) => (before.get(row.key) === rows.get(row.key) ? row.key : row));
    options.send({ ...content, rows: told, seq: note(view, content, rows, rest) });
  }

  function find(viewId: number): View {
    const view = views.get(viewId);
    if (!view) throw new Error(`View ${viewId} is not open. Open it again.`);
    return view;
  }

  function drop(viewId: number): Promise<void> {
    const view = views.get(viewId);
    views.delete(viewId);
    return view?.held ? ledger.releaseView(viewId) : Promise.resolve();
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
        rows: new Map(),
        rest: '',
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
      if (held && !view.held) await ledger.holdView(accountId, viewId, view.filter);
      if (!held && view.held) await ledger.releaseView(viewId);
      view.held = held;
      view.range = range;
      return answer(view);
    },
    filterOf: (viewId) => find(viewId).filter,
    ids: async (viewId, offset, count) =>
      ledger.viewIds(accountId, viewId, find(viewId).filter, { offset, count }),
    closeView: drop,
    noteReceived(count) {
      received += count;
    },
    whenTold: () => new Promise((tell) => untold.push(tell)),
    publish: (urgent = false) => (urgent ? flush.askUrgently() : flush.ask()),
    closeAll() {
      for (const viewId of views.keys()) drop(viewId).catch(options.onFailure);
    },
    async close() {
      views.clear();
      noteAnswered();
      await Promise.all([counts.close(), flush.close()]);
    },
  };
}
