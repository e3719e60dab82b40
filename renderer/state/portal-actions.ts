import type { Facets, ViewFilter } from '../../protocol/filter.ts';
import type { ContractRow } from '../../protocol/view.ts';
import { namingContract, type Api } from './api.ts';
import type { ActionStore } from './action-store.ts';

export interface Actions {
  /** Main asks where to; nothing is told when the person changed their mind. */
  exportView(filter: ViewFilter, format: 'csv' | 'json'): Promise<void>;
  copyReference(contractId: string): Promise<void>;
  openPortal(contractId: string): Promise<void>;
  /** What a filter can be made of; names that have `text` in them, where it is not empty. */
  facets(text: string): Promise<Facets>;
  /** The first few contracts that a search finds, the latest change first. */
  findContracts(text: string): Promise<readonly ContractRow[]>;
}

const FOUND = 8;

/** What leaves the window (files, the clipboard, the browser), and questions whose answer nobody keeps. */
export function createActions(
  api: Pick<Api, 'exportView' | 'copyReference' | 'openPortal' | 'facets' | 'openView' | 'closeView'>,
  contractActions: ActionStore,
  titleOf: (contractId: string) => string | null,
): Actions {
  return {
    async exportView(filter, format) {
      const result = await api.exportView(filter, format);
      if (!result.saved) return;
      const { path: name, contracts: count, neutralised } = result;
      contractActions.tell(neutralised > 0 ? 'exported_neutralised' : 'exported', {
        name,
        count,
        also: neutralised,
      });
    },
    async copyReference(contractId) {
      const title = titleOf(contractId);
      await namingContract(title, () => api.copyReference(contractId));
      contractActions.tell('reference_copied', { title });
    },
    async openPortal(contractId) {
      const title = titleOf(contractId);
      const result = await namingContract(title, () => api.openPortal(contractId));
      if (!result.ok) contractActions.tell(`portal_${result.problem}`, { title });
    },
    facets: api.facets,
    async findContracts(text) {
      const { viewId, rows } = await api.openView({ view: 'all', text }, { offset: 0, limit: FOUND });
      await api.closeView(viewId);
      return rows;
    },
  };
}
