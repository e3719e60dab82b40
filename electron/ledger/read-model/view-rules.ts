import { TELLING, type ViewRule } from '../../../protocol/filter.ts';
import type { ViewCounts } from '../../../protocol/view.ts';
import { readSavedViews } from '../storage/saved-views.ts';
import type { Store } from '../storage/store.ts';
import { VIEW_BITS } from './column-index.ts';
import type { Lists } from './lists.ts';

/** What the saved views of one account say of its notifications. */
export interface ViewRules {
  /** Over the lists as they stand now: the most telling rule of all views a contract is in; `usual` where none says anything. */
  over(lists: Lists): (rowid: number) => ViewRule;
  /** The lists' counts; what lies in a view that is not told needs nobody outside the window. */
  counts(lists: Lists): ViewCounts;
  /** No view has a rule: every contract is `usual`. */
  readonly isEmpty: boolean;
}

/** As the saved views are now. */
export function readViewRules(store: Store, accountId: number): ViewRules {
  const views = readSavedViews(store, accountId);
  const ruled = TELLING.flatMap((rule) => views.filter(({ notify }) => notify === rule));
  const isCounted = !ruled.some(({ notify }) => notify === 'not');

  function over(lists: Lists): (rowid: number) => ViewRule {
    const tests = ruled.map(({ filter, notify }) => ({ isIn: lists.match(filter), notify }));
    return (rowid) => tests.find(({ isIn }) => isIn(rowid))?.notify ?? 'usual';
  }

  /** Contracts that need the user, are not muted, and lie in views that are not told. */
  function countUntold(lists: Lists): number {
    const { member, bound } = lists.columns;
    const both = VIEW_BITS.action_required | VIEW_BITS.muted;
    const ruleOf = over(lists);
    let untold = 0;
    for (let rowid = 0; rowid < bound; rowid++)
      if (((member[rowid] ?? 0) & both) === VIEW_BITS.action_required && ruleOf(rowid) === 'not') untold++;
    return untold;
  }

  return {
    isEmpty: ruled.length === 0,
    over,
    counts(lists) {
      const { counts } = lists.columns;
      return isCounted ? counts : { ...counts, needing: counts.needing - countUntold(lists) };
    },
  };
}
