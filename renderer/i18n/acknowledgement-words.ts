import type { TFunction } from 'i18next';
import type { AcknowledgementState } from '../../protocol/view.ts';
import { secondsUntil } from './words.ts';

/** What becomes of an acknowledgement that the server does not have yet. `at`: when it is due, epoch ms. */
export function pendingText(
  t: TFunction,
  state: 'held' | 'sending',
  at: number | null,
  connected: boolean,
  now: number,
): string {
  if (!connected) return t('contract.action.waiting');
  if (state === 'sending') return t('contract.action.sending');
  // What is due is sent at the next moment: until that is told, it is one second at most.
  return t('contract.action.held', { count: Math.max(1, at === null ? 0 : secondsUntil(at, now)) });
}

/** The same in the two words of a row's tag. */
export function acknowledgementLabel(
  t: TFunction,
  state: Exclude<AcknowledgementState, 'none'>,
  connected: boolean,
): string {
  return t(`acknowledgement.${state === 'sending' && !connected ? 'waiting' : state}`);
}
