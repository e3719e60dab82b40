const LIVE = ['connection.live', 'connection.text.live', 'tray.receiving'];
const EMPTY = ['empty.first.title', 'empty.first.text', 'receipt.notForYou'];

/**
 * What the oracle has found and nobody has mended yet: by the world's number the sentences that are not true there. A line
 * goes when its fault is mended; none may be added for a fault that is new.
 */
export const AWAITED: ReadonlyMap<number, readonly string[]> = new Map<number, readonly string[]>([
  // A proxy that lets everything through late: said to be live for a while.
  [110, LIVE],
  [200, LIVE],
  // Late is still said when it has been over for a while.
  [196, ['connection.late', 'connection.text.late', 'tray.receiving']],
  // Events for others, behind a first look that found nothing: “No contracts yet” stands beside them.
  [96, EMPTY],
  [167, EMPTY],
  [183, EMPTY],
  [137, ['receipt.fetching']],
  [157, ['fetching.running']],
]);

/** Claims that 200 worlds have not made anybody say yet. */
export const RARE: readonly string[] = [
  'connection.meanwhile.none',
  'contract.action.heldNow',
  'empty.before.no_baseline',
  'empty.doubt.no_baseline',
  'fetching.ended',
  'receipt.hole.stale',
  'receipt.withoutName',
];
