import { TELLING, type ViewRule } from '../../../protocol/filter.ts';
import type { ViewCounts } from '../../../protocol/view.ts';
import { readSavedViews } from '../storage/saved-views.ts';
import type { Store } from '../storage/store.ts';
import { VIEW_BITS } from './column-index.ts';
import type { Lists } from './lists.ts';

/** What the saved views of one account say of its notifications. */
export interface ViewRules {
  /** The most telling rule of all views the contract is in; `usual` where none says anything. */
  ruleOf(rowid: number): ViewRule;
  /** The lists' counts; what lies in a view that is not told needs nobody outside the window. */
  counts(): ViewCounts;
  /** No view has a rule: every contract is `usual`. */
  readonly isEmpty: boolean;
}

/** As the saved views are now, over the lists as they stand when asked. */
export function readViewRules(store: Store, accountId: number, lists: Lists): ViewRules {
  const views = readSavedViews(store, accountId);
  const ruled = TELLING.flatMap((rule) => views.filter(({ notify }) => notify === rule));
  const isCounted = !ruled.some(({ notify }) => notify === 'not');

  function createRuleOf(): (rowid: number) => ViewRule {
    const tests = ruled.map(({ filter, notify }) => ({ isIn: lists.match(filter), notify }));
    return (rowid) => tests.find(({ isIn }) => isIn(rowid))?.notify ?? 'usual';
  }

  /** Contracts that need the user, are not muted, and lie in views that are not told. */
  function countUntold(): number {
    const { member, bound } = lists.columns;
    const both = VIEW_BITS.action_required | VIEW_BITS.muted;
    const ruleOf = createRuleOf();
    let untold = 0;
    for (let rowid = 0; rowid < bound; rowid++)
      if (((member[rowid] ?? 0) & both) === VIEW_BITS.action_required && ruleOf(rowid) === 'not') untold++;
    return untold;
  }

  return {
    isEmpty: ruled.length === 0,
    ruleOf: (rowid) => (ruled.length === 0 ? 'usual' : createRuleOf()(rowid)),
    counts() {
      const { counts } = lists.columns;
      return isCounted ? counts : { ...counts, needing: counts.needing - countUntold() };
    },
  };
}
