import { decodeEvent } from '../decode-event.ts';
import type { Decoded, StatusChanged } from '../event.ts';
import type { EventSample } from '../server-check.ts';
import { mapEvent } from './map-event.ts';
import { eventNames, type Listening } from './profile.ts';

/** What the app makes of one event by a profile; null: it is none of this user's changes. `cameAt`: epoch ms, for events that tell no time. */
export function previewEvent(
  profile: Pick<Listening, 'events' | 'mapping'>,
  userId: string,
  { id, name, data }: EventSample,
  cameAt: number,
): Decoded<StatusChanged> | null {
  if (!eventNames(profile, userId).has(name)) return null;
  if (profile.mapping === 'contract-pulse') return decodeEvent(data);
  const mapped = mapEvent(profile.mapping, data, id, cameAt);
  return mapped.ok ? decodeEvent(withArrival(JSON.stringify(mapped.value))) : mapped;
}

/** What only the order of arrival gives: the ledger fills it in. */
export function withArrival(json: string): string {
  const event = JSON.parse(json) as { data: { contract: object } };
  const { contract } = event.data;
  return JSON.stringify({
    id: 'arrival',
    ...event,
    data: { ...event.data, contract: { version: 1, ...contract } },
  });
}
