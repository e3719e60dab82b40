import type { ConnectionState, ConnectionStatus } from '../../protocol/connection.ts';
import type { Listening } from '../../protocol/profile/profile.ts';
import type { StorageProblem } from '../../protocol/ipc.ts';
import type { CoreDependencies } from '../app/core-types.ts';
import type { Account, Ledger, ServerFacts } from '../ledger/types.ts';
import type { FreshEvent } from '../ledger/ingest.ts';
import type { HttpPort } from '../ports/http.ts';
import type { CallApi } from './api.ts';
import type { Outbox } from './outbox.ts';

export interface FollowOptions {
  readonly deps: CoreDependencies;
  readonly ledger: Ledger;
  readonly account: Account;
  /** Base address of the server, without a slash at the end. */
  readonly server: string;
  readonly profile: Listening;
  readonly http: HttpPort;
  readonly call: CallApi;
  /** Client clock, epoch ms, without its jumps. */
  receivedAt(): number;
  /** The stream's headers; null when the session is dead. */
  headers(refused: boolean): Promise<Readonly<Record<string, string>> | null>;
  /** The ledger's cursor, read anew: a durable write, so asked only when it is not known here. */
  readCursor(): Promise<string | null>;
  /** Client clock, epoch ms, of the newest stored change; null for none. */
  readonly lastEventAt: number | null;
  readonly sink: FollowSink;
}

/** Where everything goes; forward only. */
export interface FollowSink {
  onStatus(status: ConnectionStatus): void;
  onState(state: ConnectionState): void;
  /** Contracts whose rows changed; null for many. Urgent: to be seen in the midst of a flood. */
  onChanged(contracts: readonly string[] | null, urgent?: boolean): void;
  /** Once the window has been told what has changed by now, or has asked for it, as one does that is being opened. */
  whenTold(): Promise<'told' | 'answered'>;
  /** What is to be sent, or was not accepted, is no longer what it was. */
  onOutbox(): void;
  onFresh(fresh: readonly FreshEvent[], phase: 'live' | 'catching_up'): void;
  /** So many changes are news; told before `onChanged` or with it. */
  onNews(count: number): void;
  /** Level with the server. */
  onCaughtUp(): void;
  /** What the receipt rests on may have changed. */
  onReceipt(): void;
  onNotice(text: string): void;
  /** Writing failed (a problem), or works again (null). */
  onStorage(problem: StorageProblem | null): void;
}

export interface Follower {
  readonly outbox: Outbox;
  status(): ConnectionStatus;
  facts(): ServerFacts;
  retryNow(why: 'user' | 'resume' | 'network'): void;
  /** Fetches what was before the first stored version of a contract, once; tells `onChanged`. */
  complete(contractId: string): void;
  /** Ends stream, repair and outbox; nothing is called any more once it resolves. */
  close(): Promise<void>;
}
