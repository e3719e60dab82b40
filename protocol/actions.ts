import * as v from 'valibot';

/** What a person does to contracts. Each can be undone as a whole. Acknowledging goes through the outbox to the server. */
const contractId = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

export const MAX_SELECTED = 5000;

export const contractActionSchema = v.variant('do', [
  /**
   * Read: all changes of the contract. Unread: its latest one. `byShowing`: the window has shown them, nobody has asked for it,
   * and there is nothing to undo.
   */
  v.strictObject({
    do: v.literal('read'),
    read: v.boolean(),
    byShowing: v.optional(v.literal(true)),
  }),
  /** Muted: no notifications, not in Unread. What requires an action still shows there. */
  v.strictObject({ do: v.literal('mute'), muted: v.boolean() }),
  /**
   * Out of the way until then (epoch ms), or until its next change (null); the next change ends it in any case, so
   * that nothing new is hidden.
   */
  v.strictObject({
    do: v.literal('snooze'),
    until: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15))),
  }),
  v.strictObject({ do: v.literal('unsnooze') }),
  /** Takes on what requires an action; contracts that require none, or are taken on already, are passed over. */
  v.strictObject({ do: v.literal('acknowledge') }),
]);
export type ContractAction = v.InferOutput<typeof contractActionSchema>;

export const actionRequestSchema = v.strictObject({
  contractIds: v.pipe(v.array(contractId), v.minLength(1), v.maxLength(MAX_SELECTED)),
  action: contractActionSchema,
});

export interface ActionOutcome {
  /** For `action:undo`; null when nothing was changed. Kept for the last 100 actions while the app runs. */
  readonly undoId: number | null;
  /** Contracts changed. */
  readonly changed: number;
}
