import type { StatusChanged } from '../../../protocol/event.ts';
import type { WriteContext } from '../log/write-context.ts';
import type { KnownEvent } from '../log/events.ts';
import { recallAcknowledgement } from '../log/acknowledged.ts';
import { describeRevision, noteVersion, projectEvent } from '../log/projection.ts';
import { hasVersion } from '../storage/versions.ts';

/**
 * An event that is known came once more. Nothing becomes unread. A revised copy (other details under the same id,
 * contract, version and status) takes the place of the text before. `place`: where the log has it now, when that is not
 * where it was (a server that went back kept it after all); null: as it was.
 */
export function repeatEvent(
  context: WriteContext,
  event: StatusChanged,
  envelope: string,
  known: KnownEvent,
  place: number | null,
): void {
  const { contracts, events } = context;
  const { contract } = event.data;
  const record = contracts.get(contract.id);
  if (!record) return;
  const shows = record.position === known.position && record.lastEventId === event.id;
  if (events.revise(event, known, record.contractRowid, envelope)) {
    if (shows && record.version === contract.version) describeRevision(record, event);
    contracts.touch(record);
  }
  if (place === null || place === known.position) return;
  events.move(event, known, record.contractRowid, place);
  if (shows) {
    record.position = place;
    record.superseded = 0;
  } else {
    projectEvent(record, event, place);
    recallAcknowledgement(context, record);
  }
  noteVersion(record, contract.version, place);
  contracts.touch(record);
}

/**
 * The same from a contract's history, which may remember what the log has lost: it says that there was this version, not
 * where the log has it now. That, only the stream tells.
 */
export function repeatFromHistory(
  context: WriteContext,
  event: StatusChanged,
  envelope: string,
  known: KnownEvent,
  isReplaced: boolean,
): void {
  repeatEvent(context, event, envelope, known, null);
  const record = context.contracts.get(event.data.contract.id);
  const { version } = event.data.contract;
  // Of an earlier life only, whose versions say nothing of the present one.
  const isOfPast = !context.epochs.isLive(known.position) && (isReplaced || version > (record?.version ?? 0));
  if (!record || isOfPast) return;
  // Its version was given up with a lost stretch; the server has it after all.
  if (record.baseVersion === null || !hasVersion(record, version)) {
    noteVersion(record, version, known.position);
    context.contracts.touch(record);
  }
}
