import * as v from 'valibot';
import { parseInstant, withZone } from './instant.ts';
import { excessOf, textAt } from './json-text.ts';
import { SEVERITIES } from './statuses.ts';

/**
 * One status change as addressed to one user: a CloudEvents 1.0 object in structured JSON mode
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md).
 * Fields we do not know are ignored; a status code we do not know is kept as it is.
 */

export const STATUS_CHANGED_TYPE = 'app.contracts.status.changed.v1';

/** What a store can tell apart and give back: SQLite ends a text at U+0000, and UTF-8 has no lone surrogates. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}

function storable(text: string): string {
  return isStorable(text) ? text : text.replaceAll('\0', '\ufffd').replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

const instant = v.pipe(
  v.string(),
  v.maxLength(1000),
  v.check((text) => parseInstant(text) !== null, 'is not an RFC 3339 time'),
  v.transform(withZone),
);
const name = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(500),
  v.check(isStorable, 'holds U+0000 or half a character'),
);
const text = v.pipe(v.string(), v.maxLength(10_000), v.transform(storable));

/** What a row can show and a search read; all of them stay in the original envelope. */
const MAX_PARTIES = 1000;

export const counterpartySchema = v.object({
  id: name,
  name: text,
  role: v.nullish(text),
});

/** A decimal string and an ISO 4217 code, taken in small letters too: never a float, never summed across currencies. */
export const amountSchema = v.object({
  value: v.pipe(v.string(), v.regex(/^-?\d{1,30}(\.\d{1,10})?$/, 'is not a decimal string')),
  currency: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z]{3}$/, 'is not an ISO 4217 code'),
    v.transform((code) => code.toUpperCase()),
  ),
});

/** Empty where it was not set (Go, spreadsheets). */
const dueSchema = v.pipe(
  v.string(),
  v.transform((due) => (due.trim() === '' ? null : due)),
  v.nullable(instant),
);

export const contractSchema = v.object({
  id: name,
  title: text,
  version: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER)),
  counterparties: v.pipe(
    v.nullish(v.array(counterpartySchema), []),
    v.transform((parties) => parties.slice(0, MAX_PARTIES)),
  ),
  amount: v.nullish(amountSchema, null),
  dueAt: v.nullish(dueSchema, null),
});

const changeSchema = v.object({
  from: v.nullish(name, null),
  to: name,
  actor: v.nullish(v.object({ id: v.nullish(text, ''), name: text, kind: v.nullish(text, '') }), null),
  reason: v.nullish(v.object({ code: v.nullish(text, ''), text: v.nullish(text, '') }), null),
});

/** One that we do not know is for information. */
export const severitySchema = v.optional(v.fallback(v.picklist(SEVERITIES), 'info'), 'info');

export const statusChangedSchema = v.object({
  specversion: v.literal('1.0'),
  id: name,
  source: name,
  type: v.literal(STATUS_CHANGED_TYPE),
  subject: v.nullish(text),
  time: instant,
  sequence: v.nullish(text),
  data: v.object({
    contract: contractSchema,
    change: changeSchema,
    severity: severitySchema,
    actionRequired: v.nullish(v.boolean(), false),
  }),
});

export type StatusChanged = v.InferOutput<typeof statusChangedSchema>;
export type Contract = v.InferOutput<typeof contractSchema>;
export type Counterparty = v.InferOutput<typeof counterpartySchema>;
export type Amount = v.InferOutput<typeof amountSchema>;
export type Change = StatusChanged['data']['change'];

export type Decoded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** `schema` applied to `input`: the value, or a reason that names the first field that is wrong. */
export function decode<const S extends v.GenericSchema>(
  schema: S,
  input: unknown,
): Decoded<v.InferOutput<S>> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return { ok: true, value: result.output };
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? 'the value';
  return { ok: false, reason: `${path}: ${issue.message}` };
}

/** JSON text to a value of `schema`; malformed JSON, and JSON of too much, is a reason like any other. */
export function decodeJson<const S extends v.GenericSchema>(
  schema: S,
  json: string,
): Decoded<v.InferOutput<S>> {
  const parsed = parseJson(json);
  return parsed.ok ? decode(schema, parsed.value) : parsed;
}

/** Below this JSON.parse is quick however deep the text nests. */
const SMALL = 16_384;

export function parseJson(json: string): Decoded<unknown> {
  const excess = json.length > SMALL ? excessOf(json) : null;
  if (excess !== null) return { ok: false, reason: excess };
  try {
    return { ok: true, value: JSON.parse(json) };
  } catch (error) {
    return {
      ok: false,
      reason: `malformed JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}`,
    };
  }
}

/** Where `input`, read from `json`, has a number there, its exact decimal takes its place; a number no decimal can write stays. */
export function takeNumberAsText(json: string, input: unknown, keys: readonly string[]): void {
  const key = keys.at(-1) ?? '';
  let holder: unknown = input;
  for (const each of keys.slice(0, -1)) holder = isRecord(holder) ? holder[each] : undefined;
  if (!isRecord(holder) || typeof holder[key] !== 'number') return;
  const decimal = plainDecimal(textAt(json, keys) ?? '');
  if (decimal !== null) holder[key] = decimal;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** A JSON number without its exponent, every digit kept; null where that would be endless. */
function plainDecimal(source: string): string | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(source);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padEnd(point, '0');
  const before = point > 0 ? digits.slice(0, point) : '0';
  const after = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  return `${sign}${before.replace(/^0+(?=\d)/, '')}${after === '' ? '' : `.${after}`}`;
}
