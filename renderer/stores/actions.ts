import type { ViewFilter } from '../../protocol/filter.ts';
import type { Api } from './api.ts';
import type { DeedStore } from './deed-store.ts';

export interface Actions {
  /** Main asks where to; nothing is told when the person changed their mind. */
  exportView(filter: ViewFilter, format: 'csv' | 'json'): Promise<void>;
  copyReference(contractId: string): Promise<void>;
  openPortal(contractId: string): Promise<void>;
}

/** What leaves the window: files, the clipboard, the browser. Each tells what came of it. */
export function createActions(
  api: Pick<Api, 'exportView' | 'copyReference' | 'openPortal'>,
  deeds: DeedStore,
): Actions {
  return {
    async exportView(filter, format) {
      const result = await api.exportView(filter, format);
      if (!result.saved) return;
      const { path: name, contracts: count, neutralised } = result;
      deeds.tell(neutralised > 0 ? 'exported_neutralised' : 'exported', { name, count, also: neutralised });
    },
    async copyReference(contractId) {
      await api.copyReference(contractId);
      deeds.tell('reference_copied');
    },
    async openPortal(contractId) {
      const result = await api.openPortal(contractId);
      if (!result.ok) deeds.tell(`portal_${result.problem}`);
    },
  };
}
