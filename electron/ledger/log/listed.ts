import { parsePosition, type Position } from '../../../protocol/cursor.ts';
import type { StatusChanged } from '../../../protocol/event.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import { epochIndexOf, type Epoch } from './epochs.ts';
import type { WriteContext } from './write-context.ts';

/*
 * A first list of contracts that says of no place in this log that it goes so far: it named none, or one of another log. What it
 * has counts as read all the same, and is known by each contract's version.
 */

/** Whether the list had this change, which the stream brings: it named its contract's last one, as late or later in this log. */
export function isListed(
  context: WriteContext,
  event: StatusChanged,
  epoch: Epoch,
  { epoch: label, sequence }: Position,
): boolean {
  if (!isOfListedVersion(context, event, epoch)) return false;
  const record = context.contracts.get(event.data.contract.id);
  // The row is still as the list told it.
  if (record?.version !== record?.baseVersion) return false;
  const last = parsePosition(record?.lastEventId ?? '');
  return last?.epoch === label && sequence <= last.sequence;
}

/** Whether the list had this change, which a history brings: it was made before. */
export function wasListed(context: WriteContext, event: StatusChanged, epoch: Epoch): boolean {
  if (!isOfListedVersion(context, event, epoch)) return false;
  return (parseInstant(event.time) ?? Number.POSITIVE_INFINITY) <= (context.state.baselineTime ?? 0);
}

function isOfListedVersion({ state, contracts }: WriteContext, event: StatusChanged, epoch: Epoch): boolean {
  if (state.restarts > 0) return false;
  const record = contracts.get(event.data.contract.id);
  if (record?.baseFixed !== 1 || record.basePosition === null || record.superseded === 1) return false;
  if (epochIndexOf(record.basePosition) === epoch.index) return false;
  return event.data.contract.version <= (record.baseVersion ?? 0);
}
