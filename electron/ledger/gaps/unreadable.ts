import { parsePosition } from '../../../protocol/cursor.ts';
import type { decodeEvent } from '../../../protocol/decode-event.ts';
import { parseJson } from '../../../protocol/event.ts';
import type { WriteContext } from '../log/write-context.ts';

interface Told {
  readonly decoded: ReturnType<typeof decodeEvent>;
  readonly envelope: string;
}

/** What a history tells unreadably in the place of something missing: nothing better is to be had. */
export function noteUnreadable(context: WriteContext, contractId: string, entries: readonly Told[]): void {
  noteVersions(context, contractId, entries);
  noteSequences(context, contractId, entries);
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
function noteSequences({ gaps, epochs }: WriteContext, contractId: string, entries: readonly Told[]): void {
  const lowest = new Map<string, number>();
  for (const { decoded, envelope } of entries.toReversed()) {
    const position = parsePosition(decoded.ok ? decoded.value.id : (idOf(envelope) ?? ''));
    if (!position) continue;
    const { epoch: label, sequence } = position;
    if (sequence >= (lowest.get(label) ?? Number.POSITIVE_INFINITY)) continue;
    lowest.set(label, sequence);
    const epoch = decoded.ok ? undefined : epochs.find(position);
    if (!decoded.ok && epoch) gaps.sequenceUnreadable(epoch.index, sequence, contractId, decoded.reason);
  }
}

/** The event's id where the rest of it cannot be read. */
function idOf(envelope: string): string | null {
  const parsed = parseJson(envelope);
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return null;
  return 'id' in parsed.value && typeof parsed.value.id === 'string' ? parsed.value.id : null;
}
