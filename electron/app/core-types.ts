import type {
  MessageChannel,
  MessageMap,
  NotificationTest,
  RequestChannel,
  RequestMap,
  StorageProblem,
} from '../../protocol/ipc.ts';
import type { Settings } from '../../protocol/settings.ts';
import type { Transport } from '../../protocol/connection.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import type { Log } from '../ports/log.ts';
import type { Vault } from '../ports/vault.ts';
import type { Ledger, LedgerOptions, RetentionPolicy } from '../ledger/types.ts';
import type { StreamLimits } from '../stream/types.ts';

/** A desktop notification to be shown. Words are already in the user's language. */
export interface Toast {
  /** Same tag replaces: one a contract, and one for the digest. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  /** Opened by a click; null for the digest, whose click shows the feed. */
  readonly contractId: string | null;
  readonly urgent: boolean;
}

/** What the window cannot decide by itself: a page that somebody else has taken over would say yes. */
export type Question =
  /** Name and password are about to go there, for the first time from this computer. */
  | { readonly about: 'server'; readonly server: string }
  /** The person is to sign in for `server` by the browser, at these origins. */
  | { readonly about: 'issuer'; readonly server: string; readonly issuer: string }
  /** Contracts of `server` are to be opened at `portal`, an origin that was not set for it before. */
  | { readonly about: 'portal'; readonly server: string; readonly portal: string };

/** Everything the core takes from outside; the shell gives Electron's, tests give plain Node's. */
export interface CoreDependencies {
  /** One client an account and life of its session; `close` ends its sockets. */
  createHttp(): HttpPort & { close(): void };
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The ledger's file (its folder exists) and the worker's module. */
  readonly ledgerPath: string;
  readonly workerUrl: URL;
  /** The file of the settings; its folder exists. */
  readonly settingsPath: string;
  /** How the ledger is opened; default `openLedger`. Proofs put a failing disk in between. */
  readonly openLedger?: (options: LedgerOptions) => Promise<Ledger>;
  readonly appVersion: string;
  readonly platform: string;
  readonly systemLocale: string;
  /** Prefilled at sign-in; '' for none. */
  readonly suggestedServer: string;
  /** The one way to the window; dropped silently while there is none. */
  send<C extends MessageChannel>(channel: C, message: MessageMap[C]): void;
  showToast(toast: Toast): void;
  /** Shows it, and says what became of it. */
  testNotification(toast: Toast): Promise<NotificationTest>;
  /** The system takes no notifications, or did not take the last one. */
  notificationsRefused(): boolean;
  /** Takes these away, where they are still shown; `all`: every one. */
  withdrawToasts(tags: readonly string[] | 'all'): void;
  /** Contracts that need the user: dock badge, tray. `untold`: besides, those that are muted or in a view that is not told. */
  showBadge(count: number, untold: number): void;
  /** Whether the window is in front: then no toasts. */
  isInFront(): boolean;
  /** The machine's opinion; a hint, never a proof. */
  isOnline(): boolean;
  /** Puts it into the system's clipboard; rejects where that is not taken. */
  copyText(text: string): Promise<void>;
  /** Ends the app in order and starts it once more. */
  restart(): void;
  /** In force from now on: what lies outside the window follows (colours before the first paint, menu). At the start, too. */
  applySettings(settings: Settings): void;
  /** Hands an https address (on this very machine http, too, where passwords go no further) to the person's browser; else rejects. */
  openExternal(url: string): Promise<void>;
  /**
   * Asks the person where to save and gives `write` a way to put text there, piece by piece. The file appears whole, or
   * not at all: then it rejects with an Error that is safe to show. Resolves with its path; null: they changed their mind.
   */
  saveFile(
    suggestedName: string,
    write: (put: (text: string) => Promise<void>) => Promise<void>,
  ): Promise<string | null>;
  /** As saveFile, for a file that `make` writes itself, whole or not at all, at the path it is given. */
  saveCopy(suggestedName: string, make: (path: string) => Promise<void>): Promise<string | null>;
  /** Asks the person for a file of this extension; null: they changed their mind. */
  chooseFile(extension: string): Promise<string | null>;
  /** The addresses of a host; none where a proxy looks them up. Rejects where it has none. */
  lookUp(host: string): Promise<readonly string[]>;
  /** Asks the person, outside the window: what the window says may be somebody else's wish. */
  confirm(question: Question): Promise<boolean>;
  /** True for a runtime that is for development and tests only: passwords go to this very computer, and nowhere else. */
  readonly loopbackOnly?: boolean;
  /** Removes what the machine keeps besides ledger and vault and may tell of an account: logs, toasts, the window's own store. */
  eraseTraces(): Promise<void>;
  /** Facts of the machine and runtime for the support information, one a line. */
  describeMachine(): readonly string[];
  readonly transports?: readonly Transport[];
  readonly limits?: Partial<StreamLimits>;
  readonly retention?: RetentionPolicy;
  /** How long an acknowledgement can be undone, ms. Default 8 000. */
  readonly undoMs?: number;
  /** Back-off of repairs while gaps stay open: first and longest wait, ms. Default 5 s … 10 min. */
  readonly repairDelays?: { readonly first: number; readonly most: number };
  /** Back-off of acknowledgements that did not get through, ms. Default 2 s … 60 s. */
  readonly outboxDelays?: { readonly first: number; readonly most: number };
}

/** The whole app without a window: session, stream, ledger, views, notifications. */
export interface Core {
  /** Arguments are validated here against `requestSchemas`; a bad one rejects with a clear Error. */
  handle<C extends RequestChannel>(channel: C, argument: unknown): Promise<RequestMap[C]['response']>;
  /** From powerMonitor and the network: looks at the connection at once. */
  wake(why: 'resume' | 'network'): void;
  /** The machine is about to sleep. */
  sleep(): void;
  /** The window was reloaded or closed: its views are gone. */
  windowGone(): void;
  /** A click on a toast, or a link. */
  showContract(contractId: string, byLink: boolean): void;
  readonly storage: StorageProblem | null;
  /** Bounded by 5 s: ends the stream, finishes writing, closes the ledger. */
  close(): Promise<void>;
}

export type CreateCore = (deps: CoreDependencies) => Promise<Core>;
