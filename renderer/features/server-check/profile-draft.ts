import type { MappedValue, Mapping, ServerProfile } from '../../../protocol/profile/profile.ts';
import type { FieldSeen } from '../../../protocol/server-check.ts';

/** What of a mapping a person chooses a place for, in the order of the form. */
export const PLACES = [
  'contractId',
  'status',
  'title',
  'previousStatus',
  'time',
  'due',
  'actor',
  'reason',
  'counterparties',
] as const;
export type Place = (typeof PLACES)[number];
/** Without these nothing is a row. */
export const NEEDED: ReadonlySet<Place> = new Set<Place>(['contractId', 'status']);

/** The place a value is read from; '' for none, or a constant. */
export function pointerOf(value: Mapping[Place]): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return 'at' in value ? value.at : '';
}

/** The same mapping, with this value read from another place; '': it is not read. */
export function withPlace(mapping: Mapping, place: Place, pointer: string): Mapping {
  const { [place]: before, ...rest } = mapping;
  if (pointer === '') return rest as Mapping;
  const moved = typeof before === 'object' && 'at' in before ? { ...before, at: pointer } : pointer;
  return { ...rest, [place]: moved } as Mapping;
}

/** The server's words for statuses, as far as they were seen. */
export function wordsSeen({ status }: Mapping, fields: readonly FieldSeen[]): readonly string[] {
  const pointer = pointerOf(status);
  return fields.find((field) => field.pointer === pointer)?.examples ?? [];
}

/** What a word of the server's means to the app; the word itself where nothing else is said. */
export function meaningOf({ status }: Mapping, word: string): string {
  const values = typeof status === 'object' && 'at' in status ? status.values : undefined;
  return values !== undefined && Object.hasOwn(values, word) ? String(values[word]) : word;
}

/** The same mapping, with this word meaning that; its own meaning is none. The status before is read alike. */
export function withMeaning(mapping: Mapping, word: string, code: string): Mapping {
  const change = (value: MappedValue | undefined): MappedValue | undefined => {
    if (value === undefined || (typeof value === 'object' && 'constant' in value)) return value;
    const before = typeof value === 'string' ? { at: value } : value;
    const { [word]: _, ...others } = before.values ?? {};
    return { ...before, values: code === word ? others : { ...others, [word]: code } };
  };
  const { previousStatus } = mapping;
  return {
    ...mapping,
    status: change(mapping.status) ?? mapping.status,
    ...(previousStatus === undefined ? null : { previousStatus: change(previousStatus) ?? previousStatus }),
  };
}

/** Names of events as lines; events without a name are said beside them. */
export const namesText = ({ events }: ServerProfile): string =>
  events.filter((name) => name !== '').join('\n');

export function withNames(profile: ServerProfile, text: string, unnamed: boolean): ServerProfile {
  const names = text
    .split('\n')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return { ...profile, events: [...(unnamed ? [''] : []), ...new Set(names)] };
}
