import type { MockUser, ServerOptions } from './types.ts';

export const DEMO_USERS: readonly MockUser[] = [
  { id: 'u42', username: 'anna', password: 'anna-demo', name: 'Анна Петрова', locale: 'ru' },
  { id: 'u7', username: 'ben', password: 'ben-demo', name: 'Ben Carter', locale: 'en' },
];

const moreNames = [
  ['clara', 'Clara Weiss', 'de'],
  ['dmitri', 'Дмитрий Орлов', 'ru'],
  ['elena', 'Елена Соколова', 'ru'],
  ['fatima', 'Fatima Haddad', 'en'],
  ['george', 'George Okafor', 'en'],
  ['hana', 'Hana Nováková', 'en'],
  ['igor', 'Игорь Лебедев', 'ru'],
  ['julia', 'Júlia Szabó', 'en'],
] as const;

/** The two demo users and, beyond them, made-up ones; the password is always the user name and `-demo`. */
export function makeUsers(count: number): readonly MockUser[] {
  const users = DEMO_USERS.slice(0, count);
  for (let index = users.length; index < count; index += 1) {
    const extra = index - DEMO_USERS.length;
    const [base, name, locale] = moreNames[extra % moreNames.length] as (typeof moreNames)[number];
    const round = Math.floor(extra / moreNames.length);
    const username = round === 0 ? base : `${base}${round + 1}`;
    users.push({
      id: `u${101 + extra}`,
      username,
      password: `${username}-demo`,
      name: round === 0 ? name : `${name} ${round + 1}`,
      locale,
    });
  }
  return users;
}

/** Simulated history ends here unless told otherwise, so that the same seed gives the same times on any day. */
export const DEFAULT_HISTORY_END = Date.UTC(2026, 0, 5, 8);

export function completeOptions(given: Partial<ServerOptions>): ServerOptions {
  const options: ServerOptions = {
    port: 0,
    seed: 1,
    ratePerS: 0,
    contracts: 20,
    backlog: 0,
    users: DEMO_USERS,
    heartbeatMs: 15_000,
    retryMs: 1_000,
    retention: 100_000,
    accessTokenTtlS: 900,
    maxBufferedBytes: 4 * 1024 * 1024,
    slowGraceMs: 5_000,
    maxFailedLogins: 5,
    throttleMs: 30_000,
    snapshotTtlMs: 60_000,
    historyEnd: DEFAULT_HISTORY_END,
    foreign: false,
    tls: false,
    faults: [],
    controlInterface: false,
    allowedOrigins: [],
    apiKeys: {},
    onLine: () => {},
    ...given,
  };
  checkOptions(options);
  return options;
}

const bounds = {
  port: [0, 65_535],
  seed: [0, 4_294_967_295],
  ratePerS: [0, 100_000],
  contracts: [0, 1_000_000],
  backlog: [0, 5_000_000],
  heartbeatMs: [10, 600_000],
  retryMs: [0, Number.MAX_SAFE_INTEGER],
  retention: [1, 10_000_000],
  accessTokenTtlS: [1, 31_536_000],
  maxBufferedBytes: [1, 1_073_741_824],
  slowGraceMs: [0, 3_600_000],
  maxFailedLogins: [1, 1_000_000],
  throttleMs: [1, 86_400_000],
  snapshotTtlMs: [1, 86_400_000],
} as const satisfies Partial<Record<keyof ServerOptions, readonly [number, number]>>;

/** Throws a RangeError or TypeError that names the option. */
function checkOptions(options: ServerOptions): void {
  for (const [name, [least, most]] of Object.entries(bounds)) {
    const value = options[name as keyof typeof bounds];
    if (!Number.isFinite(value) || value < least || value > most)
      throw new RangeError(`${name} must be a number from ${least} to ${most}, got ${value}.`);
  }
  if (options.users.length === 0) throw new RangeError('users must name at least one user.');
  for (const key of ['id', 'username'] as const) {
    const seen = new Set(options.users.map((user) => user[key]));
    if (seen.size !== options.users.length)
      throw new TypeError(`users: each ${key} must be there only once.`);
  }
  for (const userId of Object.values(options.apiKeys)) {
    if (!options.users.some((user) => user.id === userId))
      throw new TypeError(`apiKeys: there is no user with the id ${userId}.`);
  }
}
