import type { ContractAction } from '../../../protocol/actions.ts';
import type { ContractRow } from '../../../protocol/view.ts';
import { contractName } from '../../../protocol/wire-text.ts';
import { namingContract } from '../../state/api.ts';
import { useStores } from '../../state/context.ts';

/** What the buttons of an open contract do: to this contract alone, whatever is selected in the list. */
export function useContractActions({ contractId, title, unread, muted }: ContractRow) {
  const { contract, contractActions, notice, actions, place, settings } = useStores();
  const perform = (action: ContractAction): void =>
    void notice.attempt(() => contractActions.perform([contractId], action));
  return {
    toggleRead: () => perform({ do: 'read', read: unread > 0 }),
    toggleMute: () => perform({ do: 'mute', muted: !muted }),
    unsnooze: () => perform({ do: 'unsnooze' }),
    acknowledge: () => perform({ do: 'acknowledge' }),
    // One that was held before the app was started is no action of this window.
    undoAcknowledge: () =>
      void notice.attempt(async () => {
        if (await contractActions.undoAcknowledged(contractId)) return;
        await namingContract(contractName({ title, contractId }), contract.undoAcknowledge);
      }),
    openPortal: () => void notice.attempt(() => actions.openPortal(contractId)),
    setPortal(): void {
      settings.startAt('portal');
      place.show('settings');
    },
    copy: () => void notice.attempt(() => actions.copyReference(contractId)),
  };
}
