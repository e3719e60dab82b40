import { parseArgs } from 'node:util';
import { faultUsage, parseFault } from './faults/parse.ts';
import type { Fault } from './faults/types.ts';
import { DEFAULT_HISTORY_END, makeUsers } from './options.ts';
import type { ServerOptions } from './types.ts';

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string }
  | { readonly kind: 'run'; readonly options: Partial<ServerOptions> };

const FLAGS = {
  port: { type: 'string' },
  seed: { type: 'string' },
  rate: { type: 'string' },
  contracts: { type: 'string' },
  users: { type: 'string' },
  backlog: { type: 'string' },
  heartbeat: { type: 'string' },
  retention: { type: 'string' },
  'history-end': { type: 'string' },
  fault: { type: 'string', multiple: true },
  'allow-origin': { type: 'string', multiple: true },
  'api-key': { type: 'string', multiple: true },
  foreign: { type: 'boolean' },
  tls: { type: 'boolean' },
  control: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const HELP = `Usage: npm run mock -- [flags]

A mock of the contract server on 127.0.0.1, with demo users and a living stream of events.

  --port N            port; 0 takes a free one (default 4000)
  --seed N            the same seed gives the same history (default 1)
  --rate N            simulated status changes a second, fractions allowed (default 0.5; 0: none)
  --contracts N       contracts each user follows from the start (default 20)
  --users N           demo users (default 2)
  --backlog N         status changes in the logs before the server listens (default 200)
  --heartbeat MS      milliseconds between heartbeats (default 15000)
  --retention N       events kept for replay for each user (default 100000)
  --history-end TIME  when the backlog ends: an RFC 3339 time, or now (default ${new Date(DEFAULT_HISTORY_END).toISOString()})
  --fault SPEC        a fault, may be given several times; times in ms, probabilities 0 to 1:
${faultUsage()
  .map((usage) => `                        ${usage}`)
  .join('\n')}
  --foreign           an honest server of somebody else: opaque ids, no heads, no snapshot, no history
  --tls               HTTPS with a self-signed certificate
  --control           the HTTP control interface, behind a token that is printed
  --allow-origin URL  an origin whose pages may use the session cookie; may be given several times
  --api-key KEY=USER  an X-API-Key and the user name it stands for; may be given several times
  --help              this text`;

/** Reads the command line. Nothing is thrown: whatever is wrong becomes one message that says what is right. */
export function parseCommand(argv: readonly string[]): Command {
  try {
    const { values } = parseArgs({ args: [...argv], options: FLAGS, strict: true, allowPositionals: false });
    if (values.help) return { kind: 'help' };
    const users = makeUsers(readNumber('users', values.users, 2, 1, 10_000));
    const options: Partial<ServerOptions> = {
      port: readNumber('port', values.port, 4000, 0, 65_535),
      seed: readNumber('seed', values.seed, 1, 0, 4_294_967_295),
      ratePerS: readNumber('rate', values.rate, 0.5, 0, 100_000, false),
      contracts: readNumber('contracts', values.contracts, 20, 0, 1_000_000),
      backlog: readNumber('backlog', values.backlog, 200, 0, 5_000_000),
      heartbeatMs: readNumber('heartbeat', values.heartbeat, 15_000, 10, 600_000),
      retention: readNumber('retention', values.retention, 100_000, 1, 10_000_000),
      historyEnd: readHistoryEnd(values['history-end']),
      users,
      faults: (values.fault ?? []).map(readFault),
      foreign: values.foreign ?? false,
      tls: values.tls ?? false,
      controlInterface: values.control ?? false,
      allowedOrigins: (values['allow-origin'] ?? []).map(readOrigin),
      apiKeys: Object.fromEntries((values['api-key'] ?? []).map((text) => readApiKey(text, users))),
    };
    return { kind: 'run', options };
  } catch (error) {
    // parseArgs throws TypeErrors for unknown flags; its first sentence is the clear one.
    const message = error instanceof Error ? (error.message.split('. To specify')[0] ?? '') : String(error);
    return { kind: 'wrong', message };
  }
}

function readNumber(
  flag: string,
  text: string | undefined,
  standard: number,
  least: number,
  most: number,
  whole = true,
): number {
  if (text === undefined) return standard;
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value)))
    return value;
  const sort = whole ? 'a whole number' : 'a number';
  throw new RangeError(`--${flag} must be ${sort} from ${least} to ${most}, not "${text}".`);
}

function readHistoryEnd(text: string | undefined): number {
  if (text === undefined) return DEFAULT_HISTORY_END;
  if (text === 'now') return Date.now();
  const time = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(time)) return time;
  throw new RangeError(`--history-end must be "now" or a time such as 2026-01-05T08:00:00Z, not "${text}".`);
}

function readFault(spec: string): Fault {
  const parsed = parseFault(spec);
  if (parsed.ok) return parsed.value;
  throw new TypeError(`--fault ${parsed.reason}`);
}

function readOrigin(text: string): string {
  if (URL.canParse(text) && new URL(text).origin === text) return text;
  throw new TypeError(`--allow-origin must be an origin such as http://127.0.0.1:5173, not "${text}".`);
}

function readApiKey(text: string, users: ReturnType<typeof makeUsers>): readonly [string, string] {
  const equals = text.lastIndexOf('=');
  const user = users.find(({ username }) => username === text.slice(equals + 1));
  if (equals > 0 && user) return [text.slice(0, equals), user.id];
  const names = users.slice(0, 10).map(({ username }) => username);
  throw new TypeError(`--api-key must be KEY=USER with one of the users ${names.join(', ')}.`);
}
