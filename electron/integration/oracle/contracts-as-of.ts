import type { Published } from './published.ts';
import type { ServerContract } from './server-traits.ts';

/** The contracts as the changes that have happened made them. */
export function contractsAsOf(events: readonly Published[]): Map<string, ServerContract> {
  const then = new Map<string, ServerContract>();
  for (const event of events) {
    if (event.undone) continue;
    const { contractId, title, version, to, at } = event;
    then.set(contractId, {
      contractId,
      title,
      version,
      status: to,
      since: at,
      last: event,
      acknowledged: 0,
      acknowledgedBy: null,
    });
  }
  return then;
}
