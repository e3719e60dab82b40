import type { Decoded } from '../../protocol/event.ts';
import { decode } from '../../protocol/event.ts';
import { faultSchema } from './schema.ts';
import type { Fault } from './types.ts';

interface Form {
  /** Fields in the order of the colons. */
  readonly positional: readonly string[];
  readonly usage: string;
}

const FORMS: Readonly<Record<Fault['kind'], Form>> = {
  drop: { positional: ['probability', 'where'], usage: 'drop:0.01[:between|line|character]' },
  stall: { positional: ['afterEvents', 'probability'], usage: 'stall:20[:0.5]' },
  one_byte: { positional: [], usage: 'one_byte' },
  buffer: { positional: ['headers'], usage: 'buffer[:headers][,bytes=4096]' },
  refuse: { positional: ['probability'], usage: 'refuse[:0.2]' },
  status: {
    positional: ['status', 'probability'],
    usage: 'status:503[:0.1][,times=3][,retryAfter=5][,path=/api/login]',
  },
  content_type: { positional: ['value'], usage: 'content_type:text/html[,times=1]' },
  redirect: { positional: ['to'], usage: 'redirect:http://127.0.0.1:4001/api/events[,status=308][,times=1]' },
  duplicate: { positional: ['probability'], usage: 'duplicate:0.05' },
  reorder: { positional: ['probability'], usage: 'reorder:0.05' },
  omit: { positional: ['probability'], usage: 'omit:0.01 | omit,sequences=3+7 | omit,last' },
  garbage: { positional: ['probability', 'variant'], usage: 'garbage:0.01[:between|own]' },
  giant: {
    positional: ['probability', 'bytes'],
    usage: 'giant:0.001:2000000 | giant,bytes=2000000,sequences=3+7',
  },
  replay_early: { positional: ['events'], usage: 'replay_early:3' },
  delay: { positional: ['ms'], usage: 'delay:50' },
  clock_skew: { positional: ['ms'], usage: 'clock_skew:10800000' },
  restart: { positional: ['everyMs', 'downMs'], usage: 'restart:30000:2000' },
  new_epoch: { positional: ['everyMs'], usage: 'new_epoch:60000' },
  truncate: { positional: ['everyMs', 'keep'], usage: 'truncate:30000:10' },
  expire_tokens: { positional: ['everyMs'], usage: 'expire_tokens:20000' },
  revoke: { positional: ['everyMs'], usage: 'revoke:60000' },
};

const TEXT_FIELDS: ReadonlySet<string> = new Set(['where', 'variant', 'value', 'to', 'retryAfter', 'path']);
const FLAG_FIELDS: ReadonlySet<string> = new Set(['headers', 'last']);

/** One line for each kind, for help and error texts. */
export function faultUsage(): readonly string[] {
  return Object.values(FORMS).map((form) => form.usage);
}

/**
 * `kind:value:value,name=value,flag` to a fault; times are ms, probabilities 0 to 1. A wrong spec gives the
 * reason and how this kind (or every kind) is written.
 */
export function parseFault(spec: string): Decoded<Fault> {
  const [main = '', ...named] = spec.split(',');
  const colon = main.indexOf(':');
  const kind = colon < 0 ? main : main.slice(0, colon);
  if (!Object.hasOwn(FORMS, kind))
    return {
      ok: false,
      reason: `there is no fault "${kind}". Possible are:\n  ${faultUsage().join('\n  ')}`,
    };
  const form = FORMS[kind as Fault['kind']];
  const fail = (why: string): Decoded<Fault> => ({
    ok: false,
    reason: `"${spec}": ${why}. It is written ${form.usage}`,
  });

  const rest = colon < 0 ? '' : main.slice(colon + 1);
  // A single value may hold colons itself (a URL).
  const values = rest === '' ? [] : form.positional.length === 1 ? [rest] : rest.split(':');
  if (values.length > form.positional.length) return fail('too many values');
  const fields = new Map<string, unknown>([['kind', kind]]);
  for (const [index, value] of values.entries()) {
    const name = form.positional[index] as string;
    if (FLAG_FIELDS.has(name) && value !== name) return fail(`"${value}" is not "${name}"`);
    fields.set(name, readValue(name, value));
  }
  for (const pair of named) {
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (equals < 0 && !FLAG_FIELDS.has(name)) return fail(`"${pair}" has no value`);
    fields.set(name, readValue(name, pair.slice(equals + 1)));
  }
  const decoded = decode(faultSchema, Object.fromEntries(fields));
  return decoded.ok ? decoded : fail(decoded.reason);
}

function readValue(name: string, value: string): unknown {
  if (FLAG_FIELDS.has(name)) return true;
  if (TEXT_FIELDS.has(name)) return value;
  if (name === 'sequences') return value.split('+').map(readNumber);
  return readNumber(value);
}

/** NaN for what is no number: the schema then names the field. */
function readNumber(value: string): number {
  return value.trim() === '' ? Number.NaN : Number(value);
}
