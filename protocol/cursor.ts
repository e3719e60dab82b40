/** `EPOCH-SEQUENCE`, e.g. `e7-00000018231`. Any other id is opaque and never read for gaps. */
export interface Position {
  readonly epoch: string;
  /** Contiguous within one user's log and epoch, from 1; at most 2^40 - 1. */
  readonly sequence: number;
}

const MAX_SEQUENCE = 2 ** 40 - 1;
const form = /^(e\d{1,15})-(\d{11,13})$/;

/** The position in an id of our own form; undefined for the opaque ids of other servers. */
export function parsePosition(id: string): Position | undefined {
  const match = form.exec(id);
  if (!match) return undefined;
  const sequence = Number(match[2]);
  if (sequence < 1 || sequence > MAX_SEQUENCE) return undefined;
  return { epoch: match[1] as string, sequence };
}

export function formatSequence(sequence: number): string {
  return String(sequence).padStart(11, '0');
}

export function formatPosition(position: Position): string {
  return `${position.epoch}-${formatSequence(position.sequence)}`;
}
