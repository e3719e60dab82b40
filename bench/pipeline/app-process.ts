import { createCore } from '../../electron/app/core.ts';
import type { CoreDependencies } from '../../electron/app/core-types.ts';
import { openLedger } from '../../electron/ledger/worker/open-ledger.ts';
import type { Ledger, LedgerOptions } from '../../electron/ledger/types.ts';
import { createTestDependencies } from '../../electron/integration/dependencies.ts';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import type { SessionView } from '../../protocol/ipc.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import type { ViewMessage } from '../../protocol/view.ts';
import { answerParent, collectGarbage } from '../harness/child.ts';
import { USERNAME, WARM_UP, type AppRequest, type CaughtUp, type Span } from './protocol.ts';

/** The whole app but the window and Electron: session, stream, ledger in its thread, views, notifications. */

const GIVE_UP_MS = 600_000;
const SAMPLE_MS = 50;
const PAGE = { filter: { view: 'all', text: '' }, range: { offset: 0, limit: 50 } } as const;

function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${GIVE_UP_MS} ms: ${what}`)), GIVE_UP_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The product's own delays and bounds, not those that make tests fast. */
const DEFAULTS: Partial<CoreDependencies> = { limits: {} };

async function prepare(folder: string, server: string): Promise<void> {
  let live = (): void => {};
  const isLive = new Promise<void>((resolve) => (live = resolve));
  const core = await createCore(
    createTestDependencies(folder, {
      ...DEFAULTS,
      send(channel, message) {
        if (channel === 'connection:changed' && (message as ConnectionStatus).state.phase === 'live') live();
      },
    }),
  );
  const request = { server, username: USERNAME, password: `${USERNAME}-demo` };
  const answer = await core.handle('session:signIn', request);
  if (!answer.ok) throw new Error(`sign-in refused: ${answer.problem.code}`);
  await within(isLive, 'live after the baseline');
  await core.close();
}

type Spans = Pick<CaughtUp, 'all' | 'warm'>;

/** Tells how long it took from the first append's call until the event with this id was durable. */
async function openWatched(
  options: LedgerOptions,
  head: string,
  onDurable: (spans: Spans) => void,
): Promise<Ledger> {
  const ledger = await openLedger(options);
  let stored = 0;
  const begin = (): (() => Span) => {
    const [at, cpu, before] = [performance.now(), process.cpuUsage(), stored];
    return () => {
      const { user, system } = process.cpuUsage(cpu);
      return { events: stored - before, ms: performance.now() - at, cpuMicros: user + system };
    };
  };
  let all: (() => Span) | null = null;
  let warm: (() => Span) | null = null;
  return {
    ...ledger,
    async append(...args) {
      all ??= begin();
      const outcome = await ledger.append(...args);
      stored += outcome.stored;
      if (outcome.cursor === head && warm !== null) onDurable({ all: all(), warm: warm() });
      if (stored >= WARM_UP) warm ??= begin();
      return outcome;
    },
  };
}

async function catchUp(folder: string, head: string): Promise<CaughtUp> {
  collectGarbage();
  const startedAt = performance.now();
  let spans: Spans | null = null;
  let batches = 0;
  let peakRssBytes = 0;
  let complete = (): void => {};
  const isComplete = new Promise<void>((resolve) => (complete = resolve));
  const sample = (): void => {
    peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss());
  };
  const sampler = setInterval(sample, SAMPLE_MS);
  const core = await createCore(
    createTestDependencies(folder, {
      ...DEFAULTS,
      openLedger: (options) =>
        openWatched(options, head, (measured) => {
          spans ??= measured;
        }),
      send(channel, message) {
        // A copy, as IPC makes one.
        const copy: unknown = structuredClone(message);
        if (channel === 'view:batch') {
          batches++;
          const { viewId, seq } = copy as ViewMessage;
          void core.handle('view:painted', { viewId, seq });
        }
        if (channel === 'session:changed' && (copy as SessionView).state === 'signed_in') openView();
        if (channel !== 'receipt:changed') return;
        const { verdict, upToId } = copy as Receipt;
        if (verdict === 'complete' && upToId === head) complete();
      },
    }),
  );
  function openView(): void {
    // The session may be told before its account is open: the window asks again, and so do we.
    core.handle('view:open', PAGE).catch(() => setTimeout(openView, SAMPLE_MS));
  }
  await within(isComplete, `complete up to ${head}`);
  const receiptMs = performance.now() - startedAt;
  clearInterval(sampler);
  sample();
  await core.close();
  const measured = spans as Spans | null;
  if (measured === null) throw new Error(`the events up to ${head} came in one go: too few to measure`);
  return { ...measured, receiptMs, peakRssBytes, batches };
}

answerParent((message) => {
  const request = message as AppRequest;
  return request.kind === 'prepare'
    ? prepare(request.folder, request.server)
    : catchUp(request.folder, request.head);
});
