import { mkdirSync } from 'node:fs';
import type { Database } from '../../ledger/storage/sqlite.ts';
import type { ConnectionStatus } from '../../../protocol/connection.ts';
import type { AwaySummary } from '../../../protocol/away.ts';
import type {
  MessageChannel,
  MessageMap,
  RequestChannel,
  RequestMap,
  SessionView,
} from '../../../protocol/ipc.ts';
import type { Receipt } from '../../../protocol/receipt.ts';
import type { ContractDetail, ViewMessage } from '../../../protocol/view.ts';
import { createCore } from '../../app/core.ts';
import type { Core, Toast, CoreDependencies } from '../../app/core-types.ts';
import type { Clock } from '../../ports/clock.ts';
import { silentLog } from '../../ports/log.ts';
import type { Vault } from '../../ports/vault.ts';
import { createTestDependencies } from '../dependencies.ts';
import { openLedgerInProcess } from './ledger-in-process.ts';
import type { InProcessLedger } from './ledger-in-process.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Wire } from './wire.ts';

export const SERVER_ADDRESS = 'https://contracts.example.com';

/** What the window was told last; it keeps what a window keeps, and forgets it when the app ends. */
export interface Shown {
  session: SessionView | null;
  connection: ConnectionStatus | null;
  receipt: Receipt | null;
  /** The open contract. */
  contract: ContractDetail | null;
  away: AwaySummary | null;
  /** Contracts in the view of all; null before the list is there. */
  total: number | null;
  /** The tray's and the dock's number. */
  badge: number;
  /** Muted ones besides, by the tray. */
  untold: number;
  /** All toasts ever shown, with the true time. */
  readonly toasts: { readonly toast: Toast; readonly at: number }[];
}

export interface App {
  readonly shown: Shown;
  /** The ledger's file, read beside the ledger; null while the app does not run. */
  db(): Database | null;
  /** Since when the app has been running, true time; null while it does not. */
  readonly runningSince: number | null;
  /** The contract that the person has opened. */
  readonly opened: string | null;
  start(): Promise<void>;
  /** Closes it as a person does. */
  quit(): Promise<void>;
  /** Ends the process in the middle of whatever it does. */
  kill(): void;
  signIn(): Promise<void>;
  /** A request of the window; failures are told to the person, which is no sentence of ours. */
  ask<C extends RequestChannel>(channel: C, argument: unknown): Promise<RequestMap[C]['response'] | null>;
  openContract(contractId: string): Promise<void>;
  wake(why: 'resume' | 'network'): void;
  sleep(): void;
  /** Until nothing is under way any more that does not wait for time to pass. */
  settle(): Promise<void>;
  /** Lets time pass until it is done, at most a minute. */
  finish(work: Promise<unknown>): Promise<void>;
}

/** What a test puts between the app and its parts, to make it lie. */
export interface Tampering {
  /** The ledger as the app is to see it. */
  ledger?(ledger: InProcessLedger['ledger']): InProcessLedger['ledger'];
  /** The message as the window is to be told it. */
  message?<C extends MessageChannel>(channel: C, message: MessageMap[C]): MessageMap[C];
  toast?(toast: Toast): readonly Toast[];
  badge?(count: number): number;
  away?(summary: AwaySummary | null): AwaySummary | null;
}

export interface AppOptions {
  readonly folder: string;
  readonly clock: VirtualClock;
  readonly wire: Wire;
  readonly random: () => number;
  readonly tampering?: Tampering;
  readonly trace?: (line: string) => void;
}

/** A macrotask: all microtasks have run by then. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Turns after which nothing is under way: the app's parts here answer within microtasks. */
const TURNS = 2;
const LONGEST_WORK_MS = 60_000;

export function createApp(options: AppOptions): App {
  const { clock, wire, folder, tampering = {} } = options;
  mkdirSync(folder, { recursive: true });
  let core: Core | null = null;
  let ledger: InProcessLedger | null = null;
  let runningSince: number | null = null;
  let opened: string | null = null;
  /** Each run of the app has a number: what a dead one still says is not heard. */
  let run = 0;
  let sockets: (() => void)[] = [];
  let secret: string | null = null;
  const vault: Vault = {
    persistent: true,
    read: async () => (secret === null ? { state: 'absent' } : { state: 'present', secret }),
    async write(text) {
      secret = text;
    },
    async erase() {
      secret = null;
    },
  };
  const shown: Shown = { ...nothing(), toasts: [] };

  function depsOf(number: number): CoreDependencies {
    const isMine = (): boolean => number === run;
    const { computer } = clock;
    // A process that was killed does nothing any more, whatever is left of it here.
    const mine: Clock = {
      ...computer,
      after: (ms, work) => computer.after(ms, () => isMine() && work()),
    };
    return createTestDependencies(folder, {
      createHttp() {
        const http = wire.createHttp();
        sockets.push(http.close);
        return {
          ...http,
          request: (asked) => (isMine() ? http.request(asked) : new Promise<never>(() => {})),
        };
      },
      vault,
      clock: mine,
      random: options.random,
      log: silentLog,
      limits: {},
      transports: ['sse', 'long_poll'],
      undoMs: 8_000,
      repairDelays: { first: 5_000, most: 600_000 },
      outboxDelays: { first: 2_000, most: 60_000 },
      isOnline: () => !wire.faults.offline,
      async openLedger(opening) {
        ledger = openLedgerInProcess(opening, clock.computer.monotonic);
        return tampering.ledger?.(ledger.ledger) ?? ledger.ledger;
      },
      send(channel, message) {
        if (isMine()) receive(channel, structuredClone(tampering.message?.(channel, message) ?? message));
      },
      showToast(toast) {
        if (!isMine()) return;
        for (const one of tampering.toast?.(toast) ?? [toast])
          shown.toasts.push({ toast: one, at: clock.now() });
      },
      showBadge(count, untold) {
        if (!isMine()) return;
        shown.badge = tampering.badge?.(count) ?? count;
        shown.untold = untold;
      },
    });
  }

  function receive(channel: MessageChannel, message: unknown): void {
    if (channel === 'session:changed') {
      shown.session = message as SessionView;
      if (shown.session.state === 'signed_in') void openList();
    }
    if (channel === 'connection:changed') shown.connection = message as ConnectionStatus;
    if (channel === 'receipt:changed') {
      shown.receipt = message as Receipt;
      void readAway();
    }
    if (channel === 'contract:changed') shown.contract = message as ContractDetail;
    if (channel === 'view:batch') {
      const { total, viewId, seq } = message as ViewMessage;
      shown.total = total;
      void ask('view:painted', { viewId, seq });
    }
  }

  async function ask<C extends RequestChannel>(
    channel: C,
    argument: unknown,
  ): Promise<RequestMap[C]['response'] | null> {
    const mine = run;
    const answer = await core?.handle(channel, argument).catch(() => null);
    return mine === run ? (answer ?? null) : null;
  }

  /** As the window does: the list when somebody is signed in, the summary when an absence is told. */
  async function openList(): Promise<void> {
    const batch = await ask('view:open', {
      filter: { view: 'all', text: '' },
      range: { offset: 0, limit: 20 },
    });
    if (batch !== null) shown.total = batch.total;
    const boot = await ask('app:bootstrap', undefined);
    if (boot === null) return;
    shown.connection ??= boot.connection;
    shown.receipt ??= boot.receipt;
    if (shown.contract !== null)
      shown.contract = await ask('contract:open', { contractId: shown.contract.row.contractId });
  }

  async function openOne(contractId: string): Promise<ContractDetail | null> {
    const detail = await ask('contract:open', { contractId });
    return detail === null ? null : (tampering.message?.('contract:changed', detail) ?? detail);
  }

  async function readAway(): Promise<void> {
    if (shown.receipt === null || shown.receipt.absence === null) return;
    const summary = await ask('away:read', undefined);
    shown.away = tampering.away?.(summary) ?? summary;
  }

  async function settle(): Promise<void> {
    for (let count = 0; count < TURNS; count += 1) await turn();
  }

  async function finish(work: Promise<unknown>): Promise<void> {
    const progress = { done: false };
    const end = (): void => {
      progress.done = true;
    };
    work.then(end, end);
    const until = clock.now() + LONGEST_WORK_MS;
    for (let turns = 0; !progress.done && clock.now() < until; turns += 1) {
      await turn();
      // Files are read and written in real time: some turns before time passes.
      if (turns > 20 && !clock.step(1_000)) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await settle();
  }

  function ended(): void {
    run += 1;
    core = null;
    runningSince = null;
    opened = null;
    for (const close of sockets) close();
    sockets = [];
    ledger?.kill();
    ledger = null;
    Object.assign(shown, nothing());
  }

  return {
    shown,
    db: () => ledger?.db ?? null,
    get runningSince() {
      return runningSince;
    },
    get opened() {
      return opened;
    },
    async start() {
      run += 1;
      runningSince = clock.now();
      await finish(
        createCore(depsOf(run)).then((made) => {
          core = made;
        }),
      );
      await settle();
    },
    async quit() {
      const closing = core?.close();
      if (closing !== undefined) await finish(closing);
      ended();
    },
    kill: ended,
    async signIn() {
      await finish(ask('session:signIn', { server: SERVER_ADDRESS, username: 'anna', password: 'secret' }));
    },
    ask,
    async openContract(contractId) {
      shown.contract = await openOne(contractId);
      // Nobody can open what has no row.
      opened = shown.contract === null ? null : contractId;
    },
    wake: (why) => core?.wake(why),
    sleep: () => core?.sleep(),
    settle,
    finish,
  };
}

function nothing(): Omit<Shown, 'toasts'> {
  return {
    session: null,
    connection: null,
    receipt: null,
    contract: null,
    away: null,
    total: null,
    badge: 0,
    untold: 0,
  };
}
