import { eventName } from '../../protocol/control.ts';
import { mapEvent } from '../../protocol/profile/map-event.ts';
import { BUILT_IN, eventNames, type Listening } from '../../protocol/profile/profile.ts';
import type { StreamItem } from '../stream/types.ts';

/**
 * What the profile's names and mapping make of the items of a stream; null where they are our own already, and nothing stands between
 * stream and ledger. Events of other names, our control events among them, stay as they are. `cameAt`: epoch ms.
 */
export function createTranslator(
  { events, mapping }: Listening,
  userId: string,
): ((items: readonly StreamItem[], cameAt: number) => readonly StreamItem[]) | null {
  if (events === BUILT_IN.events && mapping === BUILT_IN.mapping) return null;
  const own = eventName(userId, 'ContractStatusChanged');
  const names = eventNames({ events }, userId);

  function translate(item: StreamItem, cameAt: number): StreamItem {
    if (item.kind === 'id' || !names.has(item.name)) return item;
    const named = { ...item, name: own };
    if (named.kind === 'oversize' || mapping === 'contract-pulse') return named;
    const event = mapEvent(mapping, item.kind === 'event' ? item.data : '', item.id, cameAt);
    return { ...named, mapped: event.ok ? { json: JSON.stringify(event.value) } : { problem: event.reason } };
  }

  return (items, cameAt) => items.map((item) => translate(item, cameAt));
}
