import type { Acknowledgement } from '../../protocol/api.ts';
import type { Acknowledged } from '../../protocol/control.ts';
import { createProblem } from '../http/problem.ts';
import type { MockUser } from '../types.ts';
import type { World } from '../world.ts';

export interface AcknowledgementAnswer {
  readonly status: 200 | 201;
  readonly body: Acknowledged;
}

/** Who has taken which change on. A repeated request answers 200 with what the first one did. */
export interface Acknowledgements {
  /** Throws problems: 404 unknown contract or event, 409 superseded, 422 the key was used for something else. */
  add(
    user: MockUser,
    contractId: string,
    wish: Acknowledgement,
    idempotencyKey: string,
  ): AcknowledgementAnswer;
}

const KEYS_KEPT = 10_000;

export function createAcknowledgements(
  world: World,
  at: () => string,
  tell: (userId: string, done: Acknowledged) => void,
): Acknowledgements {
  const byKey = new Map<string, { readonly wish: string; readonly done: Acknowledged }>();
  const byChange = new Map<string, Acknowledged>();

  return {
    add(user, contractId, wish, idempotencyKey) {
      const key = `${user.id} ${idempotencyKey}`;
      const wishText = JSON.stringify([contractId, wish.eventId, wish.version]);
      const repeated = byKey.get(key);
      if (repeated && repeated.wish !== wishText)
        throw createProblem(422, 'Key used before', 'This Idempotency-Key was used for another request.');
      if (repeated) return { status: 200, body: repeated.done };

      const state = world.contractOf(user.id, contractId);
      if (!state)
        throw createProblem(404, 'Not found', 'There is no such contract, or you do not follow it.');
      const event = world
        .log(user.id)
        .history(contractId)
        .findLast(({ id }) => id === wish.eventId);
      if (!event || event.data.contract.version !== wish.version)
        throw createProblem(404, 'Not found', 'This contract has no such event with this version.');
      if (state.contract.version > wish.version)
        throw createProblem(
          409,
          'Superseded',
          `The contract has moved on to version ${state.contract.version}: look at it again.`,
        );

      const changeKey = `${user.id} ${contractId} ${wish.version}`;
      const before = byChange.get(changeKey);
      const done = before ?? {
        contractId,
        eventId: wish.eventId,
        version: wish.version,
        at: at(),
        by: { id: user.id, name: user.name },
      };
      byKey.set(key, { wish: wishText, done });
      const [oldest] = byKey.keys();
      if (byKey.size > KEYS_KEPT && oldest !== undefined) byKey.delete(oldest);
      if (before) return { status: 200, body: before };
      byChange.set(changeKey, done);
      tell(user.id, done);
      return { status: 201, body: done };
    },
  };
}
