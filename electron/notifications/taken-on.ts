import type { AcknowledgementState, ContractRow } from '../../protocol/view.ts';

const TAKEN_ON: Readonly<Record<AcknowledgementState, boolean>> = {
  none: false,
  held: true,
  sending: true,
  unconfirmed: true,
  sent: true,
  failed: false,
  superseded: false,
};

/** Somebody has acknowledged its latest change, or is about to have. */
export const isTakenOn = (row: Pick<ContractRow, 'acknowledgement'>): boolean =>
  TAKEN_ON[row.acknowledgement];
