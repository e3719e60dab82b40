import { STATUSES } from '../../../protocol/statuses.ts';
import type { StatusCode } from '../../../protocol/statuses.ts';

/** One status change that a server told, with everything there is to know of it. */
export interface Published {
  /** 1, 2, 3 … over all lives of the server's log: the order in which it truly happened. */
  readonly n: number;
  readonly id: string;
  /** Its number in the server's log of that life, from 1. */
  readonly sequence: number;
  readonly life: number;
  readonly contractId: string;
  readonly version: number;
  readonly title: string;
  readonly from: string | null;
  readonly to: StatusCode;
  readonly actionRequired: boolean;
  /** The envelope, letter by letter. */
  readonly envelope: string;
  /** True time at which it was published. */
  readonly at: number;
  /** `garbled`: cannot be read as the stream tells it, but well from history. `unreadable`: nowhere. */
  readonly form: 'good' | 'garbled' | 'unreadable';
  /** The server has it no more, in log or history. */
  gone: boolean;
  /** It has not happened any more: the server went back to a backup from before it. */
  undone: boolean;
}

/**
 * The same id, contract, version and status: a server that went back has told the same once more, and by the rules of the stream
 * it is a copy of what was told before. Nobody can know it for another, and nobody is to hear of it twice.
 */
export function isCopyOf(one: Published, other: Published): boolean {
  return (
    one !== other &&
    one.id === other.id &&
    one.contractId === other.contractId &&
    one.version === other.version &&
    one.to === other.to
  );
}

/** As a server writes it. A number in its reason tells one from all others, whatever ids they have. */
export function envelopeOf(
  { n, id, sequence, contractId, version, title, from, to, actionRequired, form }: Published,
  userId: string,
  numbers: boolean,
  happenedAt: number,
): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: `/streams/${userId}`,
    type: 'app.contracts.status.changed.v1',
    subject: `contract/${contractId}`,
    time: new Date(happenedAt).toISOString(),
    ...(numbers ? { sequence: String(sequence).padStart(11, '0') } : {}),
    data: {
      contract: {
        id: contractId,
        title,
        version: form === 'unreadable' ? 'many' : version,
        counterparties: [],
      },
      change: { from, to, actor: { id: 'a1', name: 'Boris' }, reason: { code: 'n', text: `n=${n}` } },
      severity: STATUSES[to].severity,
      actionRequired,
    },
  });
}
