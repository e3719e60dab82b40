import { PATHS } from '../../protocol/api.ts';
import { found, type Finding } from '../../protocol/findings.ts';
import { isResumed, judgeResume, planResume } from './judge-resume.ts';
import { judgeAnswer } from './judge-stream.ts';
import { listen, type Heard, type ListenOptions } from './listen.ts';
import type { Target } from './target.ts';

interface StepOptions {
  readonly credentials: { readonly kind: string };
  /** Null: the server is taken to speak as `protocol/` says. */
  readonly profile: object | null;
  /** How long to listen at most, ms. */
  readonly ms: number;
}

/** For what a server sends at once, ms. */
const SHORT_MS = 5_000;
/** A page that nobody would have on a list of allowed ones. */
const SOME_ORIGIN = 'https://any-page.example';

export type Base = Omit<ListenOptions, 'url' | 'ms' | 'isEnough'>;

export type FoundStream =
  | { readonly isOpen: false; readonly findings: readonly Finding[] }
  | {
      readonly isOpen: true;
      readonly findings: readonly Finding[];
      readonly heard: Heard;
      readonly path: string;
    };

/** Listens where the stream should be; where it is not, at the other paths. */
export async function findStream(
  options: StepOptions,
  { origin, paths }: Target,
  base: Base,
  isEnough: (heard: Heard) => boolean,
): Promise<FoundStream> {
  const withKey = options.credentials.kind !== 'none';
  let first: readonly Finding[] | null = null;
  for (const path of paths) {
    const heard = await listen({ ...base, url: origin + path, ms: options.ms, isEnough });
    const judged = judgeAnswer(heard, withKey, path);
    if (judged.isOpen) {
      const elsewhere = options.profile === null && new URL(origin + path).pathname !== PATHS.events;
      const findings = elsewhere
        ? [...judged.findings, found('stream_elsewhere', { path })]
        : judged.findings;
      return { isOpen: true, findings, heard, path };
    }
    if (first === null || !judged.mayBeElsewhere) first = judged.findings;
    if (!judged.mayBeElsewhere) break;
  }
  const findings = [...(first ?? [])];
  if (findings.some(({ code }) => code === 'stream_status') && paths.length > 1)
    findings.push(found('stream_missing', { tried: paths.join(', ') }));
  return { isOpen: false, findings };
}

/** Long polling, which stands in where something on the way holds the stream back. */
export async function tryPolling(
  { ms }: StepOptions,
  base: Base,
  { origin }: Target,
  path: string,
): Promise<Heard> {
  return listen({
    ...base,
    url: origin + path,
    ms: Math.min(SHORT_MS, ms),
    transport: 'long_poll',
    isEnough: ({ items }) => items.length > 0,
  });
}

/** Cuts the connection and comes back with the id of an event before the last ones. */
export async function checkResume(
  options: StepOptions,
  base: Base,
  url: string,
  first: Heard,
): Promise<readonly Finding[]> {
  const plan = planResume(first.items);
  if (plan === null)
    return first.items.some(({ item }) => item.kind === 'event') && first.heads.length === 0
      ? [found('resume_impossible')]
      : [found('resume_unproven')];
  const heard = await listen({
    ...base,
    url,
    cursor: plan.cursor,
    ms: Math.min(SHORT_MS, options.ms),
    isEnough: (now) => (isResumed(now, plan) && now.items.length > 0) || now.heads.length > 0,
  });
  return judgeResume(first.items, heard, plan, base.userId);
}

/** Whether a web page of anywhere could listen, too; this app needs none of it. */
export async function checkBrowser({ ms }: StepOptions, base: Base, url: string): Promise<Finding> {
  const heard = await listen({
    ...base,
    url,
    ms: Math.min(SHORT_MS, ms),
    async headers(refused) {
      const headers = await base.headers(refused);
      return headers === null ? null : { ...headers, origin: SOME_ORIGIN };
    },
    isEnough: ({ answers }) => answers.length > 0,
  });
  const headers = heard.answers.at(-1)?.headers ?? {};
  const allowed = headers['access-control-allow-origin'];
  if (allowed === undefined) return found('browser_refused');
  const withCookies = headers['access-control-allow-credentials'] === 'true';
  return allowed === SOME_ORIGIN && withCookies
    ? found('browser_any')
    : found('browser_allowed', { origin: allowed.slice(0, 200) });
}
