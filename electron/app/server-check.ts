import type { Finding } from '../../protocol/findings.ts';
import { BUILT_IN, type Listening, type ServerProfile } from '../../protocol/profile/profile.ts';
import { CHECK_MS, type CheckAnswer, type CheckRequest } from '../../protocol/server-check.ts';
import type { SignInProblem } from '../../protocol/sign-in.ts';
import { requestError } from '../../protocol/failures.ts';
import { isOnThisMachine } from '../account/server-address.ts';
import type { LiveSession } from '../account/session.ts';
import type { Credentials } from '../check-server/access.ts';
import { checkServer, type CheckOptions, type CheckReport } from '../check-server/check-server.ts';
import { formatReport } from '../check-server/report-text.ts';
import { readAddress } from '../check-server/target.ts';
import type { Confirmations } from './confirmations.ts';
import type { CoreDependencies } from './core-types.ts';

export interface ServerCheckOptions {
  readonly deps: Pick<
    CoreDependencies,
    'clock' | 'random' | 'createHttp' | 'lookUp' | 'loopbackOnly' | 'limits'
  >;
  readonly confirmations: Pick<Confirmations, 'origin'>;
  /** The profile that was chosen last. */
  chosen(): ServerProfile | null;
  /** Who is signed in. */
  session(): LiveSession | null;
  onFinding(finding: Finding): void;
}

export interface ServerCheck {
  /** Nothing is asked of a server, nor its name looked up, before the person has confirmed it outside the window. */
  run(request: CheckRequest): Promise<CheckAnswer>;
  /** The check under way answers what it has found so far. */
  cancel(): void;
  /** What the last check has found, for who runs the server; null where there was none in this run. */
  report(): string | null;
  /** Resolves once nothing is asked any more. */
  close(): Promise<void>;
}

/** For listening; what is left of the whole is for the other steps, ms. */
const LISTEN_MS = 25_000;
/** Somebody waits in front of it, ms. */
const CALL_MS = 8_000;

type Given = Pick<CheckOptions, 'address' | 'credentials' | 'profile'>;

export function createServerCheck(options: ServerCheckOptions): ServerCheck {
  const { deps } = options;
  let last: CheckReport | null = null;
  let cancel = new AbortController();
  let running: Promise<CheckAnswer> | null = null;

  /** Why nothing may be asked there; null: it may. */
  async function refuse({ address, profile }: Given): Promise<SignInProblem | null> {
    const { read } = readAddress(address);
    // What is no address is asked nothing: the check says so.
    if (!read.ok) return null;
    const server = profile === null ? read.server : profile.origin;
    if (deps.loopbackOnly === true && !isOnThisMachine(server)) return { code: 'this_machine_only' };
    return (await options.confirmations.origin(server)) ? null : { code: 'not_confirmed' };
  }

  async function check(request: CheckRequest, { signal }: AbortController): Promise<CheckAnswer> {
    const live = options.session();
    if (request.by === 'session') {
      if (live === null) throw requestError('notSignedIn');
      return look(ofSession(live), live.http, signal);
    }
    const given = ofRequest(request, options.chosen());
    const problem = await refuse(given);
    if (problem !== null) return { ok: false, problem };
    const http = deps.createHttp();
    try {
      return await look(given, http, signal);
    } finally {
      http.close();
    }
  }

  async function look(given: Given, http: CheckOptions['http'], signal: AbortSignal): Promise<CheckAnswer> {
    const { clock, random, lookUp, limits } = deps;
    last = await checkServer({
      ...given,
      http,
      clock,
      random,
      lookUp,
      signal,
      ms: LISTEN_MS,
      restMs: CHECK_MS - LISTEN_MS,
      callMs: CALL_MS,
      ...(limits === undefined ? null : { limits }),
      onFinding: options.onFinding,
    });
    const { findings, proposal } = last;
    return { ok: true, cancelled: signal.aborted, findings, proposal };
  }

  return {
    async run(request) {
      if (running !== null) return { ok: false, problem: { code: 'busy' } };
      cancel = new AbortController();
      running = check(request, cancel);
      try {
        return await running;
      } finally {
        running = null;
      }
    },
    cancel: () => cancel.abort(),
    report: () => (last === null ? null : formatReport(last.findings, last.proposal?.profile ?? null)),
    async close() {
      cancel.abort();
      await running?.catch(() => undefined);
    },
  };
}

function ofSession({ key, profile, call, headers }: LiveSession): Given {
  const { server, userId } = key;
  return {
    address: server,
    profile: profile === BUILT_IN ? null : wholeOf(profile, server),
    credentials: { kind: 'session', userId, access: { userId, call, headers, async leave() {} } },
  };
}

const wholeOf = (profile: Listening, origin: string): ServerProfile => ({ profile: 1, origin, ...profile });

function ofRequest(request: Exclude<CheckRequest, { by: 'session' }>, chosen: ServerProfile | null): Given {
  const address = request.server;
  if (request.by === 'password') {
    const { username, password } = request;
    const credentials: Credentials =
      username === '' || password === ''
        ? { kind: 'none', userId: '' }
        : { kind: 'password', username, password };
    return { address, credentials, profile: null };
  }
  const { userId, key, profile } = request;
  return {
    address,
    credentials: key === undefined ? { kind: 'none', userId } : { kind: 'key', key, userId },
    profile: profile === true ? chosen : null,
  };
}
