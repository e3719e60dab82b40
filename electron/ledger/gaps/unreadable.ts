import { parsePosition } from '../../../protocol/cursor.ts';
import type { decodeEvent } from '../../../protocol/decode-event.ts';
import { parseJson } from '../../../protocol/event.ts';
import { newestPosition } from '../log/context.ts';
import { positionOf, type Epoch } from '../log/epochs.ts';
import type { WriteContext } from '../log/write-context.ts';

interface Told {
  readonly decoded: ReturnType<typeof decodeEvent>;
  readonly envelope: string;
}

/**
 * What a history tells unreadably. In the place of something missing: nothing better is to be had. Where the contract was in no
 * baseline, nothing says that what is older than all that is here is of no account: it opens a gap of its own. So does what is newer. `fresh`: texts that were not
 * set aside before.
 */
export function noteUnreadable(
  context: WriteContext,
  contractId: string,
  entries: readonly Told[],
  fresh: ReadonlySet<string>,
): void {
  noteVersions(context, contractId, entries);
  noteSequences(context, contractId, entries);
  noteEnds(context, contractId, entries, fresh);
}

/**
 * Before its first version that can be read, where the contract was in no baseline, and after its last one, where that is none from
 * before the baseline: of ids that tell no place.
 */
function noteEnds(
  context: WriteContext,
  contractId: string,
  entries: readonly Told[],
  fresh: ReadonlySet<string>,
): void {
  const record = context.contracts.get(contractId);
  const base =
    record?.baseFixed === 1 && context.state.baseline !== 'without' ? (record.baseVersion ?? 0) : null;
  const versions = entries.map(({ decoded }) => (decoded.ok ? decoded.value.data.contract.version : null));
  const first = versions.findIndex((version) => version !== null);
  const last = versions.findLastIndex((version) => version !== null);
  for (const [index, { decoded, envelope }] of entries.entries()) {
    if (decoded.ok || !fresh.has(envelope) || parsePosition(idOf(envelope) ?? '')) continue;
    const isBefore = first === -1 || index < first;
    const isAfter = last !== -1 && index > last && (versions[last] ?? 0) >= (base ?? 0);
    if (isBefore ? base !== null : !isAfter) continue;
    // A snapshot covers what is before only where the contract's first version is here.
    const start = isBefore && context.state.baseline !== 'without' ? 0 : newestPosition(context);
    context.gaps.openQuarantine({ start }, contractId, decoded.reason);
  }
}

/** Between two versions it tells as many events as there are numbers, and none of them readable. */
function noteVersions({ gaps }: WriteContext, contractId: string, entries: readonly Told[]): void {
  let last: number | null = null;
  let between = 0;
  for (const { decoded } of entries) {
    if (!decoded.ok) between++;
    else {
      const { version } = decoded.value.data.contract;
      if (last !== null && between > 0 && version - last - 1 === between)
        gaps.versionsUnreadable(contractId, last + 1, version - 1);
      last = version;
      between = 0;
    }
  }
}

/** A history is told oldest first: an id that is not below all that come after it is of an earlier life of the log. */
function noteSequences(context: WriteContext, contractId: string, entries: readonly Told[]): void {
  const { gaps, epochs } = context;
  const lowest = new Map<string, number>();
  for (const { decoded, envelope } of entries.toReversed()) {
    const position = parsePosition(decoded.ok ? decoded.value.id : (idOf(envelope) ?? ''));
    if (!position) continue;
    const { epoch: label, sequence } = position;
    if (sequence >= (lowest.get(label) ?? Number.POSITIVE_INFINITY)) continue;
    lowest.set(label, sequence);
    const epoch = decoded.ok ? undefined : epochs.find(position);
    if (decoded.ok || !epoch) continue;
    gaps.sequenceUnreadable(epoch.index, sequence, contractId, decoded.reason);
    if (isOlder(context, epoch, sequence)) {
      gaps.openQuarantine({ epoch, sequence }, contractId, decoded.reason);
    }
  }
}

/** Not here, in no gap, and not to come: from before all that is here, and no baseline stands for it. */
function isOlder({ state, events, gaps }: WriteContext, epoch: Epoch, sequence: number): boolean {
  return (
    state.baseline === 'without' &&
    sequence <= epoch.lastSequence &&
    !gaps.covers(epoch.index, sequence) &&
    !events.isTaken(positionOf(epoch.index, sequence))
  );
}

/** The event's id where the rest of it cannot be read. */
export function idOf(envelope: string): string | null {
  const parsed = parseJson(envelope);
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return null;
  return 'id' in parsed.value && typeof parsed.value.id === 'string' ? parsed.value.id : null;
}
