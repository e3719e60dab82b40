import { parseJson, takeNumberAsText, STATUS_CHANGED_TYPE, type Decoded } from '../event.ts';
import { isStatusCode, STATUSES } from '../statuses.ts';
import { SEVERITY_NAMES, type MappedParties, type MappedValue, type Mapping } from './profile.ts';

/**
 * What a server sends to the event as `protocol/` has it, by a mapping. An id or a version that only the order of arrival gives is
 * left out: the ledger, which knows that order, fills it in.
 */
export interface MappedEvent {
  readonly specversion: '1.0';
  readonly type: typeof STATUS_CHANGED_TYPE;
  readonly source: string;
  readonly id?: string;
  readonly time: unknown;
  readonly data: {
    readonly contract: Readonly<Record<string, unknown>> & { readonly id: string; readonly version?: number };
    readonly change: Readonly<Record<string, unknown>> & { readonly to: string };
    readonly severity: string;
    readonly actionRequired: boolean;
  };
}

/** Where nothing of a server names a source of its own. */
const SOURCE = '/mapped';

type Scalar = string | number | boolean;

/** `sseId`: null for none. `cameAt`: epoch ms. The reason names the field of the mapping. */
export function mapEvent(
  mapping: Mapping,
  json: string,
  sseId: string | null,
  cameAt: number,
): Decoded<MappedEvent> {
  const parsed = parseJson(json);
  if (!parsed.ok) return parsed;
  const payload = parsed.value;
  // Digit by digit, where they are numbers: neither a long id nor money may be rounded.
  for (const exact of [mapping.identity, mapping.contractId, mapping.amount?.value]) {
    const at = typeof exact === 'object' && 'at' in exact ? exact.at : exact;
    if (typeof at === 'string' && at.startsWith('/')) takeNumberAsText(json, payload, stepsOf(at));
  }
  const text = (value: MappedValue | undefined): string | null => {
    const found = read(value, payload);
    return found === null ? null : String(found);
  };
  const contractId = text(mapping.contractId);
  if (contractId === null) return no('contractId', mapping.contractId);
  const to = text(mapping.status);
  if (to === null) return no('status', mapping.status);
  const id = identityOf(mapping, payload, sseId);
  if (id === null) return no('identity', mapping.identity);
  const version = mapping.version === 'arrival' ? undefined : wholeAt(mapping.version, payload);
  if (version === null) return no('version', mapping.version);
  const time = read(mapping.time, payload);
  if (mapping.time !== undefined && time === null) return no('time', mapping.time);
  const usual = isStatusCode(to) ? STATUSES[to] : null;
  const severity = text(mapping.severity);
  const actor = text(mapping.actor);
  const reason = text(mapping.reason);
  const amount = mapping.amount && {
    value: text(mapping.amount.value),
    currency: text(mapping.amount.currency),
  };
  return {
    ok: true,
    value: {
      specversion: '1.0',
      type: STATUS_CHANGED_TYPE,
      source: SOURCE,
      ...(id === undefined ? null : { id }),
      time: time === null ? toInstant(cameAt) : toInstant(time),
      data: {
        contract: {
          id: contractId,
          title: text(mapping.title) ?? contractId,
          ...(version === undefined ? null : { version }),
          counterparties: partiesOf(mapping.counterparties, payload),
          amount: amount === undefined || amount.value === null ? null : amount,
          dueAt: dueOf(read(mapping.due, payload)),
        },
        change: {
          from: text(mapping.previousStatus),
          to,
          actor: actor === null ? null : { id: '', name: actor, kind: '' },
          reason: reason === null ? null : { code: '', text: reason },
        },
        severity: severity !== null && SEVERITY_NAMES.has(severity) ? severity : (usual?.severity ?? 'info'),
        actionRequired:
          mapping.actionRequired === undefined
            ? usual?.family === 'decision'
            : isYes(read(mapping.actionRequired, payload)),
      },
    },
  };
}

function no(field: string, value: MappedValue): { readonly ok: false; readonly reason: string } {
  const at = typeof value === 'string' ? value : 'at' in value ? value.at : '';
  return {
    ok: false,
    reason: `the profile's ${field}: nothing of use at ${at === '' ? 'the whole' : at.slice(0, 200)}`,
  };
}

/** Undefined: only the order of arrival tells. Null: it should be there, and is not. */
function identityOf(
  { identity }: Mapping,
  payload: unknown,
  sseId: string | null,
): string | null | undefined {
  if (identity === 'arrival') return undefined;
  if (identity === 'sse-id') return sseId === null || sseId === '' ? undefined : sseId;
  const found = scalar(at(payload, identity));
  return found === null || found === '' ? null : String(found);
}

function wholeAt(pointer: string, payload: unknown): number | null {
  const found = scalar(at(payload, pointer));
  const number = typeof found === 'string' && /^\d{1,15}$/.test(found) ? Number(found) : found;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 1 ? number : null;
}

/** Null: the payload has nothing there, or no plain value. */
function read(value: MappedValue | undefined, payload: unknown): Scalar | null {
  if (value === undefined) return null;
  if (typeof value === 'string') return scalar(at(payload, value));
  if ('constant' in value) return value.constant;
  const found = scalar(at(payload, value.at));
  if (found === null) return value.otherwise ?? null;
  const { values } = value;
  return values !== undefined && Object.hasOwn(values, String(found))
    ? (values[String(found)] ?? null)
    : found;
}

const scalar = (value: unknown): Scalar | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;

const stepsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** RFC 6901; undefined where there is nothing. */
function at(value: unknown, pointer: string): unknown {
  let found: unknown = value;
  for (const step of stepsOf(pointer)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[step];
  }
  return found;
}

function partiesOf(parties: MappedParties | undefined, payload: unknown): { id: string; name: string }[] {
  if (parties === undefined) return [];
  const [list, name, id] =
    typeof parties === 'string' ? [parties, '', ''] : [parties.at, parties.name, parties.id ?? parties.name];
  const found = at(payload, list);
  return (Array.isArray(found) ? (found as readonly unknown[]) : [found]).flatMap((party) => {
    const names = scalar(at(party, name));
    const ids = scalar(at(party, id)) ?? names;
    if (names === null || names === '' || ids === null || ids === '') return [];
    return [{ id: String(ids).slice(0, 500), name: String(names) }];
  });
}

const isYes = (value: Scalar | null): boolean => value === true || value === 'true' || value === 1;

/** Below it a number counts seconds, from it on milliseconds: 1973 or 5138. */
const MILLISECONDS_FROM = 1e11;
const LATEST_MS = 253_402_300_799_000;

/** A number is a time since 1970, as most languages count it; what is no time stays as it is, and is judged as any event's. */
function toInstant(value: Scalar): Scalar {
  const number = typeof value === 'string' && /^\d{9,13}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return value;
  const ms = number >= MILLISECONDS_FROM ? number : number * 1000;
  return ms >= 0 && ms <= LATEST_MS ? new Date(Math.floor(ms)).toISOString() : value;
}

const dueOf = (due: Scalar | null): Scalar | null => (due === null || due === '' ? null : toInstant(due));
