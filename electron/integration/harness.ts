import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import type { MessageChannel, MessageMap, SessionView, StorageProblem } from '../../protocol/ipc.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import {
  unfoldMessage,
  type ContractRow,
  type ViewBatch,
  type ViewFilter,
  type ViewMessage,
} from '../../protocol/view.ts';
import { createCore } from '../app/core.ts';
import type { Core, Toast, CoreDependencies } from '../app/core-types.ts';
import { createTestDependencies } from './dependencies.ts';

/** A window-like consumer: the latest of each message, and all of them in order. */
export interface FakeWindow {
  readonly messages: { readonly channel: MessageChannel; readonly message: unknown }[];
  readonly toasts: Toast[];
  session(): SessionView | null;
  connection(): ConnectionStatus | null;
  receipt(): Receipt | null;
  storage(): StorageProblem | null;
  /** The messages of the views, with all their rows. */
  batches(): readonly ViewBatch[];
  /** Rows as they were last told, by key. */
  readonly rows: Map<string, ContractRow>;
  badge: number;
  /** What the tray is told besides: muted ones, and those of views that are not told. */
  untold: number;
  inFront: boolean;
}

export interface Harness {
  readonly folder: string;
  readonly window: FakeWindow;
  readonly deps: CoreDependencies;
  core: Core;
  /** Closes the core and begins a new one on the same file and vault: the app started again. */
  restart(between?: () => Promise<void>): Promise<void>;
  signIn(server: string, username?: string, password?: string): Promise<void>;
  phase(): string;
  close(): Promise<void>;
}

export const ALL: ViewFilter = { view: 'all', text: '' };

export async function createHarness(given: Partial<CoreDependencies> = {}): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'pulse-proof-'));
  const window = createWindow();
  const deps = createTestDependencies(folder, {
    send(channel, message) {
      receive(window, channel, message);
      if (channel !== 'view:batch') return;
      const { viewId, seq } = message as ViewMessage;
      void harness.core.handle('view:painted', { viewId, seq });
    },
    showToast: (toast) => window.toasts.push(toast),
    showBadge(count, untold) {
      window.badge = count;
      window.untold = untold;
    },
    isInFront: () => window.inFront,
    ...given,
  });
  const harness: Harness = {
    folder,
    window,
    deps,
    core: watchViews(await createCore(deps), window),
    async restart(between) {
      await harness.core.close();
      window.messages.length = 0;
      await between?.();
      harness.core = watchViews(await createCore(deps), window);
    },
    async signIn(server, username = 'anna', password = 'anna-demo') {
      const result = await harness.core.handle('session:signIn', { server, username, password });
      if (!result.ok) throw new Error(`sign-in refused: ${JSON.stringify(result.problem)}`);
    },
    phase: () => window.connection()?.state.phase ?? 'none',
    async close() {
      await harness.core.close();
      if (process.env['INTEGRATION_KEEP'] === undefined)
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return harness;
}

/** The window knows rows from answers too. */
function watchViews(core: Core, window: FakeWindow): Core {
  const handle: Core['handle'] = async (channel, argument) => {
    const answer = await core.handle(channel, argument);
    if (channel === 'view:open' || channel === 'view:read' || channel === 'view:hold') {
      for (const row of (answer as ViewBatch).rows) window.rows.set(row.key, row);
    }
    return answer;
  };
  // Upon it, not a copy: some of its properties change.
  return Object.assign(Object.create(core) as Core, { handle });
}

function createWindow(): FakeWindow {
  const messages: { channel: MessageChannel; message: unknown }[] = [];
  function last<C extends MessageChannel>(channel: C): MessageMap[C] | null {
    const found = messages.findLast((one) => one.channel === channel);
    return found ? (found.message as MessageMap[C]) : null;
  }
  return {
    messages,
    rows: new Map(),
    toasts: [],
    badge: 0,
    untold: 0,
    inFront: false,
    session: () => last('session:changed'),
    connection: () => last('connection:changed'),
    receipt: () => last('receipt:changed'),
    storage: () => last('storage:changed'),
    batches: () =>
      messages.filter((one) => one.channel === 'view:batch').map((one) => one.message as ViewBatch),
  };
}

const KEPT_MESSAGES = 20_000;

function receive(window: FakeWindow, channel: MessageChannel, message: unknown): void {
  // As over IPC: what arrives is a copy, and must be one that can be cloned.
  let copy: unknown = structuredClone(message);
  if (channel === 'view:batch') {
    copy = unfoldMessage(copy as ViewMessage, window.rows);
    if (copy === null) throw new Error('A view told a row by its key that it had never told whole.');
    for (const row of (copy as ViewBatch).rows) window.rows.set(row.key, row);
  }
  window.messages.push({ channel, message: copy });
  if (window.messages.length > KEPT_MESSAGES) window.messages.splice(0, KEPT_MESSAGES / 2);
}

/** Waits until `check` holds; fails with `what` and the last state after `withinMs`. */
export async function until(
  check: () => boolean | Promise<boolean>,
  what: string | (() => string),
  withinMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await check())) {
    if (performance.now() > deadline) {
      throw new Error(`not within ${withinMs} ms: ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
