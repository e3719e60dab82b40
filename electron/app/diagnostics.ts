import type { ConnectionState, ConnectionStatus } from '../../protocol/connection.ts';
import type { SessionView, StorageProblem } from '../../protocol/ipc.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import type { LedgerDiagnostics } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';
import { withoutQuotes } from '../ports/log.ts';

const KEPT_STATES = 50;

/** The last states of the connection with their times, for support. */
export interface StateLog {
  add(state: ConnectionState | { readonly phase: 'asleep' | 'awake' }): void;
  lines(): readonly string[];
  clear(): void;
}

export function createStateLog(clock: Clock): StateLog {
  const lines: string[] = [];
  return {
    add(state) {
      lines.push(`${time(clock.now())}  ${describe(state)}`);
      if (lines.length > KEPT_STATES) lines.shift();
    },
    lines: () => lines,
    clear: () => void lines.splice(0),
  };
}

export interface DiagnosticsInput {
  readonly now: number;
  readonly appVersion: string;
  readonly platform: string;
  readonly systemLocale: string;
  readonly machine: readonly string[];
  readonly session: SessionView;
  readonly connection: ConnectionStatus | null;
  readonly states: readonly string[];
  readonly storage: StorageProblem | null;
  /** Null where it could not be read. */
  readonly ledger: LedgerDiagnostics | null;
}

/** Support information as plain text: no credentials, no user or contract texts. */
export function diagnosticsText(input: DiagnosticsInput): string {
  return [
    `Contract Pulse ${input.appVersion}, ${input.platform}, ${input.systemLocale}, ${time(input.now)}`,
    ...input.machine,
    '',
    `Session: ${describeSession(input.session)}`,
    ...describeConnection(input.connection),
    '',
    ...describeReceipt(input.ledger?.receipt ?? null),
    '',
    ...describeStorage(input.storage, input.ledger),
    '',
    'Connection, oldest first:',
    ...(input.states.length === 0 ? ['  nothing yet'] : input.states.map((line) => `  ${line}`)),
    '',
  ].join('\n');
}

function time(at: number | null): string {
  return at === null ? 'never' : new Date(at).toISOString();
}

function describe(state: ConnectionState | { readonly phase: 'asleep' | 'awake' }): string {
  switch (state.phase) {
    case 'waiting': {
      const { code, status, detail } = state.failure;
      const answer = status === null ? '' : ` ${status}`;
      return `waiting after attempt ${state.attempt} until ${time(state.retryAt)}: ${code}${answer} ${detail}`;
    }
    case 'connecting':
      return `connecting, attempt ${state.attempt}`;
    case 'catching_up':
      return `catching up, ${state.done} of ${state.total ?? 'unknown'}`;
    case 'late':
      return `live, but at least ${state.byMs} ms late`;
    case 'stopped':
    case 'sign_in_needed':
      return `${state.phase.replaceAll('_', ' ')}: ${state.cause}`;
    case 'connected':
    case 'live':
    case 'refused':
    case 'signed_out':
    case 'asleep':
    case 'awake':
      return state.phase.replaceAll('_', ' ');
  }
}

function describeSession(session: SessionView): string {
  if (session.state === 'restoring') return 'being restored';
  if (session.state === 'signed_out') return `signed out (${session.ended})`;
  return `signed in, ${session.remembered ? 'remembered' : 'until the app quits (no keychain)'}`;
}

function describeConnection(connection: ConnectionStatus | null): readonly string[] {
  if (connection === null) return ['Connection: none'];
  return [
    `Connection: ${describe(connection.state)}, ${connection.transport}, ${connection.server}`,
    `  last event ${time(connection.lastEventAt)}, last heard ${time(connection.lastHeardAt)}`,
    `  server clock minus ours: ${connection.clockSkewMs === null ? 'unknown' : `${connection.clockSkewMs} ms`}`,
    `  sends again what happened while away: ${connection.replay}`,
  ];
}

function describeReceipt(receipt: Receipt | null): readonly string[] {
  if (receipt === null) return ['Receipt: none'];
  return [
    `Receipt: ${receipt.verdict}, up to ${receipt.upToId ?? 'no event'} at ${time(receipt.upToTime)}`,
    `  ${receipt.changesToday} changes today, missing ${receipt.missing ?? 'unknown'}`,
    ...(receipt.notForUser === null
      ? []
      : [`  nothing for this user yet: ${receipt.notForUser.count} events addressed to nobody here`]),
    ...receipt.openGaps.map(
      (gap) =>
        `  gap ${gap.gapId} ${gap.kind} ${gap.epoch ?? ''} ${gap.fromSequence ?? '?'}-${gap.toSequence ?? '?'} ` +
        `since ${time(gap.openedAt)}, ${gap.attempts} attempts, next ${time(gap.nextAttemptAt)}: ${withoutQuotes(gap.note)}`,
    ),
  ];
}

function describeStorage(
  storage: StorageProblem | null,
  ledger: LedgerDiagnostics | null,
): readonly string[] {
  const problem =
    storage === null
      ? 'Storage: no problem'
      : `Storage: ${storage.code}${storage.inMemory ? ', in memory only' : ''}: ${storage.detail}`;
  if (ledger === null) return [problem, '  could not be read'];
  return [
    problem,
    `  schema ${ledger.schemaVersion}, SQLite ${ledger.sqliteVersion}, ${ledger.fileBytes} bytes`,
    `  ${ledger.events} events, ${ledger.contracts} contracts, ${ledger.openGaps} open gaps`,
    ...ledger.quarantined.map(
      (row) => `  set aside ${row.eventId ?? 'without id'} ${time(row.at)}: ${withoutQuotes(row.reason)}`,
    ),
    ...ledger.foreignNames.map(
      (row) => `  foreign event name ${JSON.stringify(row.name)}: ${row.count} times`,
    ),
  ];
}
