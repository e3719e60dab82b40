import type { Published } from './published.ts';
import type { Reply, ServerRequest } from './wire.ts';

/** What a server can do, and how it numbers; each combination is some real server's. */
export interface ServerTraits {
  /** `own`: EPOCH-SEQUENCE. `counter`: 1, 2, 3 … `opaque`: ids without an order. */
  readonly ids: 'own' | 'counter' | 'opaque';
  readonly heads: boolean;
  /** Comments (and heads) so often; null: nothing is heard between events. */
  readonly heartbeatMs: number | null;
  readonly snapshot: boolean;
  readonly history: boolean;
  readonly replay: boolean;
  readonly polls: boolean;
  readonly acknowledges: boolean;
  readonly preview: boolean;
  /** It takes so long to look up what was missed, before the first head of a stream. Left out: no time. */
  readonly lookUpMs?: number;
}

/** What each head announces; a server may announce heartbeats and send none. */
export function announcedHeartbeatMs({ heartbeatMs }: ServerTraits): number {
  return heartbeatMs ?? 15_000;
}

/** How a server's log begins again. */
export type NewLife =
  /** The process only was away. */
  | { readonly kind: 'same' }
  /** A new epoch (own ids) or new ids: the log is empty, history stays. */
  | { readonly kind: 'new_log' }
  /** The same ids are given once more, from the first, for other events. */
  | { readonly kind: 'reused' }
  /** Back to a backup: the newest changes have not happened. */
  | { readonly kind: 'lost_tail'; readonly lost: number };

export interface WorldServer {
  readonly traits: ServerTraits;
  /** Everything ever published for this user, in the order in which it happened. */
  readonly published: readonly Published[];
  readonly userId: string;
  readonly life: number;
  /** The contract as the server has it now. */
  contracts(): ReadonlyMap<string, ServerContract>;
  /** Id of the newest event of the log; null while it is empty. */
  head(): string | null;
  /** When lives began, true time; the first is the server's beginning. */
  readonly lives: readonly { readonly at: number; readonly kind: NewLife['kind'] }[];
  /** Access tokens that were refused by the token endpoint itself. */
  readonly revokedAt: number | null;
  publish(what?: {
    readonly form?: Published['form'];
    readonly withhold?: boolean;
    readonly contractId?: string;
  }): Published;
  /** By another follower, or on another device: taken on, and handed back. */
  takeOnElsewhere(contractId: string): void;
  handBackElsewhere(contractId: string): void;
  /** To another user's name, or without a name, by mistake. */
  publishForeign(name: string): void;
  beginLife(next: NewLife): void;
  /** Only the newest of the log are kept for replay. */
  truncate(keep: number): void;
  endStreams(): void;
  expireAccess(): void;
  /** While true, no access token is known, however new. */
  refuseAll(refuses: boolean): void;
  /** While true, the account may not receive changes. */
  forbid(forbids: boolean): void;
  revoke(): void;
  /** Stands for the person's right to be there again after `revoke`. */
  allow(): void;
  serve(request: ServerRequest, reply: Reply): void;
}

export interface ServerContract {
  readonly contractId: string;
  readonly title: string;
  version: number;
  status: string;
  since: number;
  last: Published;
  acknowledged: number;
  acknowledgedBy: string | null;
  /** Handed back at this version. */
  released?: number;
}
