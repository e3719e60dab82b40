/** One fault. Faults compose: each event, chunk or request passes through all of them in order. */
export type Fault =
  /** With this probability an event's write is followed by a cut (where: between events, inside a line, inside a UTF-8 character). */
  | { readonly kind: 'drop'; readonly probability: number; readonly where?: 'between' | 'line' | 'character' }
  /** After `afterEvents` events of a connection nothing more is written, the socket stays open (half-open). Before headers when 0. */
  | { readonly kind: 'stall'; readonly afterEvents: number; readonly probability?: number }
  | { readonly kind: 'one_byte' }
  /**
   * As a proxy that buffers: the stream's bytes are held back (headers too when `headers`), for ever or, with `bytes`, until so
   * many are there (nginx passes full buffers of 4 KiB on). Long polling passes.
   */
  | { readonly kind: 'buffer'; readonly headers?: boolean; readonly bytes?: number }
  /** The TCP connection is accepted and closed at once. */
  | { readonly kind: 'refuse'; readonly probability?: number }
  /** Answers with this status; `times` limits how often, `path` to which path (default the stream's). */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly probability?: number;
      readonly times?: number;
      readonly retryAfter?: string;
      readonly path?: string;
    }
  | { readonly kind: 'content_type'; readonly value: string; readonly times?: number }
  | {
      readonly kind: 'redirect';
      readonly to: string;
      readonly status?: 301 | 302 | 303 | 307 | 308;
      readonly times?: number;
    }
  | { readonly kind: 'duplicate'; readonly probability: number }
  /** Swaps an event with its successor when both are written together or within 50 ms. */
  | { readonly kind: 'reorder'; readonly probability: number }
  /** Not sent live nor replayed in this connection; `last` omits the newest until another comes. */
  | {
      readonly kind: 'omit';
      readonly probability?: number;
      readonly sequences?: readonly number[];
      readonly last?: boolean;
    }
  /**
   * Garbage on the wire. `between` (default): a block without an id (broken JSON under an own event's name, binary
   * noise) between events. `own`: under an own event's name and the id of a real event, in place of its true data.
   */
  | { readonly kind: 'garbage'; readonly probability: number; readonly variant?: 'between' | 'own' }
  /** This event's data is padded to `bytes`. */
  | {
      readonly kind: 'giant';
      readonly probability?: number;
      readonly sequences?: readonly number[];
      readonly bytes: number;
    }
  /** Replay begins this many events before the cursor (1: inclusive). */
  | { readonly kind: 'replay_early'; readonly events: number }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Everything the server says of time is this far from real time. Lifetimes of tokens are not touched. */
  | { readonly kind: 'clock_skew'; readonly ms: number }
  /** Stops listening, cuts all sockets, comes back after `downMs`: again and again. */
  | { readonly kind: 'restart'; readonly everyMs: number; readonly downMs: number }
  | { readonly kind: 'new_epoch'; readonly everyMs: number }
  /** Only the newest `keep` events stay for replay. */
  | { readonly kind: 'truncate'; readonly everyMs: number; readonly keep: number }
  | { readonly kind: 'expire_tokens'; readonly everyMs: number }
  /** Everybody's sessions. */
  | { readonly kind: 'revoke'; readonly everyMs: number };
