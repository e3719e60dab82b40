import type { ContractAction, ActionOutcome } from '../../protocol/actions.ts';
import { isAddressable } from '../../protocol/addressable.ts';
import { requestError } from '../../protocol/failures.ts';
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
  /** How long an acknowledgement can be undone, ms. */
  readonly undoMs: number;
  /** False: the server takes none, and the window offers none. */
  readonly canAcknowledge: boolean;
  readonly outbox: Pick<Outbox, 'changed'>;
  /** These contracts (null: many) were changed. */
  onDone(contracts: readonly string[] | null): void;
}

/** More than this is told as "many": the window reads what it shows anew in any case. */
const MANY = 500;

/** The way of every action: into the ledger, which keeps what its undo needs; then the views and the outbox are told. */
export function createContractActions(options: ContractActionsOptions): ContractActions {
  const { ledger, accountId, clock, outbox } = options;

  function tell(what: string, contracts: readonly string[] | null): void {
    if (what === 'acknowledge') outbox.changed(contracts);
    else options.onDone(contracts);
  }

  function toLedgerAction(action: ContractAction): LedgerAction {
    if (action.do === 'acknowledge') return { ...action, dueAt: clock.now() + options.undoMs };
    if (action.do !== 'snooze' || action.until === null) return action;
    // The person chose the end by the clock on the screen. Where that is wrong, as long from now is meant.
    return { ...action, until: action.until + options.trueNow() - clock.now() };
  }

  return {
    async perform(contractIds, action) {
      if (action.do === 'acknowledge' && !options.canAcknowledge) throw requestError('notTaken');
      const wanted = [...new Set(contractIds)];
      // The rest of a selection is acknowledged; what no address can carry stays as it is.
      const distinct = action.do === 'acknowledge' ? wanted.filter(isAddressable) : wanted;
      if (distinct.length === 0 && wanted.length > 0) throw requestError('unaddressable');
      // Acknowledgements are due by the computer's own clock.
      const now = action.do === 'acknowledge' ? clock.now() : options.trueNow();
      const outcome = await ledger.perform(accountId, distinct, toLedgerAction(action), now);
      if (outcome.changed > 0) tell(action.do, distinct.length > MANY ? null : distinct);
      return outcome;
    },
    async markViewRead(viewId, filter) {
      const outcome = await ledger.markViewRead(accountId, viewId, filter, clock.now());
      if (outcome.changed > 0) options.onDone(null);
      return outcome;
    },
    async undo(undoId) {
      const { undone, contracts } = await ledger.undo(accountId, undoId, options.trueNow());
      if (undone !== null) tell(undone, contracts);
      return undone !== null;
    },
  };
}
