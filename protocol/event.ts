import * as v from 'valibot';
import { readPlainEvent } from './plain-event.ts';
import { SEVERITIES } from './statuses.ts';

/**
 * One status change as addressed to one user: a CloudEvents 1.0 object in structured JSON mode
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md).
 * Fields we do not know are ignored; a status code we do not know is kept as it is.
 */

export const STATUS_CHANGED_TYPE = 'app.contracts.status.changed.v1';

/** RFC 3339 with a zone, as far as Date can tell an instant from it. */
const instant = v.pipe(
  v.string(),
  v.maxLength(40),
  v.check(
    (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text)),
    'is not an RFC 3339 time',
  ),
);
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const text = v.pipe(v.string(), v.maxLength(10_000));

export const counterpartySchema = v.object({
  id: name,
  name: text,
  role: v.optional(text),
});

/** A decimal string and an ISO 4217 code: never a float, never summed across currencies. */
export const amountSchema = v.object({
  value: v.pipe(v.string(), v.regex(/^-?\d{1,30}(\.\d{1,10})?$/, 'is not a decimal string')),
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'is not an ISO 4217 code')),
});

export const contractSchema = v.object({
  id: name,
  title: text,
  version: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER)),
  counterparties: v.optional(v.pipe(v.array(counterpartySchema), v.maxLength(100)), []),
  amount: v.optional(v.nullable(amountSchema), null),
  dueAt: v.optional(v.nullable(instant), null),
});

const changeSchema = v.object({
  from: v.optional(v.nullable(name), null),
  to: name,
  actor: v.optional(
    v.nullable(v.object({ id: v.optional(text, ''), name: text, kind: v.optional(text, '') })),
    null,
  ),
  reason: v.optional(v.nullable(v.object({ code: v.optional(text, ''), text: v.optional(text, '') })), null),
});

export const statusChangedSchema = v.object({
  specversion: v.literal('1.0'),
  id: name,
  source: name,
  type: v.literal(STATUS_CHANGED_TYPE),
  subject: v.optional(text),
  time: instant,
  sequence: v.optional(text),
  data: v.object({
    contract: contractSchema,
    change: changeSchema,
    severity: v.optional(v.fallback(v.picklist(SEVERITIES), 'info'), 'info'),
    actionRequired: v.optional(v.boolean(), false),
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

/** JSON text to a value of `schema`; malformed JSON is a reason like any other. */
export function decodeJson<const S extends v.GenericSchema>(
  schema: S,
  json: string,
): Decoded<v.InferOutput<S>> {
  let input: unknown;
  try {
    input = JSON.parse(json);
  } catch (error) {
    return {
      ok: false,
      reason: `malformed JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}`,
    };
  }
  return decode(schema, input);
}

/** `data` of a `{userId}_ContractStatusChanged` event to the event, or the reason it is set aside. */
export function decodeEvent(json: string): Decoded<StatusChanged> {
  let input: unknown;
  try {
    input = JSON.parse(json);
  } catch {
    return decodeJson(statusChangedSchema, json);
  }
  const plain = readPlainEvent(input);
  return plain === undefined ? decode(statusChangedSchema, input) : { ok: true, value: plain };
}
