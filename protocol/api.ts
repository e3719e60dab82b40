import * as v from 'valibot';
import { contractSchema, isStorable, severitySchema } from './event.ts';
import { idOrNone, streamStaleSchema } from './control.ts';

/** The HTTP calls besides the stream. All bodies are JSON; errors are `application/problem+json` (RFC 9457). */
export const PATHS = {
  login: '/api/login',
  refresh: '/api/refresh',
  logout: '/api/logout',
  contracts: '/api/contracts',
  events: '/api/events',
} as const;

/** Of an id that is addressable. */
export function historyPath(contractId: string): string {
  return `${PATHS.contracts}/${encodeURIComponent(contractId)}/history`;
}

/** Of an id that is addressable. */
export function acknowledgementsPath(contractId: string): string {
  return `${PATHS.contracts}/${encodeURIComponent(contractId)}/acknowledgements`;
}

const token = v.pipe(v.string(), v.minLength(1), v.maxLength(16_384));
/** It goes into a header: one with a line break or a letter outside Latin-1 could never be sent. */
const SENDABLE = /^[\x20-\x7e\x80-\xff]+$/;
const accessToken = v.pipe(token, v.regex(SENDABLE, 'no header can carry it'));
/** An answer whose token is such a one. */
export const unusableTokenSchema = v.object({
  accessToken: v.pipe(
    token,
    v.check((text) => !SENDABLE.test(text)),
  ),
});
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(1000));
const storableIdOrNone = v.pipe(
  idOrNone,
  v.check((given) => given === null || isStorable(given), 'holds U+0000 or half a character'),
);
/** Half a character cannot be sent back. */
const sendableToken = v.pipe(
  v.string(),
  v.maxLength(4096),
  v.check((text) => !/\p{Surrogate}/u.test(text), 'holds half a character'),
);
/** Absent, null, false, or empty: the last page. Some servers count their pages. */
const next = v.pipe(
  v.nullish(v.union([sendableToken, v.number(), v.literal(false)]), null),
  v.transform((token) => (token === null || token === false || token === '' ? null : String(token))),
);

export const userSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  name: v.pipe(v.string(), v.maxLength(500)),
  locale: v.optional(v.pipe(v.string(), v.maxLength(35)), 'en'),
});

/** Where a server says nothing, or nothing of use; a shorter life is learned from a 401. */
const USUAL_LIFE_S = 3600;
const LONGEST_LIFE_S = 31_536_000;

/** Seconds, as in OAuth 2.0 (RFC 6749, section 5.1), where it may be left out; at most a year. Read as text too, as some servers write it. */
const expiresIn = v.pipe(
  v.nullish(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,12}$/), v.transform(Number))]), null),
  v.transform((seconds) =>
    seconds === null || !(seconds >= 1) ? USUAL_LIFE_S : Math.min(seconds, LONGEST_LIFE_S),
  ),
);

export const tokensSchema = v.object({ accessToken, refreshToken: token, expiresIn });
/** Without a new refresh token, or with an empty one, the old one stays (RFC 6749, section 6). */
export const renewedTokensSchema = v.object({
  accessToken,
  refreshToken: v.pipe(
    v.nullish(v.union([token, v.literal('')]), null),
    v.transform((given) => (given === '' ? null : given)),
  ),
  expiresIn,
});
export const loginAnswerSchema = v.object({ ...tokensSchema.entries, user: userSchema });

/** `status` may be a code we do not know. `lastEventId` is the id of the contract's latest event in this user's log. */
export const snapshotItemSchema = v.object({
  contract: contractSchema,
  status: v.pipe(v.string(), v.minLength(1), v.maxLength(500), v.check(isStorable, 'cannot be stored')),
  since: v.nullish(v.pipe(v.string(), v.maxLength(1000))),
  severity: severitySchema,
  actionRequired: v.nullish(v.boolean(), false),
  lastEventId: v.optional(storableIdOrNone, null),
  /** The original envelope of that latest event, so that a first look shows who changed what; null where it is no longer kept. */
  lastEvent: v.nullish(v.unknown(), null),
});

/**
 * `GET /api/contracts[?next=TOKEN]`. Page one fixes `asOf`; an expired `next` is 410 and the client begins again.
 * With `since=CURSOR` a preview: only contracts that changed after that event, newest change first.
 */
export const snapshotPageSchema = v.object({
  /** The head of the user's log to which all pages belong; null while the log is empty. */
  asOf: storableIdOrNone,
  /** Server time of page one, RFC 3339; '' where it was not told. */
  at: v.fallback(v.pipe(v.string(), v.maxLength(1000)), ''),
  /** Contracts in all pages together; null where it was not told. */
  total: v.fallback(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))), null),
  contracts: v.array(snapshotItemSchema),
  next,
  /** The cursor that was asked with, echoed on every page: without it the server does not know previews. */
  since: v.optional(storableIdOrNone, null),
});

/** `GET /api/contracts/{id}/history[?next=TOKEN]`: the original envelopes of one contract, oldest first. */
export const historyPageSchema = v.object({
  events: v.array(v.unknown()),
  next,
});

/** `GET /api/events?after=CURSOR&wait=SECONDS`: long polling. `head` and `at` are as in StreamHead. */
export const pollAnswerSchema = v.object({
  events: v.array(v.unknown()),
  head: idOrNone,
  at: v.pipe(v.string(), v.maxLength(40)),
  stale: v.optional(v.nullable(streamStaleSchema), null),
  /** True: the answer was cut short, so `head` is beyond its events and proves no gap. A server need not say. */
  more: v.optional(v.boolean()),
});

/** `POST /api/contracts/{id}/acknowledgements` with `Idempotency-Key`. 201, 200 when repeated, 409 when superseded. */
export const acknowledgementSchema = v.object({
  eventId: id,
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

/** RFC 9457. */
export const problemSchema = v.object({
  type: v.optional(v.string(), 'about:blank'),
  title: v.optional(v.string(), ''),
  status: v.optional(v.number()),
  detail: v.optional(v.string(), ''),
});

export type User = v.InferOutput<typeof userSchema>;
export type Tokens = v.InferOutput<typeof tokensSchema>;
export type LoginAnswer = v.InferOutput<typeof loginAnswerSchema>;
export type SnapshotItem = v.InferOutput<typeof snapshotItemSchema>;
export type SnapshotPage = v.InferOutput<typeof snapshotPageSchema>;
export type HistoryPage = v.InferOutput<typeof historyPageSchema>;
export type PollAnswer = v.InferOutput<typeof pollAnswerSchema>;
export type Acknowledgement = v.InferOutput<typeof acknowledgementSchema>;
export type Problem = v.InferOutput<typeof problemSchema>;
