/** The contract status model: codes are stable and drive logic; labels are in `status-labels.ts`. */

export const STATUS_CODES = [
  'draft',
  'in_review',
  'changes_requested',
  'rejected',
  'approved',
  'sent',
  'viewed',
  'partially_signed',
  'signed',
  'active',
  'amended',
  'renewed',
  'on_hold',
  'declined',
  'expired',
  'cancelled',
  'fulfilled',
  'ended',
  'terminated',
] as const;

export type StatusCode = (typeof STATUS_CODES)[number];

/** `decision`: it did not go on as meant, and is not over: somebody has to decide what becomes of it. */
export type StatusFamily =
  'preparing' | 'signing' | 'decision' | 'in_force' | 'paused' | 'over_good' | 'over_bad';

export type Severity = 'info' | 'success' | 'warning' | 'error';
export const SEVERITIES = ['info', 'success', 'warning', 'error'] as const satisfies readonly Severity[];

/** `previous` stands for the status the contract had before it was put on hold. */
export interface StatusModel {
  readonly family: StatusFamily;
  readonly next: readonly (StatusCode | 'previous')[];
  readonly reasonRequired: boolean;
  /** Somebody else is usually to act. */
  readonly othersAct: boolean;
  /** How a change into this status is usually rated; the event's own severity wins. */
  readonly severity: Severity;
}

const signingNext = [
  'viewed',
  'partially_signed',
  'signed',
  'declined',
  'expired',
  'cancelled',
] as const satisfies readonly StatusCode[];

const inForceNext = [
  'on_hold',
  'amended',
  'fulfilled',
  'ended',
  'terminated',
  'renewed',
] as const satisfies readonly StatusCode[];

function status(
  family: StatusFamily,
  severity: Severity,
  next: readonly (StatusCode | 'previous')[],
  ...also: readonly ('reason required' | 'others act')[]
): StatusModel {
  return {
    family,
    next,
    severity,
    reasonRequired: also.includes('reason required'),
    othersAct: also.includes('others act'),
  };
}

export const STATUSES: Readonly<Record<StatusCode, StatusModel>> = {
  draft: status('preparing', 'info', ['in_review', 'sent', 'cancelled']),
  in_review: status(
    'preparing',
    'info',
    ['approved', 'changes_requested', 'rejected', 'on_hold'],
    'others act',
  ),
  changes_requested: status(
    'preparing',
    'warning',
    ['in_review', 'cancelled'],
    'reason required',
    'others act',
  ),
  rejected: status('decision', 'error', ['in_review', 'cancelled'], 'reason required'),
  approved: status('preparing', 'success', ['sent', 'cancelled']),
  sent: status('signing', 'info', signingNext, 'others act'),
  viewed: status('signing', 'info', signingNext, 'others act'),
  partially_signed: status('signing', 'info', ['signed', 'declined', 'expired', 'cancelled'], 'others act'),
  signed: status('in_force', 'success', ['active', 'cancelled']),
  active: status('in_force', 'success', inForceNext),
  amended: status('in_force', 'info', inForceNext),
  renewed: status('in_force', 'success', inForceNext),
  on_hold: status('paused', 'warning', ['previous', 'cancelled', 'terminated'], 'reason required'),
  declined: status('decision', 'error', ['changes_requested', 'cancelled'], 'reason required'),
  expired: status('decision', 'error', ['sent', 'cancelled']),
  cancelled: status('over_bad', 'warning', [], 'reason required'),
  fulfilled: status('over_good', 'success', []),
  ended: status('over_good', 'info', ['renewed']),
  terminated: status('over_bad', 'error', [], 'reason required'),
};

/** Statuses in which somebody else is usually to act. */
export const AWAITING: readonly StatusCode[] = STATUS_CODES.filter((code) => STATUSES[code].othersAct);

/** Statuses in which nothing is due any more. */
export const OVER: readonly StatusCode[] = STATUS_CODES.filter((code) =>
  STATUSES[code].family.startsWith('over'),
);

/** A due date is the date by which a contract is to be signed: in these it is met, or moot. */
export const DUE_SETTLED: readonly StatusCode[] = STATUS_CODES.filter(
  (code) => STATUSES[code].family === 'in_force' || OVER.includes(code),
);

/** An unknown code is not settled. */
export function isDueSettled(status: string): boolean {
  return (DUE_SETTLED as readonly string[]).includes(status);
}

const known: ReadonlySet<string> = new Set(STATUS_CODES);

export function isStatusCode(code: string): code is StatusCode {
  return known.has(code);
}

/**
 * Whether `from → to` is usual. Real systems break their own rules, so an unusual transition (or an
 * unknown code) is shown and flagged, never refused. `from` null is a contract's first status.
 */
export function isUsualTransition(from: string | null, to: string): boolean {
  if (from === null) return isStatusCode(to);
  if (!isStatusCode(from) || !isStatusCode(to)) return false;
  const { next } = STATUSES[from];
  return next.includes(to) || (next.includes('previous') && STATUSES[to].family !== 'paused');
}
