import type { ContractAction, ActionOutcome } from '../../protocol/actions.ts';
import type { ViewFilter } from '../../protocol/view.ts';
import type { Outbox } from '../sync/outbox.ts';
import type { Ledger, LedgerAction } from '../ledger/types.ts';
import type { Clock } from '../ports/clock.ts';

/** What a person does to many contracts at a time, and takes back as a whole. */
export interface ContractActions {
  perform(contractIds: readonly string[], action: ContractAction): Promise<ActionOutcome>;
  /** Everything in the view (as held, where it is) becomes read. */
  markViewRead(viewId: number, filter: ViewFilter): Promise<ActionOutcome>;
  /** False when there is nothing left of it to take back: undone before, too long ago, or sent already. */
  undo(undoId: number): Promise<boolean>;
}

export interface ContractActionsOptions {
  readonly ledger: Ledger;
  readonly accountId: number;
  readonly clock: Clock;
  /** The time by which snoozes end, epoch ms. */
  trueNow(): number;
  readonly outbox: Pick<Outbox, 'acknowledgeAll' | 'undoAll'>;
  /** These contracts (null: many) were changed. */
  onDone(contracts: readonly string[] | null): void;
}

const KEPT = 100;
/** More than this is told as "many": the window reads what it shows anew in any case. */
const MANY = 500;

/** Actions of the ledger and of the outbox under one row of undo numbers. */
export function createContractActions(options: ContractActionsOptions): ContractActions {
  const { ledger, accountId, clock, outbox } = options;
  const undos = new Map<number, () => Promise<boolean>>();
  let nextId = 1;

  function keep(undo: () => Promise<boolean>): number {
    const undoId = nextId++;
    undos.set(undoId, undo);
    const [oldest] = undos.keys();
    if (undos.size > KEPT && oldest !== undefined) undos.delete(oldest);
    return undoId;
  }

  /** The ledger's outcome under a number of our own. */
  function adopt(outcome: ActionOutcome, contracts: readonly string[] | null): ActionOutcome {
    const { undoId: inLedger, changed } = outcome;
    if (changed > 0) options.onDone(contracts);
    if (inLedger === null) return outcome;
    const undoId = keep(async () => {
      const undone = await ledger.undo(accountId, inLedger, options.trueNow());
      if (undone) options.onDone(contracts);
      return undone;
    });
    return { undoId, changed };
  }

  /** The person chose the end by the clock on the screen. Where that is wrong, as long from now is meant. */
  function inTrueTime(action: LedgerAction): LedgerAction {
    if (action.do !== 'snooze' || action.until === null) return action;
    return { ...action, until: action.until + options.trueNow() - clock.now() };
  }

  return {
    async perform(contractIds, action) {
      const distinct = [...new Set(contractIds)];
      const touched = distinct.length > MANY ? null : distinct;
      if (action.do !== 'acknowledge')
        return adopt(
          await ledger.perform(accountId, distinct, inTrueTime(action), options.trueNow()),
          touched,
        );
      const held = await outbox.acknowledgeAll(distinct);
      if (held.length === 0) return { undoId: null, changed: 0 };
      const undoId = keep(async () => (await outbox.undoAll(held)).length > 0);
      return { undoId, changed: held.length };
    },
    async markViewRead(viewId, filter) {
      return adopt(await ledger.markViewRead(accountId, viewId, filter, clock.now()), null);
    },
    async undo(undoId) {
      const undo = undos.get(undoId);
      // Taken out first: pressed twice, it is undone once.
      undos.delete(undoId);
      return undo === undefined ? false : undo();
    },
  };
}
