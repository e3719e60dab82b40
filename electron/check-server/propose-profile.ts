import { decodeEvent } from '../../protocol/decode-event.ts';
import { kindOfName } from '../../protocol/control.ts';
import { readProfile, type Mapping, type ServerProfile } from '../../protocol/profile/profile.ts';
import type { FieldSeen } from '../../protocol/server-check.ts';
import { isStatusCode } from '../../protocol/statuses.ts';
import { findFields, findPayloads, KEYS, type Field, type Payload } from './payload-fields.ts';
import { readEvents } from './judge-events.ts';
import { guessStatus } from './status-words.ts';
import type { Seen } from './listen.ts';

export interface Where {
  readonly origin: string;
  /** Path and query of the stream. */
  readonly path: string;
  /** '' where nobody said. */
  readonly userId: string;
  readonly capabilities: ServerProfile['capabilities'];
}

export interface Proposal {
  readonly profile: ServerProfile;
  /** Words for statuses that only who knows the server can translate. */
  readonly openStatuses: readonly string[];
  /** Where something stands in the events that it is made from. */
  readonly fields: readonly FieldSeen[];
}

const NOTHING = { snapshot: false, history: false, acknowledge: false };
/** Enough to see what repeats. */
const MOST_EVENTS = 500;

/**
 * A profile by which these events are rows, from their names and payloads; null where nothing in them looks like a contract and its
 * status. What it says is a guess, to be corrected by whoever knows the server; but it is valid, and maps every event it is made from.
 */
export function proposeProfile(items: readonly Seen[], where: Where): Proposal | null {
  const { userId } = where;
  const own = items
    .filter(({ item }) => item.kind === 'event' && !isControl(item.name, userId))
    .slice(0, MOST_EVENTS);
  const ours = own.filter(({ item }) => item.kind === 'event' && decodeEvent(item.data).ok);
  if (ours.length > 0)
    return check(profileOf(where, ours, 'contract-pulse', where.capabilities), [], findPayloads(ours));
  const payloads = findPayloads(own);
  const mapping = guessMapping(payloads);
  if (mapping === null) return null;
  const used = payloads.map(({ seen }) => seen);
  return check(profileOf(where, used, mapping.mapping, NOTHING), mapping.openStatuses, payloads);
}

function isControl(name: string, userId: string): boolean {
  const kind = kindOfName(name, userId);
  return kind !== undefined && kind !== 'notice' && kind !== 'ContractStatusChanged';
}

function profileOf(
  { origin, path, userId }: Where,
  used: readonly Seen[],
  mapping: ServerProfile['mapping'],
  capabilities: ServerProfile['capabilities'],
): ServerProfile {
  const template = (text: string): string =>
    userId.length < 2 ? text : text.replaceAll(userId, () => '{userId}');
  const names = used.flatMap(({ item }) =>
    item.kind === 'event' ? [item.name === 'message' ? '' : template(item.name)] : [],
  );
  return {
    profile: 1,
    name: new URL(origin).hostname.slice(0, 100),
    origin,
    stream: { path: template(path) },
    events: [...new Set(names)].slice(0, 50),
    mapping,
    capabilities,
  };
}

/** As it would be read from a file, and only if every event it is made from is a row by it. */
function check(
  profile: ServerProfile,
  openStatuses: readonly string[],
  payloads: readonly Payload[],
): Proposal | null {
  const read = readProfile(JSON.stringify(profile));
  if (!read.ok) return null;
  const used = payloads.map(({ seen }) => seen);
  if (!maps(read.value, used)) return null;
  return { profile: read.value, openStatuses, fields: tellFields(payloads) };
}

/** Enough to choose from; what is longer is cut. */
function tellFields(payloads: readonly Payload[]): readonly FieldSeen[] {
  return findFields(payloads)
    .slice(0, 100)
    .map(({ pointer, values }) => ({
      pointer,
      examples: [...new Set(values.map((value) => String(value).slice(0, 100)))].slice(0, 20),
    }));
}

function maps(profile: ServerProfile, used: readonly Seen[]): boolean {
  // What stands in braces is filled in with anything: the names of `used` are no concern here.
  const plain = { ...profile, events: [''] };
  const unnamed = used.map((seen) => ({
    ...seen,
    item: { ...seen.item, name: 'message' } as typeof seen.item,
  }));
  return readEvents(unnamed, plain, 'somebody', 0).every(({ change }) => change?.ok === true);
}

interface Guess {
  readonly mapping: Mapping;
  readonly openStatuses: readonly string[];
}

function guessMapping(payloads: readonly Payload[]): Guess | null {
  const fields = findFields(payloads);
  const contractId = pick(fields, KEYS.contractId, payloads.length);
  const status = pickStatus(fields, payloads.length, contractId);
  if (contractId === null || status === null) return null;
  const words = [...new Set(status.values.map(String))].slice(0, 100);
  const guesses = words.flatMap((word) => {
    const code = guessStatus(word);
    return code === null || code === word ? [] : [[word, code] as const];
  });
  const valued = (field: Field): Mapping['status'] =>
    guesses.length === 0 ? field.pointer : { at: field.pointer, values: Object.fromEntries(guesses) };
  let mapping: Mapping = {
    identity: identityOf(payloads, fields, contractId),
    version: versionOf(payloads, fields, contractId),
    contractId: contractId.pointer,
    status: valued(status),
  };
  const taken = new Set([contractId.pointer, status.pointer]);
  // One by one, and only those by which every event stays one.
  const attempt = (key: keyof typeof KEYS, part: (field: Field) => Partial<Mapping>): void => {
    const field = pick(fields, KEYS[key], 1, taken);
    if (field === null) return;
    const next = { ...mapping, ...part(field) };
    if (!fits(next, payloads)) return;
    mapping = next;
    taken.add(field.pointer);
  };
  attempt('title', ({ pointer }) => ({ title: pointer }));
  attempt('previousStatus', (field) => ({ previousStatus: valued(field) }));
  attempt('time', (field) => (field.count === payloads.length ? { time: field.pointer } : {}));
  attempt('due', ({ pointer }) => ({ due: pointer }));
  attempt('actor', ({ pointer }) => ({ actor: pointer }));
  attempt('reason', ({ pointer }) => ({ reason: pointer }));
  attempt('currency', (currency) => {
    const value = pick(fields, KEYS.amount, 1, taken);
    return value === null ? {} : { amount: { value: value.pointer, currency: currency.pointer } };
  });
  attempt('parties', ({ pointer }) => ({ counterparties: pointer }));
  const openStatuses = words.filter((word) => guessStatus(word) === null && !isStatusCode(word));
  return { mapping, openStatuses };
}

function fits(mapping: Mapping, payloads: readonly Payload[]): boolean {
  const used = payloads.map(({ seen }) => seen);
  const origin = 'https://events.example.com';
  const path = '/';
  return maps(profileOf({ origin, path, userId: '', capabilities: NOTHING }, used, mapping, NOTHING), used);
}

/** The best-named field that is there often enough; nearer to the root before deeper. */
function pick(
  fields: readonly Field[],
  keys: readonly RegExp[],
  least: number,
  taken: ReadonlySet<string> = new Set(),
): Field | null {
  for (const key of keys) {
    const fitting = fields.filter(
      ({ pointer, count }) => count >= least && !taken.has(pointer) && key.test(pointer),
    );
    const [nearest] = fitting.toSorted((a, b) => a.depth - b.depth);
    if (nearest !== undefined) return nearest;
  }
  return null;
}

/** By its name; else the field whose values are words for statuses. */
function pickStatus(fields: readonly Field[], least: number, contractId: Field | null): Field | null {
  const means = ({ values, pointer }: Field): boolean =>
    pointer !== contractId?.pointer &&
    values.some((value) => typeof value === 'string' && guessStatus(value) !== null);
  const meaning = fields.filter((field) => field.count >= least && means(field));
  return pick(meaning, KEYS.status, least) ?? meaning[0] ?? pick(fields, KEYS.status, least);
}

function identityOf(
  payloads: readonly Payload[],
  fields: readonly Field[],
  contractId: Field,
): Mapping['identity'] {
  if (payloads.every(({ seen }) => seen.item.id !== null && seen.item.id !== '')) return 'sse-id';
  const field = pick(fields, KEYS.eventId, payloads.length, new Set([contractId.pointer]));
  const isUnique = field !== null && new Set(field.values.map(String)).size === payloads.length;
  return field !== null && isUnique && field.pointer !== contractId.pointer ? field.pointer : 'arrival';
}

/** Only where it has been seen to count the changes of a contract one by one. */
function versionOf(
  payloads: readonly Payload[],
  fields: readonly Field[],
  contractId: Field,
): Mapping['version'] {
  const field = pick(fields, KEYS.version, payloads.length);
  if (field === null) return 'arrival';
  const last = new Map<string, number>();
  let steps = 0;
  for (const [index, value] of field.values.entries()) {
    const version = Number(value);
    const contract = String(contractId.values[index]);
    const before = last.get(contract);
    if (!Number.isSafeInteger(version) || version < 1) return 'arrival';
    if (before !== undefined && version !== before + 1) return 'arrival';
    if (before !== undefined) steps += 1;
    last.set(contract, version);
  }
  return steps > 0 ? field.pointer : 'arrival';
}
