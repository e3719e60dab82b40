import type { StatusChanged } from '../../../protocol/event.ts';
import { decodeEvent } from '../../../protocol/decode-event.ts';
import { epochIndexOf } from '../log/epochs.ts';
import type { WriteContext } from '../log/write-context.ts';

/* What the order tells in which a history names its changes. */

export interface Uses {
  /** The history has a later change of this version: this one is of an earlier life of the log. */
  readonly isReplaced: boolean;
  /** The next change under this id. */
  readonly laterUse: { readonly event: StatusChanged; readonly envelope: string } | null;
}

export interface Entry extends Uses {
  readonly decoded: ReturnType<typeof decodeEvent>;
  readonly envelope: string;
}

/** Of one change of a history: `Order`. */
export interface PlaceInOrder {
  isAboveLater(place: number): boolean;
  isBelowEarlier(place: number): boolean;
}

/** Characters: far above what the stream takes of one event. */
const MAX_ENVELOPE = 4 * 1024 * 1024;
const TOO_LONG = { ok: false, reason: `oversize: more than ${MAX_ENVELOPE} characters` } as const;

/** A history is told oldest first; what comes later in it under the same version or id is of a later life of the log. */
export function readEntries(envelopes: readonly string[]): readonly Entry[] {
  const versions = new Map<number, StatusChanged>();
  const ids = new Map<string, NonNullable<Uses['laterUse']>>();
  const entries = envelopes.toReversed().map((envelope): Entry => {
    const decoded = envelope.length > MAX_ENVELOPE ? TOO_LONG : decodeEvent(envelope);
    if (!decoded.ok) return { decoded, envelope, isReplaced: false, laterUse: null };
    const event = decoded.value;
    const { version } = event.data.contract;
    const [later, use] = [versions.get(version), ids.get(event.id)];
    versions.set(version, event);
    ids.set(event.id, { event, envelope });
    return {
      decoded,
      envelope,
      isReplaced: later !== undefined && !isCopy(later, event),
      laterUse: use === undefined || isCopy(use.event, event) ? null : use,
    };
  });
  return entries.toReversed();
}

/** A history is told oldest first: of two of its changes the later lies above, wherever both are. */
export interface Order {
  /** Whether a place is above one that is held by something the history tells later. */
  isAboveLater(index: number, place: number): boolean;
  /** Whether it is below one that is held by something the history tells before. */
  isBelowEarlier(index: number, place: number): boolean;
  note(index: number, place: number): void;
}

export function orderOf({ events }: WriteContext, entries: readonly Entry[]): Order {
  let known: (number | null)[] | undefined;
  const places = (): readonly (number | null)[] =>
    (known ??= entries.map(({ decoded }) =>
      decoded.ok ? (events.lookUp(decoded.value).same?.position ?? null) : null,
    ));
  // Places at the bottom say nothing of order.
  const isPlace = (each: number | null): each is number => each !== null && epochIndexOf(each) > 0;
  return {
    isAboveLater: (index, place) => places().some((each, i) => i > index && isPlace(each) && each < place),
    isBelowEarlier: (index, place) => places().some((each, i) => i < index && isPlace(each) && each > place),
    note(index, place) {
      if (known !== undefined) known[index] = place;
    },
  };
}

function isCopy(one: StatusChanged, other: StatusChanged): boolean {
  const [a, b] = [one.data, other.data];
  return one.id === other.id && a.contract.version === b.contract.version && a.change.to === b.change.to;
}
