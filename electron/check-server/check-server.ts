import { PATHS } from '../../protocol/api.ts';
import { BUILT_IN, type Listening, type ServerProfile } from '../../protocol/profile/profile.ts';
import type { EventSample, ProfileProposal } from '../../protocol/server-check.ts';
import type { Verdict } from '../../protocol/receipt.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import type { StreamLimits } from '../stream/types.ts';
import { createApi } from '../sync/api.ts';
import { createObserver } from '../sync/observe.ts';
import { enter, type Access, type Credentials } from './access.ts';
import { checkAcknowledge, checkHistory, checkList, type Has } from './capabilities.ts';
import { expectReceipt } from './expect-receipt.ts';
import { createHider, findSecrets, type Hider } from './hide-secrets.ts';
import { found, stepOf, STEPS, weightOf, type Finding } from '../../protocol/findings.ts';
import { guessUser, judgeEvents, readEvents, type ReadEvent } from './judge-events.ts';
import { formOfIds, judgeHeads, judgeIds } from './judge-ids.ts';
import { judgeLife } from './judge-stream.ts';
import type { Heard } from './listen.ts';
import { proposeProfile } from './propose-profile.ts';
import { checkBrowser, checkResume, findStream, tryPolling } from './steps.ts';
import { isKnown, readTarget, type Target } from './target.ts';

export interface CheckOptions {
  /** As a person types it: a server's address, or the stream's own. */
  readonly address: string;
  readonly credentials: Credentials;
  /** Of a server that speaks otherwise than `protocol/` says; null: it is taken to speak as that, and looked at. */
  readonly profile: ServerProfile | null;
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly random: Random;
  /** How long to listen at most, ms. */
  readonly ms: number;
  /** How long at least, though everything has been seen: a stream may end soon, ms. Default 3 s. */
  readonly leastMs?: number;
  /** For all steps together, beyond `ms`, ms. Default 60 s. */
  readonly restMs?: number;
  /** For one call, ms. Default 20 s. */
  readonly callMs?: number;
  /** Sends an acknowledgement of nothing. Otherwise nothing is written to the server, beside sign-in and sign-out. */
  readonly tryAcknowledge?: boolean;
  /** Ends the check early; nothing is found any more from then on. */
  readonly signal?: AbortSignal;
  /** The addresses of a host; none where others look them up (a proxy). Rejects where it has none. */
  lookUp(host: string): Promise<readonly string[]>;
  /** Told of each finding as it is made. */
  onFinding?(finding: Finding): void;
  readonly limits?: Partial<StreamLimits>;
  /** Silence from which on there is no heartbeat that helps, ms. */
  readonly noHeartbeatMs?: number;
}

export interface CheckReport {
  /** In the order of the steps. */
  readonly findings: readonly Finding[];
  /** The first events that came, RAW and as read. */
  readonly events: readonly ReadEvent[];
  readonly verdict: Verdict | null;
  /** What these events suggest, where they are not read as they are. */
  readonly proposal: ProfileProposal | null;
}

export const hasFaults = ({ findings }: CheckReport): boolean =>
  findings.some((finding) => weightOf(finding) === 'fault');

/** So many events are shown. */
const SHOWN = 5;
/** A longer one is not looked at, characters. */
const MOST_SAMPLE = 65_536;
const LEAST_MS = 3_000;
const CALL_MS = 20_000;
const REST_MS = 60_000;
/** A clock that is further off makes times in the window wrong, ms. */
const CLOCK_OFF_MS = 60_000;
/** Looks at a server as the app would use it. Never rejects for the server's sake. */
export async function checkServer(options: CheckOptions): Promise<CheckReport> {
  const { clock, credentials } = options;
  const startedAt = clock.monotonic();
  const hide = createHider();
  if (credentials.kind === 'password') hide.add(credentials.password);
  if (credentials.kind === 'key') hide.add(credentials.key.value);
  const findings: Finding[] = [];
  const note = (...more: readonly Finding[]): void => {
    if (options.signal?.aborted === true) return;
    for (const bare of more) {
      const finding = hide.within(bare);
      findings.push(finding);
      options.onFinding?.(finding);
    }
  };
  const done = (rest: Partial<CheckReport> = {}): CheckReport => ({
    events: [],
    verdict: null,
    proposal: null,
    ...hide.within(rest),
    findings: findings.toSorted((a, b) => STEPS.indexOf(stepOf(a)) - STEPS.indexOf(stepOf(b))),
  });

  const secrets = findSecrets(options.address);
  for (const [, value] of secrets) hide.add(value);
  const target = readTarget(options, note);
  if (target === null) return done();
  if (secrets.length > 0) note(found('address_secret', { names: secrets.map(([name]) => name).join(', ') }));
  if (options.signal?.aborted === true) return done();
  const deadline = new AbortController();
  const { signal } = deadline;
  const end = (): void => deadline.abort();
  const stop = clock.after(options.ms + (options.restMs ?? REST_MS), end);
  options.signal?.addEventListener('abort', end, { once: true });
  try {
    const report = await signInAndFollow(options, target, hide, signal, note);
    if (signal.aborted) note(found('out_of_time', { ms: Math.round(clock.monotonic() - startedAt) }));
    return done(report);
  } finally {
    stop();
    options.signal?.removeEventListener('abort', end);
  }
}

async function signInAndFollow(
  options: CheckOptions,
  target: Target,
  hide: Hider,
  signal: AbortSignal,
  note: (...findings: readonly Finding[]) => void,
): Promise<Partial<CheckReport>> {
  if (!(await isKnown(target, options.lookUp, signal, note))) return {};
  const entered = await enter(options.http, options.clock, target.server, options.credentials, signal);
  if (!entered.ok) {
    const { finding } = entered;
    note(finding.code === 'sign_in_failed' ? asConnection(finding) : finding);
    return {};
  }
  note(entered.finding);
  const { access } = entered;
  async function headers(refused: boolean): ReturnType<Access['headers']> {
    const sent = await access.headers(refused);
    // The token itself, without the scheme before it.
    for (const value of Object.values(sent ?? {})) hide.add(value.replace(/^\S+ /, ''));
    return sent;
  }
  try {
    await headers(false);
    return await followOnce(options, target, { ...access, headers }, signal, note);
  } finally {
    await access.leave();
  }
}

/** A sign-in that did not get as far as the server is no sign-in's failure. */
function asConnection(finding: Extract<Finding, { code: 'sign_in_failed' }>): Finding {
  const { problem } = finding.params;
  if (
    problem.code === 'certificate' ||
    problem.code === 'client_certificate' ||
    problem.code === 'unreachable'
  )
    return found(problem.code, { detail: problem.detail });
  return finding;
}

/** From the first look to the receipt, with credentials. */
async function followOnce(
  options: CheckOptions,
  target: Target,
  access: Access,
  signal: AbortSignal,
  note: (...findings: readonly Finding[]) => void,
): Promise<Partial<CheckReport>> {
  const { clock } = options;
  const profile: Listening = options.profile ?? BUILT_IN;
  const learned = { lateMs: 0, skewMs: 0, hasHead: false };
  const observer = createObserver({
    clock,
    userId: access.userId,
    http: options.http,
    call: access.call,
    hasAll: () => learned.hasHead,
    onLate: (late) => (learned.lateMs = Math.max(learned.lateMs, late?.byMs ?? 0)),
    onPrompt: () => (learned.lateMs = 0),
    onReplay() {},
    onSkew: (ms) => (learned.skewMs = ms),
  });
  const api = createApi({
    call: observer.call,
    capabilities: profile.capabilities,
    clock,
    timeoutMs: options.callMs ?? CALL_MS,
  });
  const base = {
    clock,
    random: options.random,
    observer,
    userId: access.userId,
    cursor: null,
    signal,
    headers: access.headers,
    ...(options.limits === undefined ? null : { limits: options.limits }),
  };

  // Before listening: its answer tells the server's time, by which lateness is measured.
  const list = await checkList(api, observer, profile.capabilities, signal);
  const stream = await findStream(options, target, base, (heard) => {
    learned.hasHead = heard.heads.length > 0;
    return isEnough(heard, options.leastMs ?? LEAST_MS);
  });
  note(...stream.findings);
  if (stream.isOpen || list.has === 'yes') note(list.finding);
  if (!stream.isOpen) return {};
  const { heard, path } = stream;
  if (target.origin.startsWith('https:')) note(found('connection_secure'));
  else note(found('connection_plain'));
  note(...judgeLife(heard, options.noHeartbeatMs));

  const polling = profile.mapping === 'contract-pulse' ? await tryPolling(options, base, target, path) : null;
  if (polling !== null) {
    const isSilent = heard.items.length === 0 && heard.answers.every(({ pieces }) => pieces.length === 0);
    if (polling.items.length > 0 && isSilent) note(found('held_back', { ms: Math.round(heard.ms) }));
    note(polling.items.length > 0 ? found('polling_ok') : found('polling_none'));
  }

  const { userId, guessed } = whoseAre(heard, access.userId, profile);
  if (guessed) note(found('user_guessed', { userId }));
  const events = readEvents(heard.items, profile, userId, clock.now());
  const findings = judgeEvents(heard.items, events, profile, userId, heard.ms);
  note(...findings);
  note(...judgeIds(heard.items, events), ...judgeHeads(heard, userId));
  note(...(await checkResume(options, { ...base, userId }, target.origin + path, heard)));
  const { lateMs, skewMs } = learned;
  if (lateMs > 0) note(found('delay_found', { ms: Math.round(lateMs) }));
  else note(heard.heads.length > 0 ? found('delay_none') : found('delay_unknown'));
  if (Math.abs(skewMs) > CLOCK_OFF_MS) note(found('clock_off', { ms: skewMs }));
  note(await checkBrowser(options, base, target.origin + path));

  const contractId = list.contractId ?? firstContract(events);
  const has: Record<'history' | 'acknowledge', Has> = { history: 'unknown', acknowledge: 'unknown' };
  if (contractId !== null && profile.capabilities.history) {
    const history = await checkHistory(api, contractId, signal);
    has.history = history.has;
    note(history.finding);
  }
  const mayAcknowledge = contractId !== null && profile.capabilities.acknowledge && list.has === 'yes';
  if (mayAcknowledge && options.tryAcknowledge !== true) note(found('acknowledge_untried'));
  else if (mayAcknowledge) {
    const acknowledge = await checkAcknowledge(api, contractId, signal);
    has.acknowledge = acknowledge.has;
    note(acknowledge.finding);
  }
  // What was cut is caught up with; but what was missing, unreadable or not to be had again is a gap.
  const hasEvents = events.some(({ change }) => change !== null);
  const verdict = expectReceipt({
    list: list.has,
    listByProfile: !profile.capabilities.snapshot,
    ids: formOfIds(heard.items),
    namesHeads: heard.heads.length > 0,
    hasGaps: hasGaps(events, judgeIds(heard.items, events)),
    hasEvents,
  });
  note(found('receipt', { verdict }));
  const isRead = events.some(({ change }) => change?.ok === true) && !guessed;
  if (options.profile !== null) {
    if (isRead) note(found('profile_works'));
    return { events: shown(events), verdict };
  }
  if (isRead && path === PATHS.events && list.has === 'yes') {
    note(found('profile_not_needed'));
    return { events: shown(events), verdict };
  }
  const capabilities = {
    snapshot: list.has === 'yes',
    history: has.history === 'yes',
    acknowledge: has.acknowledge === 'yes',
  };
  const proposal = proposeProfile(heard.items, { origin: target.origin, path, userId, capabilities });
  if (proposal !== null)
    note(found('profile_proposed', { open: proposal.openStatuses.slice(0, 10).join(', ') }));
  else if (findings.every(({ code }) => code !== 'events_none')) note(found('profile_unknown'));
  if (proposal === null) return { events: shown(events), verdict };
  const { profile: proposed, fields } = proposal;
  const samples = sample(readEvents(heard.items, proposed, userId, clock.now()));
  return { events: shown(events), verdict, proposal: { profile: proposed, userId, samples, fields } };
}

/** Events to look at with a profile: of each status one, then others. */
function sample(events: readonly ReadEvent[]): readonly EventSample[] {
  const rows = events.filter(({ change, data }) => change?.ok === true && data.length <= MOST_SAMPLE);
  const statusOf = ({ change }: ReadEvent): string =>
    change?.ok === true ? change.value.data.change.to : '';
  const isFirst = (event: ReadEvent): boolean =>
    rows.find((row) => statusOf(row) === statusOf(event)) === event;
  return [...rows.filter(isFirst), ...rows.filter((row) => !isFirst(row))]
    .slice(0, SHOWN)
    .map(({ id, name, data }) => ({ id, name, data }));
}

/** The first events, those of contracts before others. */
function shown(events: readonly ReadEvent[]): readonly ReadEvent[] {
  return [
    ...events.filter(({ change }) => change !== null),
    ...events.filter(({ change }) => change === null),
  ].slice(0, SHOWN);
}

const GAPS: ReadonlySet<string> = new Set(['ids_gap', 'ids_new_epoch']);

function hasGaps(events: readonly ReadEvent[], ids: readonly Finding[]): boolean {
  return events.some(({ change }) => change?.ok === false) || ids.some(({ code }) => GAPS.has(code));
}

function firstContract(events: readonly ReadEvent[]): string | null {
  for (const { change } of events) if (change?.ok === true) return change.value.data.contract.id;
  return null;
}

function whoseAre(
  heard: Heard,
  userId: string,
  profile: Listening,
): { readonly userId: string; readonly guessed: boolean } {
  if (userId !== '' || profile !== BUILT_IN) return { userId, guessed: false };
  const guess = guessUser(heard.items);
  return { userId: guess ?? '', guessed: guess !== null };
}

/** Enough of events and of signs of life to say what there is to say. */
function isEnough({ items, comments, heads, ms }: Heard, leastMs: number): boolean {
  const events = items.filter(({ item }) => item.id !== null).length;
  return ms >= leastMs && events >= 4 && comments.length + heads.length >= 4;
}
