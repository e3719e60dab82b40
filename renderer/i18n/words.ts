import { harmlessLine, inSentence, isBlank } from '../../protocol/wire-text.ts';
import type { TFunction } from 'i18next';
import type { Failure } from '../../protocol/failures.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { isStatusCode } from '../../protocol/statuses.ts';
import type { AcknowledgementProblem } from '../../protocol/view.ts';
import { calendarDays, type Ago, type Due, type Formats } from './format.ts';

/** The label of a status; a code that is not known is shown as it came. */
export function statusLabel(t: TFunction, code: string): string {
  return isStatusCode(code) ? t(`status.${code}`) : code;
}

export function agoText(t: TFunction, ago: Ago): string {
  return ago.kind === 'text' ? ago.text : t(`time.${ago.kind}`);
}

/** A due date in words; `short` for a list row, beside a calendar. */
export function dueText(t: TFunction, formats: Formats, due: Due, length: 'full' | 'short' = 'full'): string {
  const base = length === 'full' ? 'due' : 'due.short';
  switch (due.kind) {
    case 'overdue_since':
      return t(`${base}.overdueSince`, { time: due.time });
    case 'overdue_days':
      return t(`${base}.overdueDays`, { count: due.days, n: formats.number(due.days) });
    case 'today':
      return t(`${base}.today`, { time: due.time });
    case 'tomorrow':
      return t(`${base}.tomorrow`);
    case 'days':
      return t(`${base}.days`, { count: due.days, n: formats.number(due.days) });
    case 'date':
      return t(`${base}.date`, { date: due.date });
  }
}

const SINCE_DAYS = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6'] as const;

/** “since” a moment: within the last week a weekday, with the preposition and in the case that the language asks for. */
export function sinceText(t: TFunction, formats: Formats, instant: number, now: number): string {
  const days = calendarDays(instant, now);
  const day = SINCE_DAYS[new Date(instant).getDay()];
  if (days < 1 || days > 6 || !day) return t('time.since', { time: formats.moment(instant, now) });
  return `${t(`time.sinceDay.${day}`)} ${formats.clock(instant)}`;
}

/** From when to when (epoch ms), its end with its day where that might be taken for the day it began. */
export function spanText(t: TFunction, formats: Formats, since: number, until: number, now: number): string {
  const overnight = formats.isToday(until, now) && !formats.isToday(since, now);
  return t(overnight ? 'away.spanUntilToday' : 'away.span', {
    since: formats.moment(since, now),
    until: formats.moment(until, now),
  });
}

/**
 * Whole seconds from `now` to `then` (epoch ms): at least 1 until it is reached, then 0. Rounded, because
 * the clocks of the window tick by the second and would otherwise begin one too high.
 */
export function secondsUntil(then: number, now: number): number {
  return then <= now ? 0 : Math.max(1, Math.round((then - now) / 1000));
}

const ROLES = [
  'supplier',
  'customer',
  'contractor',
  'landlord',
  'tenant',
  'licensor',
  'licensee',
  'carrier',
  'partner',
  'lender',
  'borrower',
  'guarantor',
  'agent',
  'third_party',
] as const;
const ACTOR_KINDS = ['counterparty', 'colleague', 'employee', 'user', 'system'] as const;

function known<T extends string>(codes: readonly T[], code: string): T | undefined {
  const plain = code
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return codes.find((each) => each === plain);
}

/** A contract's title as a row or a heading shows it. */
export function titleLabel(t: TFunction, title: string): string {
  return isBlank(title) ? t('feed.untitled') : title;
}

const LONGEST_NAME = 60;

/** A title within a sentence: on one line, not longer than a line, and without turning what stands around it (bidi). */
export function nameInSentence(title: string): string {
  const line = [...harmlessLine(title)];
  if (line.length <= LONGEST_NAME) return inSentence(line.join(''));
  const start = line.slice(0, LONGEST_NAME - 1).join('');
  return inSentence(`${start.trimEnd()}…`);
}

/** Changes that were not for this user, and whose they are. Names are the server's text: a few of them, cut. */
export function notForUserText(
  t: TFunction,
  formats: Formats,
  { count, names }: NonNullable<Receipt['notForUser']>,
): string {
  const seen = names
    .slice(0, 3)
    .map((name) => (name === '' ? t('receipt.withoutName') : nameInSentence(name)))
    .join(', ');
  return t('receipt.notForYou', { count, n: formats.number(count), names: seen });
}

/** The role of a party in words; one that is not known is shown as it came. */
export function roleLabel(t: TFunction, code: string): string {
  const role = known(ROLES, code);
  return role ? t(`role.${role}`) : code;
}

export function actorKindLabel(t: TFunction, code: string): string {
  const kind = known(ACTOR_KINDS, code);
  return kind ? t(`actorKind.${kind}`) : code;
}

/** What went wrong: a sentence in the person's language, and what only who helps can use, in English, to be folded away. */
export interface Explained {
  readonly text: string;
  readonly detail: string | null;
}

/** Why an acknowledgement failed. */
export function explainProblem(t: TFunction, { code, params, detail }: AcknowledgementProblem): Explained {
  return { text: t(`problem.${code}`, params), detail: detail === '' ? null : detail };
}

/** Why main refused a request. */
export function explainFailure(t: TFunction, { code, params, detail }: Failure): Explained {
  return { text: t(`failure.${code}`, { ...params }), detail: detail === '' ? null : detail };
}

/** A host is what people recognise of a server: `https://contracts.example.com` → `contracts.example.com`. */
export function hostOf(server: string): string {
  try {
    return new URL(server).host || server;
  } catch {
    return server;
  }
}
