import { decodeEvent } from '../../../protocol/decode-event.ts';
import { decode, statusChangedSchema, type Decoded, type StatusChanged } from '../../../protocol/event.ts';
import type { MappedEvent } from '../../../protocol/profile/map-event.ts';
import type { StreamItem } from '../../stream/types.ts';
import type { WriteContext } from '../log/write-context.ts';

type EventItem = Extract<StreamItem, { kind: 'event' }>;

/**
 * What an event of a foreign form means, with what only the order of arrival tells: without an id each event is another one; without
 * a version it is the next of its contract. An id that comes again with the very same text is the same event; with another
 * text it is another, and the server counts anew.
 */
export function readStatus(context: WriteContext, item: EventItem): Decoded<StatusChanged> {
  const { mapped } = item;
  if (mapped === undefined) return decodeEvent(item.data);
  if ('problem' in mapped) return { ok: false, reason: mapped.problem };
  const event = JSON.parse(mapped.json) as MappedEvent;
  const { contract } = event.data;
  const id = event.id ?? nextId(context);
  const version = contract.version ?? versionOf(context, id, contract.id, item.data);
  return decode(statusChangedSchema, {
    ...event,
    id,
    data: { ...event.data, contract: { ...contract, version } },
  });
}

/** Of the place in the log that the event is about to get. */
function nextId({ epochs }: WriteContext): string {
  const newest = epochs.all().at(-1);
  const [index, last] =
    newest?.kind === 'opaque' ? [newest.index, newest.lastSequence] : [(newest?.index ?? 0) + 1, 0];
  return `arrival-${index}-${last + 1}`;
}

function versionOf(
  { events, contracts }: WriteContext,
  id: string,
  contractId: string,
  text: string,
): number {
  const copy = events.usesOf(id).find((use) => use.contractId === contractId && use.envelope === text);
  if (copy !== undefined && copy.version !== null) return copy.version;
  const record = contracts.get(contractId);
  return Math.max(record?.haveTop ?? 0, record?.version ?? 0) + 1;
}
