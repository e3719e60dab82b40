import * as v from 'valibot';
import type { Fault } from './types.ts';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000_000));
const ms = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(86_400_000));
const everyMs = v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(86_400_000));
const sequences = v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(1))), v.minLength(1));
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(2000), v.regex(/^[\x20-\x7e]+$/));

/** What may come from the command line or over the control interface. Mirrors `Fault`. */
export const faultSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('drop'),
    probability: share,
    where: v.exactOptional(v.picklist(['between', 'line', 'character'])),
  }),
  v.strictObject({ kind: v.literal('stall'), afterEvents: count, probability: v.exactOptional(share) }),
  v.strictObject({ kind: v.literal('one_byte') }),
  v.strictObject({
    kind: v.literal('buffer'),
    headers: v.exactOptional(v.boolean()),
    bytes: v.exactOptional(count),
  }),
  v.strictObject({ kind: v.literal('refuse'), probability: v.exactOptional(share) }),
  v.strictObject({
    kind: v.literal('status'),
    status: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
    probability: v.exactOptional(share),
    times: v.exactOptional(count),
    retryAfter: v.exactOptional(text),
    path: v.exactOptional(text),
  }),
  v.strictObject({ kind: v.literal('content_type'), value: text, times: v.exactOptional(count) }),
  v.strictObject({
    kind: v.literal('redirect'),
    to: text,
    status: v.exactOptional(v.picklist([301, 302, 303, 307, 308])),
    times: v.exactOptional(count),
  }),
  v.strictObject({ kind: v.literal('duplicate'), probability: share }),
  v.strictObject({ kind: v.literal('reorder'), probability: share }),
  v.strictObject({
    kind: v.literal('omit'),
    probability: v.exactOptional(share),
    sequences: v.exactOptional(sequences),
    last: v.exactOptional(v.boolean()),
  }),
  v.strictObject({
    kind: v.literal('garbage'),
    probability: share,
    variant: v.exactOptional(v.picklist(['between', 'own'])),
  }),
  v.strictObject({
    kind: v.literal('giant'),
    probability: v.exactOptional(share),
    sequences: v.exactOptional(sequences),
    bytes: count,
  }),
  v.strictObject({ kind: v.literal('replay_early'), events: count }),
  v.strictObject({ kind: v.literal('delay'), ms }),
  v.strictObject({
    kind: v.literal('clock_skew'),
    ms: v.pipe(v.number(), v.integer(), v.minValue(-1e12), v.maxValue(1e12)),
  }),
  v.strictObject({ kind: v.literal('restart'), everyMs, downMs: ms }),
  v.strictObject({ kind: v.literal('new_epoch'), everyMs }),
  v.strictObject({ kind: v.literal('truncate'), everyMs, keep: count }),
  v.strictObject({ kind: v.literal('expire_tokens'), everyMs }),
  v.strictObject({ kind: v.literal('revoke'), everyMs }),
]);

type Mirrors = v.InferOutput<typeof faultSchema> extends Fault ? true : never;
const mirrors: Mirrors = true;
void mirrors;
