import type { ConnectionState, ConnectionStatus } from '../../protocol/connection.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import type { ViewMessage } from '../../protocol/view.ts';
import { createCore } from '../app/core.ts';
import { systemClock } from '../ports/clock.ts';
import { ALL } from './harness.ts';
import { createTestDependencies } from './dependencies.ts';

/** What the app's process tells the soak: one message a second, and one when it ends. */
export interface SoakReport {
  readonly phase: ConnectionState['phase'] | 'none';
  readonly verdict: string;
  readonly upToId: string | null;
  /** Latest version shown of each contract in the window's view. */
  readonly versions: Readonly<Record<string, number>>;
  readonly opens: number;
  readonly rssBytes: number;
}

/** What the window has just been told, whence its words are made. */
export interface SoakSaying {
  readonly connection: ConnectionStatus | null;
  readonly receipt: Receipt | null;
}

/** What the soak tells the app's process: to end, or how far its computer's clock is from the truth, ms. */
export type SoakOrder = 'end' | { readonly clockMs: number };

/** `node soak-app.ts FOLDER SERVER`: the core with a window-like consumer that keeps what it was shown. */
const [folder = '', server = ''] = process.argv.slice(2);
const shown = new Map<string, number>();
let phase: SoakReport['phase'] = 'none';
let verdict = 'none';
let upToId: string | null = null;
let opens = 0;
let seq = 0;
let viewId = 0;
let clockMs = 0;
let saying: SoakSaying = { connection: null, receipt: null };

function say(part: Partial<SoakSaying>): void {
  saying = { ...saying, ...part };
  process.send?.({ saying });
}

/** What a tall window shows. */
const PAGE = { offset: 0, limit: 50 };
const core = await createCore(
  createTestDependencies(folder, {
    clock: { ...systemClock, now: () => Date.now() + clockMs },
    transports: ['sse', 'long_poll'],
    repairDelays: { first: 200, most: 5_000 },
    log: {
      info: (line) => void (line === 'connection: catching_up' && (opens += 1)),
      warn: (line) => void process.stderr.write(`${line}\n`),
    },
    send(channel, message) {
      if (channel === 'connection:changed') {
        const connection = message as ConnectionStatus;
        ({ phase } = connection.state);
        say({ connection });
      }
      if (channel === 'receipt:changed') {
        const receipt = message as Receipt;
        ({ verdict, upToId } = receipt);
        say({ receipt });
      }
      if (channel === 'view:batch') show(message as ViewMessage);
      if (channel === 'session:changed') void enter((message as { state: string }).state);
    },
  }),
);

/** As the window does: a jump of `seq` means that the view is read again. */
function show(batch: ViewMessage): void {
  if (batch.viewId !== viewId) return;
  if (batch.seq !== seq + 1) throw new Error(`the view jumped from message ${seq} to ${batch.seq}`);
  ({ seq } = batch);
  void core.handle('view:painted', { viewId, seq });
  for (const row of batch.rows) if (typeof row !== 'string') shown.set(row.contractId, row.version);
}

async function enter(state: string): Promise<void> {
  if (state === 'signed_out') {
    await core.handle('session:signIn', { server, username: 'anna', password: 'anna-demo' });
    return;
  }
  if (state !== 'signed_in') return;
  const opened = await core.handle('view:open', { filter: ALL, range: PAGE });
  ({ viewId } = opened);
  seq = opened.seq - 1;
  show(opened);
}

function report(): void {
  const versions = Object.fromEntries(shown);
  const rssBytes = process.memoryUsage.rss();
  const told: SoakReport = { phase, verdict, upToId, versions, opens, rssBytes };
  process.send?.({ report: told });
}

let beats = 0;
const beat = setInterval(() => {
  beats += 1;
  if (beats % 15 === 0) globalThis.gc?.();
  report();
}, 1000);
process.on('message', (order: SoakOrder) => {
  if (order === 'end') void end();
  else ({ clockMs } = order);
});

/** Scrolls once through the whole list. */
async function scroll(): Promise<void> {
  for (let offset = 0, total = 1; offset < total; offset += PAGE.limit) {
    const page = await core.handle('view:read', { viewId, range: { ...PAGE, offset } });
    ({ seq } = page);
    ({ total } = page);
    for (const row of page.rows) shown.set(row.contractId, row.version);
  }
}

async function end(): Promise<void> {
  clearInterval(beat);
  await scroll();
  report();
  await core.close();
  process.exit(0);
}
