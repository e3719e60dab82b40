import * as v from 'valibot';
import { isAddressable } from '../addressable.ts';
import { PATHS } from '../api.ts';
import { eventName } from '../control.ts';
import { decode, parseJson, type Decoded } from '../event.ts';
import { SEVERITIES } from '../statuses.ts';
import { issuerOrigin, oidcSchema, ORIGIN } from './credentials.ts';

/** How to listen to a server; docs/server-profiles.md says it by example. A profile names one origin and carries no secret. */

/** Far above what an honest profile needs; longer ones are not read. Characters. */
export const MAX_PROFILE_LENGTH = 65_536;

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;
const PATH = /^\/[^\s#\\]*$/;

/** What stands in braces is put in by the app; there is the user's id only. */
const isTemplate = (text: string): boolean => !/[{}]/.test(text.replaceAll('{userId}', ''));
const ONLY_USER_ID = 'may hold {userId}, and no other braces';

const pointer = v.pipe(
  v.string('give a JSON Pointer, as "/contract/id"'),
  v.maxLength(500, 'a pointer has at most 500 characters'),
  v.regex(POINTER, 'is no JSON Pointer (RFC 6901): begin each step with "/", as in "/contract/id"'),
);
const plain = v.union([v.pipe(v.string(), v.maxLength(1000)), v.number(), v.boolean()]);

const valueSchema = v.union(
  [
    pointer,
    v.strictObject({ constant: plain }),
    v.strictObject({
      at: pointer,
      /** What the server says, to what the app understands; what is not in it stays as it is. */
      values: v.optional(v.record(v.pipe(v.string(), v.maxLength(500)), plain)),
      /** Where the payload has nothing there. */
      otherwise: v.optional(plain),
    }),
  ],
  'give a JSON Pointer as "/status", {"at": "/status", "values": {"SIGNED": "signed"}} or {"constant": "info"}',
);

/** A pointer to a name or a list of names, or to a list of objects with where in each the name and the id stand. */
const partiesSchema = v.union(
  [pointer, v.strictObject({ at: pointer, name: pointer, id: v.optional(pointer) })],
  'give a JSON Pointer to names, or {"at": "/parties", "name": "/name", "id": "/id"}',
);

const mappingSchema = v.strictObject({
  /** `sse-id`: the stream's own id; `arrival`: the server has none, and each event that comes is another. */
  identity: v.union(
    [v.picklist(['sse-id', 'arrival']), pointer],
    'give "sse-id", "arrival" or a JSON Pointer',
  ),
  /** `arrival`: the changes of a contract count in the order in which they come. */
  version: v.union([v.literal('arrival'), pointer], 'give "arrival" or a JSON Pointer'),
  contractId: valueSchema,
  status: valueSchema,
  title: v.optional(valueSchema),
  previousStatus: v.optional(valueSchema),
  severity: v.optional(valueSchema),
  actionRequired: v.optional(valueSchema),
  /** Without it: when the event came. */
  time: v.optional(valueSchema),
  actor: v.optional(valueSchema),
  counterparties: v.optional(partiesSchema),
  amount: v.optional(v.strictObject({ value: valueSchema, currency: valueSchema })),
  due: v.optional(valueSchema),
  reason: v.optional(valueSchema),
});

const flag = v.boolean('say true or false');

export const profileSchema = v.pipe(
  v.strictObject({
    profile: v.literal(1, 'must be 1, the version of profiles that this app reads'),
    name: v.pipe(
      v.string('say in a few words what server this is'),
      v.trim(),
      v.minLength(1, 'must not be empty'),
      v.maxLength(100, 'has at most 100 characters'),
    ),
    origin: v.pipe(
      v.string('give the server’s origin, as "https://contracts.example.com"'),
      v.maxLength(300),
      v.regex(
        ORIGIN,
        'give scheme and host alone, as "https://contracts.example.com"; http:// for this machine only',
      ),
    ),
    /** Absent: the person gives a key or a token. */
    credentials: v.optional(oidcSchema),
    stream: v.strictObject({
      path: v.pipe(
        v.string('give the path of the stream, as "/events?user={userId}"'),
        v.maxLength(2000),
        v.regex(PATH, 'begins with "/", without spaces and "#"'),
        v.check(isTemplate, ONLY_USER_ID),
      ),
    }),
    /** `''`: events without a name. */
    events: v.pipe(
      v.array(v.pipe(v.string(), v.maxLength(300), v.check(isTemplate, ONLY_USER_ID))),
      v.minLength(1, 'name one kind of event at least; "" for those without a name'),
      v.maxLength(50, 'at most 50 names'),
    ),
    mapping: v.union(
      [v.literal('contract-pulse'), mappingSchema],
      'give "contract-pulse", or an object that says where each value stands',
    ),
    capabilities: v.strictObject({ snapshot: flag, history: flag, acknowledge: flag }),
  }),
  v.forward(
    v.check(
      ({ mapping, capabilities: { snapshot, history, acknowledge } }) =>
        mapping === 'contract-pulse' || !(snapshot || history || acknowledge),
      'with a mapping of your own all three are false: only the stream is mapped so far',
    ),
    ['capabilities'],
  ),
);

export type ServerProfile = v.InferOutput<typeof profileSchema>;
export type Mapping = v.InferOutput<typeof mappingSchema>;
export type MappedValue = v.InferOutput<typeof valueSchema>;
export type MappedParties = v.InferOutput<typeof partiesSchema>;

/** What following an account needs of a profile. */
export type Listening = Pick<ServerProfile, 'name' | 'stream' | 'events' | 'mapping' | 'capabilities'>;

/** Servers that speak as `protocol/` says. */
export const BUILT_IN: Listening = {
  name: 'Contract Pulse',
  stream: { path: PATHS.events },
  events: [eventName('{userId}', 'ContractStatusChanged')],
  mapping: 'contract-pulse',
  capabilities: { snapshot: true, history: true, acknowledge: true },
};

export const SEVERITY_NAMES: ReadonlySet<string> = new Set(SEVERITIES);

/** A profile's text to the profile; else the first field that is wrong, and what belongs there. */
export function readProfile(json: string): Decoded<ServerProfile> {
  if (json.length > MAX_PROFILE_LENGTH)
    return { ok: false, reason: `a profile has at most ${MAX_PROFILE_LENGTH} characters` };
  const parsed = parseJson(json.replace(/^\uFEFF/, ''));
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { mapping?: unknown }).mapping === 'object'
  ) {
    // The union says of an object only that it fits nothing: which field it is, its own schema knows.
    const mapping = decode(mappingSchema, (value as { mapping: unknown }).mapping);
    if (!mapping.ok) return { ok: false, reason: `mapping.${explain(mapping.reason)}` };
  }
  const decoded = decode(profileSchema, value);
  return decoded.ok ? decoded : { ok: false, reason: explain(decoded.reason) };
}

/** Valibot's words for keys that are missing or unknown. */
function explain(reason: string): string {
  return reason
    .replace(/: Invalid key: Expected never but received ".*"$/s, ': is not known here; take it out')
    .replace(/: Invalid key: Expected ".*" but received undefined$/s, ': is missing');
}

export const fillUserId = (template: string, userId: string): string =>
  template.replaceAll('{userId}', () => userId);

/** The names of this user's events. */
export function eventNames({ events }: Pick<Listening, 'events'>, userId: string): ReadonlySet<string> {
  const names = new Set(events.map((template) => fillUserId(template, userId)));
  // As the stream calls those without a name.
  if (names.has('')) names.add('message');
  return names;
}

/** Path and query of the stream, for an id that `takesUserId`. */
export const streamPath = ({ stream }: Listening, userId: string): string =>
  fillUserId(stream.path, encodeURIComponent(userId));

/** Whether the stream's address stays itself with this user's id in it. */
export function takesUserId({ stream }: Pick<Listening, 'stream'>, userId: string): boolean {
  return !stream.path.includes('{userId}') || isAddressable(userId);
}

/** Whether the user's id stands in anything that this profile asks for or listens to. */
export function needsUserId({ stream, events }: Listening): boolean {
  return [stream.path, ...events].some((template) => template.includes('{userId}'));
}

/** What a person is shown of it; `issuer`: where they sign in by the browser, null for a key. */
export function describeProfile(profile: ServerProfile) {
  const { name, origin, credentials } = profile;
  const issuer = credentials === undefined ? null : issuerOrigin(credentials);
  return { name, origin, needsUserId: needsUserId(profile), issuer };
}
