import type { TFunction } from 'i18next';
import type { AcknowledgementState } from '../../protocol/view.ts';
import { secondsUntil } from './words.ts';

type Pending = 'held' | 'sending' | 'unconfirmed';

export const isPending = (state: AcknowledgementState): state is Pending =>
  state === 'held' || state === 'sending' || state === 'unconfirmed';

/** What becomes of an acknowledgement that the server does not have yet, as far as is known here. */
export function pendingText(
  t: TFunction,
  state: Pending,
  /** When it is to be sent, epoch ms; null where that is not known. */
  at: number | null,
  connected: boolean,
  now: number,
): string {
  if (!connected) return t('contract.action.waiting');
  // Between two attempts lie up to minutes, in which nothing is being sent.
  if (state !== 'held') return t(`contract.action.${state}`);
  // What is due is sent at the next moment: until that is told, it is one second at most.
  return t('contract.action.held', { count: Math.max(1, at === null ? 0 : secondsUntil(at, now)) });
}

/** The same in the two words of a row's tag. */
export function acknowledgementLabel(
  t: TFunction,
  state: Exclude<AcknowledgementState, 'none'>,
  connected: boolean,
): string {
  return t(`acknowledgement.${isPending(state) && !connected ? 'waiting' : state}`);
}
