import type { Deed } from '../../protocol/deeds.ts';
import type { ContractRow } from '../../protocol/view.ts';
import { namingContract } from '../stores/api.ts';
import { useStores } from '../stores/context.ts';

/** What the buttons of an open contract do: to this contract alone, whatever is selected in the list. */
export function useContractDeeds({ contractId, title, unread, muted }: ContractRow) {
  const { contract, deeds, notice, actions, place, settings } = useStores();
  const perform = (deed: Deed): void => void notice.attempt(() => deeds.perform([contractId], deed));
  return {
    toggleRead: () => perform({ do: 'read', read: unread > 0 }),
    toggleMute: () => perform({ do: 'mute', muted: !muted }),
    unsnooze: () => perform({ do: 'unsnooze' }),
    acknowledge: () => perform({ do: 'acknowledge' }),
    // One that was held before the app was started is no deed of this window.
    undoAcknowledge: () =>
      void notice.attempt(async () => {
        if (await deeds.undoAcknowledged(contractId)) return;
        await namingContract(title || contractId, contract.undoAcknowledge);
      }),
    openPortal: () => void notice.attempt(() => actions.openPortal(contractId)),
    setPortal(): void {
      settings.startAt('portal');
      place.show('settings');
    },
    copy: () => void notice.attempt(() => actions.copyReference(contractId)),
  };
}
