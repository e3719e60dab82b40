import * as v from 'valibot';
import type { AwaySummary } from './away.ts';
import type { ConnectionStatus } from './connection.ts';
import { actionRequestSchema, type ActionOutcome } from './actions.ts';
import type { Failure, PlainCode } from './failures.ts';
import { filterSchema, savedViewSchema, type Facets, type SavedView } from './filter.ts';
import type { Overview } from './overview.ts';
import type { Receipt } from './receipt.ts';
import { MAX_PROFILE_LENGTH } from './profile/profile.ts';
import type { SignInProblem } from './sign-in.ts';
import type { Finding } from './findings.ts';
import { checkRequestSchema, type CheckAnswer } from './server-check.ts';
import { settingsChangeSchema, type Settings, type SettingsProblem, type StorageStats } from './settings.ts';
import type { ContractDetail, ViewBatch, ViewMessage } from './view.ts';

/**
 * The one IPC contract. `RequestMap` is what the window asks of main, `MessageMap` what main tells the
 * window. Main and preload are typed from these maps; `requestSchemas` is the run-time check of every
 * argument, and must cover every channel (checked by the compiler below).
 */

/** A key for programs, or a token that somebody made: sent as it is with each request, in this header (`authorization`: as a bearer token). */
export interface SignInKey {
  readonly header: string;
  readonly value: string;
}

/** `username` with a key: the user's id, as it stands before the `_` in the names of the events. */
export type SignInRequest = {
  /** As typed: `contracts.example.com`, `http://127.0.0.1:4000`. */
  readonly server: string;
  readonly username: string;
} & (
  | { readonly password: string }
  /** `profile`: the server is the one of the profile that was chosen last. */
  | { readonly key: SignInKey; readonly profile?: true | undefined }
  /** As the profile that was chosen last says; `username` is not looked at. */
  | { readonly browser: true }
);

/** A server profile that the person has chosen: main keeps it, the window shows it. */
export interface ChosenProfile {
  readonly name: string;
  readonly origin: string;
  /** The user's id stands in its address or in the names of its events. */
  readonly needsUserId: boolean;
  /** Where the person signs in by the browser; null: they give a key here. */
  readonly issuer: string | null;
}

/** Null: the person changed their mind. */
export type ProfileChoice = ChosenProfile | { readonly problem: SignInProblem } | null;

export type SignInResult = { readonly ok: true } | { readonly ok: false; readonly problem: SignInProblem };

export type SessionView =
  /** `waitsForKeychain`: the stored sign-in is being read, and the system may be asking the person for a password. */
  | { readonly state: 'restoring'; readonly waitsForKeychain?: true }
  | {
      readonly state: 'signed_out';
      readonly server: string;
      readonly username: string;
      /** `locked`: a sign-in is stored, but the keychain does not give it out now; it is looked at again. */
      readonly ended: 'none' | 'by_user' | 'expired' | 'revoked' | 'locked';
      /** By which it was signed in, where the server has ended that: chosen for the next sign-in. */
      readonly profile?: ChosenProfile;
    }
  | {
      readonly state: 'signed_in';
      readonly server: string;
      readonly username: string;
      readonly userName: string;
      readonly locale: string;
      /** False where the keychain is unavailable: the session lasts until the app quits. */
      readonly remembered: boolean;
      /** This server takes no acknowledgements. */
      readonly cannotAcknowledge?: true;
    };

/** Something is wrong with what is stored here; the app goes on as well as it can. */
export type StorageProblem = {
  readonly code:
    | 'corrupt'
    | 'newer_version'
    | 'read_only'
    | 'locked'
    | 'disk_full'
    | 'unknown'
    /** The ledger's thread ended by itself, and was started again. */
    | 'restarted'
    /** It ended again, or could not be started. */
    | 'ended';
  /** True when events are kept in memory only. */
  readonly inMemory: boolean;
  /** Where the damaged file was set aside, if it was. */
  readonly setAsideAt: string | null;
  readonly detail: string;
};

/** Why the stored history cannot be begun anew: it would help nothing, or harm somebody. */
const NO_REMEDY = {
  locked: 'historyLocked',
  disk_full: 'historyFull',
  read_only: 'historyReadOnly',
  corrupt: null,
  newer_version: null,
  unknown: null,
  restarted: null,
  ended: 'ledgerEnded',
} as const satisfies Readonly<Record<StorageProblem['code'], PlainCode | null>>;

/** What `storage:startFresh` does: sets the file aside and begins anew, or puts the message away; else why it does nothing. */
export function remedyOf(problem: StorageProblem | null) {
  if (problem === null) return 'historyFine';
  return NO_REMEDY[problem.code] ?? (problem.inMemory ? 'start_fresh' : 'dismiss');
}

export interface Bootstrap {
  readonly appVersion: string;
  readonly platform: string;
  /** BCP 47 tag of the system. */
  readonly systemLocale: string;
  readonly session: SessionView;
  readonly connection: ConnectionStatus | null;
  readonly receipt: Receipt | null;
  readonly storage: StorageProblem | null;
  readonly settings: Settings;
  readonly settingsProblem: SettingsProblem | null;
  /** Prefilled in sign-in; empty for none. */
  readonly suggestedServer: string;
  readonly notificationsRefused: boolean;
}

/** What became of a notification that was sent to try it; `unanswered`: the system has not said. */
export type NotificationTest = 'shown' | 'refused' | 'unanswered';

/** Support information: no credentials, no contract texts. */
export interface Diagnostics {
  readonly text: string;
}

const viewId = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER));
const contractId = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const range = v.strictObject({
  offset: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000_000)),
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
});
const savedId = v.pipe(v.number(), v.integer(), v.minValue(1));
const nothing = v.undefined();

/** What came of an export: a file, or nothing because the person changed their mind. */
export type ExportResult =
  | { readonly saved: false }
  | {
      readonly saved: true;
      readonly path: string;
      readonly contracts: number;
      /** Cells that a spreadsheet would have run as a formula, and that now begin with an apostrophe. */
      readonly neutralised: number;
    };

/** What came of a backup: a file, or nothing because the person changed their mind. Bytes. */
export type BackupResult =
  { readonly saved: false } | { readonly saved: true; readonly path: string; readonly bytes: number };

/** `notSent`: acknowledgements in the backup that the server had not confirmed; they are not sent again. */
export interface RestoreResult {
  readonly notSent: number;
}

/** A backup that could be restored now, as far as it is the signed-in account's. */
export interface ChosenBackup {
  /** Of its file. */
  readonly name: string;
  /** When the server was last heard of before it was made, epoch ms, client clock; null: never. */
  readonly at: number | null;
  readonly contracts: number;
  readonly events: number;
  /** Accounts of others whose history lies on this computer: it is replaced, too. */
  readonly others: number;
}

/** Acknowledgements of the signed-in account. */
export interface Unsent {
  /** Stored here, and the server has not confirmed them yet. */
  readonly unsent: number;
  /** The server did not accept them, ever; what of it is still of interest, the contracts say. */
  readonly refused: number;
}

export type PortalResult =
  | { readonly ok: true }
  /** No template for this server; or the address would not be https. */
  | { readonly ok: false; readonly problem: 'no_template' | 'not_https' | 'refused' };

const signInAt = {
  server: v.pipe(v.string(), v.maxLength(2000)),
  username: v.pipe(v.string(), v.maxLength(500)),
};

export const requestSchemas = {
  'app:bootstrap': nothing,
  'app:diagnostics': nothing,
  /** Copies the diagnostics' text to the clipboard. */
  'app:copyDiagnostics': nothing,
  /** Ends the app and starts it once more. */
  'app:restart': nothing,
  'session:signIn': v.union([
    v.strictObject({ ...signInAt, password: v.pipe(v.string(), v.maxLength(5000)) }),
    v.strictObject({
      ...signInAt,
      username: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
      key: v.strictObject({
        header: v.pipe(v.string(), v.maxLength(100)),
        value: v.pipe(v.string(), v.maxLength(5000)),
      }),
      profile: v.optional(v.literal(true)),
    }),
    v.strictObject({ ...signInAt, browser: v.literal(true) }),
  ]),
  /** A sign-in that waits for the browser is given up. */
  'session:cancelSignIn': nothing,
  /** Asks for the file of a server profile, for the next sign-in. */
  'session:chooseProfile': nothing,
  /** This profile, as its text, is the one for the next sign-in. Where its origin is new here the sign-in asks, outside the window. */
  'session:useProfile': v.strictObject({ json: v.pipe(v.string(), v.maxLength(MAX_PROFILE_LENGTH)) }),
  /** Looks at a server as the app would use it, step by step (`check:finding`); one at a time. */
  'server:check': checkRequestSchema,
  /** Ends the check; it answers what it has found so far. */
  'server:cancelCheck': nothing,
  /** Copies what the last check has found, in English and for who runs the server. False where there was none. */
  'server:copyReport': nothing,
  /** The session ends; what was received stays on this computer. */
  'session:signOut': nothing,
  /** As signOut, and everything of this account is removed from this computer. */
  'session:signOutAndErase': nothing,
  'connection:retryNow': nothing,
  'view:open': v.strictObject({ filter: filterSchema, range }),
  'view:read': v.strictObject({ viewId, range }),
  'view:hold': v.strictObject({ viewId, held: v.boolean(), range }),
  'view:close': v.strictObject({ viewId }),
  /** The window has painted this message: it may be told the next. */
  'view:painted': v.strictObject({ viewId, seq: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  /** Opens the contract for live updates (`contract:changed`); one at a time. Null when it is not known. */
  'contract:open': v.strictObject({ contractId }),
  'contract:close': nothing,
  /** One change of the contract's timeline. */
  'contract:markEventRead': v.strictObject({ contractId, eventId: contractId, read: v.boolean() }),
  'contract:openPortal': v.strictObject({ contractId }),
  /** Copies id, title and (where there is one) the portal's address. */
  'contract:copyReference': v.strictObject({ contractId }),
  /** Takes back an acknowledgement that is still held, also one from before a restart. */
  'contract:undoAcknowledge': v.strictObject({ contractId }),
  'contract:retryAcknowledge': v.strictObject({ contractId }),
  /** Does it to all of them, in one go. */
  'actions:perform': actionRequestSchema,
  /** Takes an action back as a whole. False when it is too long ago. */
  'actions:undo': v.strictObject({ undoId: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
  /** Marks everything in the view (held or not) as read. */
  'view:markRead': v.strictObject({ viewId }),
  /** Ids of the view's rows `offset … offset + count - 1` in its present order: for selecting a range or all. */
  'view:ids': v.strictObject({
    viewId,
    offset: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000_000)),
    count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5000)),
  }),
  /** Asks where to save; writes CSV (RFC 4180, UTF-8 with BOM) or exact JSON of all contracts in the filter. */
  'view:export': v.strictObject({ filter: filterSchema, format: v.picklist(['csv', 'json']) }),
  'filter:facets': v.strictObject({ text: v.pipe(v.string(), v.maxLength(200)) }),
  'savedViews:read': nothing,
  'savedViews:save': savedViewSchema,
  'savedViews:remove': v.strictObject({ savedId }),
  /** All of them, in their new order. */
  'savedViews:order': v.strictObject({ savedIds: v.pipe(v.array(savedId), v.maxLength(100)) }),
  'overview:read': v.strictObject({ days: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(366)) }),
  /** Null when there was no absence. */
  'away:read': nothing,
  'settings:change': settingsChangeSchema,
  /** Shows one now, whatever is set. */
  'notifications:test': nothing,
  'storage:stats': nothing,
  'outbox:unsent': nothing,
  /** Sets a damaged database aside and starts a fresh one; only when storage asks for it. */
  'storage:startFresh': nothing,
  /** Asks where to; writes the whole stored history to one file. */
  'storage:backUp': nothing,
  /** Asks for a backup and looks into it; null: the person changed their mind. Nothing is replaced yet. */
  'storage:chooseBackup': nothing,
  /** Puts the chosen backup in the place of the stored history, and follows the account from there. */
  'storage:restore': nothing,
  /** The chosen backup is not to be restored. */
  'storage:dropBackup': nothing,
} as const;

export type RequestChannel = keyof typeof requestSchemas;

type Answers = {
  'app:bootstrap': Bootstrap;
  'app:diagnostics': Diagnostics;
  'app:copyDiagnostics': void;
  'app:restart': void;
  'session:signIn': SignInResult;
  'session:cancelSignIn': void;
  'session:chooseProfile': ProfileChoice;
  'session:useProfile': ProfileChoice;
  'server:check': CheckAnswer;
  'server:cancelCheck': void;
  'server:copyReport': boolean;
  'session:signOut': void;
  'session:signOutAndErase': void;
  'connection:retryNow': void;
  'view:open': ViewBatch;
  'view:read': ViewBatch;
  'view:hold': ViewBatch;
  'view:close': void;
  'view:painted': void;
  'contract:open': ContractDetail | null;
  'contract:close': void;
  'contract:markEventRead': void;
  'contract:openPortal': PortalResult;
  'contract:copyReference': void;
  'actions:perform': ActionOutcome;
  'actions:undo': boolean;
  'view:markRead': ActionOutcome;
  'view:ids': { readonly contractIds: readonly string[] };
  'view:export': ExportResult;
  'filter:facets': Facets;
  'savedViews:read': readonly SavedView[];
  'savedViews:save': readonly SavedView[];
  'savedViews:remove': readonly SavedView[];
  'savedViews:order': readonly SavedView[];
  'overview:read': Overview;
  'away:read': AwaySummary | null;
  'settings:change': Settings;
  'notifications:test': NotificationTest;
  'storage:stats': StorageStats;
  'outbox:unsent': Unsent;
  'contract:undoAcknowledge': void;
  'contract:retryAcknowledge': void;
  'storage:startFresh': void;
  'storage:backUp': BackupResult;
  'storage:chooseBackup': ChosenBackup | null;
  'storage:restore': RestoreResult;
  'storage:dropBackup': void;
};

/** Every request channel has an argument (checked at run time) and an answer. */
export type RequestMap = {
  [C in RequestChannel]: { request: v.InferOutput<(typeof requestSchemas)[C]>; response: Answers[C] };
};

export interface MessageMap {
  'session:changed': SessionView;
  /** Of the check under way. */
  'check:finding': Finding;
  'connection:changed': ConnectionStatus;
  'receipt:changed': Receipt;
  'view:batch': ViewMessage;
  'contract:changed': ContractDetail;
  /** A toast was clicked, or a link named this contract: links come from anywhere, and nobody here may be looking. */
  'contract:show': { readonly contractId: string; readonly byLink: boolean };
  /** An acknowledgement was held, taken back, sent or refused. */
  'outbox:changed': Unsent;
  /** A notice from the server to everyone. Plain text. */
  'server:notice': { readonly text: string; readonly at: number };
  'storage:changed': StorageProblem | null;
  /** The computer is in another time zone: whatever shows a time or a day is to be made anew. */
  'timeZone:changed': { readonly timeZone: string };
  /** Whether the system takes notifications, as far as it says so. */
  'notifications:changed': { readonly refused: boolean };
  'settings:changed': { readonly settings: Settings; readonly problem: SettingsProblem | null };
  /** Chosen in the application menu. */
  'window:command': { readonly command: 'settings' | 'palette' | 'shortcuts' };
  /** Their counts or the views themselves changed; at most one a second. */
  'savedViews:changed': readonly SavedView[];
}

export type MessageChannel = keyof MessageMap;

export const MESSAGE_CHANNELS = [
  'session:changed',
  'check:finding',
  'connection:changed',
  'receipt:changed',
  'view:batch',
  'contract:changed',
  'contract:show',
  'outbox:changed',
  'server:notice',
  'storage:changed',
  'timeZone:changed',
  'settings:changed',
  'notifications:changed',
  'savedViews:changed',
  'window:command',
] as const satisfies readonly MessageChannel[];

type Missing<All, Listed> = Exclude<All, Listed> extends never ? true : Exclude<All, Listed>;
const everyMessageIsListed: Missing<MessageChannel, (typeof MESSAGE_CHANNELS)[number]> = true;
const everyAnswerIsTyped: Missing<keyof Answers, RequestChannel> = true;
void everyMessageIsListed;
void everyAnswerIsTyped;

/** How an answer travels: Electron copies of an error across the bridge nothing but its message. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** What the preload puts on `window.pulse`. */
export interface PulseApi {
  request<C extends RequestChannel>(
    channel: C,
    ...argument: RequestMap[C]['request'] extends undefined ? [] : [RequestMap[C]['request']]
  ): Promise<Answer<RequestMap[C]['response']>>;
  /** Returns its unsubscribe. */
  on<C extends MessageChannel>(channel: C, listener: (message: MessageMap[C]) => void): () => void;
}
