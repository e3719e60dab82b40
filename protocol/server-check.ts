import * as v from 'valibot';
import type { Finding } from './findings.ts';
import type { ServerProfile } from './profile/profile.ts';
import type { SignInProblem } from './sign-in.ts';

/** A check of a server, as the window asks for it and is told of it. */

const server = v.pipe(v.string(), v.maxLength(2000));

export const checkRequestSchema = v.union([
  /** The server that the person is signed in at, by that sign-in. */
  v.strictObject({ by: v.literal('session') }),
  v.strictObject({
    by: v.literal('password'),
    server,
    username: v.pipe(v.string(), v.maxLength(500)),
    password: v.pipe(v.string(), v.maxLength(5000)),
  }),
  v.strictObject({
    by: v.literal('key'),
    server,
    /** '': nobody in particular. */
    userId: v.pipe(v.string(), v.maxLength(200)),
    /** Undefined: the server is asked as anybody may ask it. */
    key: v.optional(
      v.strictObject({
        header: v.pipe(v.string(), v.maxLength(100)),
        value: v.pipe(v.string(), v.maxLength(5000)),
      }),
    ),
    /** The server is the one of the profile that was chosen last, and is asked as that says. */
    profile: v.optional(v.literal(true)),
  }),
]);
export type CheckRequest = v.InferOutput<typeof checkRequestSchema>;

/** How long a check takes at most, ms: signing in and out besides. */
export const CHECK_MS = 70_000;

/** One event as it came. */
export interface EventSample {
  readonly id: string | null;
  /** `message`: it had none. */
  readonly name: string;
  readonly data: string;
}

/** A place in the events' data that holds plain values. */
export interface FieldSeen {
  /** RFC 6901. */
  readonly pointer: string;
  /** Different ones, as text; at most 20, the first that came. */
  readonly examples: readonly string[];
}

/** A profile that the events suggest, and what it takes to correct it. */
export interface ProfileProposal {
  readonly profile: ServerProfile;
  readonly userId: string;
  readonly samples: readonly EventSample[];
  readonly fields: readonly FieldSeen[];
}

export type CheckAnswer =
  /** Nothing was sent. */
  | { readonly ok: false; readonly problem: SignInProblem }
  | {
      readonly ok: true;
      readonly cancelled: boolean;
      /** In the order of the steps. */
      readonly findings: readonly Finding[];
      readonly proposal: ProfileProposal | null;
    };
