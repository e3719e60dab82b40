import type { ConnectionStatus } from '../../protocol/connection.ts';
import type { SessionView, StorageProblem } from '../../protocol/ipc.ts';
import type { SignInProblem } from '../../protocol/sign-in.ts';
import { VIEW_RULES, type SavedView } from '../../protocol/filter.ts';
import type { Gap, Receipt } from '../../protocol/receipt.ts';
import type { SettingsProblem } from '../../protocol/settings.ts';

/** Named states of everything but the list, chosen by the page's address. */

export const SERVER = 'https://contracts.example.com';

export function fakeSession(name: string, locale: string): SessionView {
  if (name === 'keychain') return { state: 'restoring', waitsForKeychain: true };
  if (name === 'restoring') return { state: 'restoring' };
  if (name === 'signed_in' || name === '') {
    const userName = locale === 'ru' ? 'Анна Петрова' : 'Anna Petrova';
    return { state: 'signed_in', server: SERVER, username: 'anna', userName, locale, remembered: true };
  }
  const ended =
    name === 'expired' || name === 'revoked' || name === 'by_user' || name === 'locked' ? name : 'none';
  return {
    state: 'signed_out',
    server: ended === 'none' ? '' : SERVER,
    username: ended === 'none' ? '' : 'anna',
    ended,
  };
}

const ISSUER = 'https://login.example.com';
const PROBLEMS: readonly SignInProblem[] = [
  { code: 'wrong_password' },
  { code: 'wrong_key' },
  { code: 'unusable_key' },
  { code: 'unusable_user_id' },
  { code: 'throttled', retryAfterS: 21 },
  { code: 'unreachable', detail: 'net::ERR_CONNECTION_REFUSED' },
  { code: 'certificate', detail: 'net::ERR_CERT_AUTHORITY_INVALID' },
  { code: 'client_certificate', detail: 'net::ERR_SSL_CLIENT_AUTH_CERT_NEEDED' },
  { code: 'not_conforming', detail: 'expected JSON, got text/html' },
  { code: 'redirected', origin: 'https://contracts.example.com' },
  { code: 'misdirected' },
  { code: 'unusable_token' },
  { code: 'server_error', status: 503 },
  { code: 'forbidden' },
  { code: 'api_key' },
  { code: 'other_sign_in', scheme: 'Negotiate' },
  { code: 'gateway', status: 403 },
  { code: 'bad_address', detail: 'plain http is for loopback only' },
  { code: 'bad_profile', detail: 'mapping.status: is missing' },
  { code: 'not_confirmed' },
  { code: 'this_machine_only' },
  { code: 'busy' },
  { code: 'issuer_unreachable', issuer: ISSUER, detail: 'net::ERR_CONNECTION_REFUSED' },
  { code: 'issuer_malformed', issuer: ISSUER, detail: 'it answered 404' },
  { code: 'issuer_mismatch', issuer: ISSUER, detail: 'the ID token names another' },
  { code: 'issuer_elsewhere', issuer: ISSUER, origin: 'https://tokens.example.net' },
  { code: 'issuer_refused', issuer: ISSUER, detail: 'invalid_scope: no such scope' },
  { code: 'access_denied', issuer: ISSUER },
  { code: 'wrong_state' },
  { code: 'browser_timeout' },
  { code: 'no_browser' },
  { code: 'cancelled' },
  { code: 'no_refresh_token', issuer: ISSUER },
  { code: 'clock_skew', issuer: ISSUER },
  { code: 'no_user_id', issuer: ISSUER, claim: 'employee_id' },
  { code: 'token_refused' },
];

export function fakeProblem(code: string): SignInProblem {
  return PROBLEMS.find((problem) => problem.code === code) ?? { code: 'wrong_password' };
}

export function fakeConnection(name: string, now: number): ConnectionStatus {
  const failure = { code: 'unreachable', status: null, detail: 'net::ERR_CONNECTION_REFUSED' } as const;
  const states: Record<string, ConnectionStatus['state']> = {
    live: { phase: 'live' },
    connected: { phase: 'connected' },
    late: { phase: 'late', byMs: 9_000 },
    connecting: { phase: 'connecting', attempt: 1 },
    catching: { phase: 'catching_up', done: 12_400, total: 38_000 },
    catching_unknown: { phase: 'catching_up', done: 12_400, total: null },
    waiting: { phase: 'waiting', retryAt: now + 8500, attempt: 3, failure, offline: false },
    offline: { phase: 'waiting', retryAt: now + 8500, attempt: 3, failure, offline: true },
    sign_in: { phase: 'sign_in_needed', cause: 'expired' },
    refused: { phase: 'refused' },
    stopped: { phase: 'stopped', cause: 'forbidden' },
  };
  return {
    state: states[name] ?? { phase: 'live' },
    transport: name === 'long_poll' ? 'long_poll' : 'sse',
    server: SERVER,
    lastEventAt: now - 42_000,
    lastHeardAt: now - 3000,
    clockSkewMs: name === 'long_poll' ? -7_300_000 : 120,
    replay: 'proven',
  };
}

export function fakeReceipt(name: string, now: number): Receipt {
  const gap: Gap = {
    gapId: 1,
    kind: 'sequence',
    epoch: 'e7',
    fromSequence: 18_112,
    toSequence: 18_114,
    contractId: null,
    openedAt: now - 5_400_000,
    healedAt: null,
    attempts: 2,
    nextAttemptAt: now + 25_000,
    note: 'history does not have it yet',
  };
  const base: Receipt = {
    verdict: 'complete',
    upToId: 'e7-00000018231',
    upToSequence: 18_231,
    upToTime: now - 3000,
    openGaps: [],
    canFetch: true,
    ahead: null,
    lastHealed: { ...gap, gapId: 2, healedAt: now - 5_000_000 },
    changesToday: 147,
    missing: 0,
    restartedAt: null,
    notForUser: null,
    absence: { since: now - 2.6 * 86_400_000, until: now - 600_000, changes: 14, missing: 0 },
  };
  const unproven = { upToId: null, upToSequence: null, upToTime: null } as const;
  if (name === 'gaps') {
    const other: Gap = {
      ...gap,
      gapId: 3,
      kind: 'quarantine',
      contractId: 'C-2026-000004',
      nextAttemptAt: null,
    };
    return { ...base, ...unproven, verdict: 'gaps', openGaps: [gap, other], missing: 4, absence: null };
  }
  if (name === 'confirming' || name === 'no_gap_seen' || name === 'no_baseline' || name === 'no_list') {
    return { ...base, ...unproven, verdict: name };
  }
  if (name === 'nothing_yet') {
    return { ...base, ...unproven, verdict: name, lastHealed: null, changesToday: 0, absence: null };
  }
  return base;
}

export function fakeStorage(name: string): StorageProblem | null {
  const detail = 'SQLITE_CORRUPT: database disk image is malformed';
  const path = '/home/anna/.config/contract-pulse/ledger.2026-11-23.damaged.db';
  switch (name) {
    case 'aside':
      return { code: 'corrupt', inMemory: false, setAsideAt: path, detail };
    case 'corrupt':
    case 'newer_version':
    case 'read_only':
    case 'locked':
    case 'disk_full':
    case 'unknown':
      return { code: name, inMemory: true, setAsideAt: null, detail };
    case 'restarted':
    case 'ended':
      return { code: name, inMemory: false, setAsideAt: null, detail };
    default:
      return null;
  }
}

/** The first `count` of some saved views a person would make. */
export function fakeSaved(count: number, locale: string): SavedView[] {
  const ru = locale === 'ru';
  const views: Pick<SavedView, 'name' | 'filter'>[] = [
    {
      name: ru ? 'Сталь, крупные суммы' : 'Steel, large amounts',
      filter: {
        view: 'all',
        text: ru ? 'поставка' : 'steel',
        conditions: { amount: { currency: 'EUR', min: '1000000', max: null } },
        sort: { by: 'amount', descending: true },
      },
    },
    {
      name: ru ? 'Ждут подписи контрагентов' : 'Out for signature',
      filter: {
        view: 'waiting',
        text: '',
        conditions: { statuses: ['sent', 'viewed', 'partially_signed'] },
        sort: { by: 'due', descending: false },
      },
    },
    {
      name: ru ? 'Проблемы за неделю' : 'Problems',
      filter: { view: 'all', text: '', conditions: { severities: ['error', 'warning'] } },
    },
    {
      name: ru
        ? 'Северо-Западная строительная компания, без срока'
        : 'Blue Harbour without a due date, kept for later',
      filter: { view: 'all', text: '', conditions: { due: 'none' } },
    },
  ];
  return Array.from({ length: count }, (_, index) => {
    const view = views[index % views.length] as (typeof views)[number];
    const name = index < views.length ? view.name : `${view.name} ${index + 1}`;
    return {
      ...view,
      name,
      savedId: index + 1,
      notify: VIEW_RULES[index % VIEW_RULES.length] ?? 'usual',
      remindDays: index === 1 ? 3 : null,
      count: 0,
    };
  });
}

export function fakeSettingsProblem(name: string): SettingsProblem | null {
  if (name === 'unreadable') {
    const setAsideAt = '/home/anna/.config/contract-pulse/settings.2026-11-23.json';
    return { code: name, fields: [], setAsideAt };
  }
  if (name === 'partly') return { code: name, fields: ['theme', 'textScale'], setAsideAt: null };
  if (name === 'not_saved') return { code: name, fields: [], setAsideAt: null };
  return null;
}
