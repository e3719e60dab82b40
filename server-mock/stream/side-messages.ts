import { eventName, type Acknowledged } from '../../protocol/control.ts';
import { pollWire } from './wire.ts';

/**
 * Messages that are in no log: acknowledgements and notices. Each polling session gets those that came since its last
 * poll, of the newest 200 of a user. A stream, and a session's first poll, begin with the acknowledgements in force.
 */
export interface SideMessages {
  addNotice(userId: string, text: string): void;
  addAcknowledged(userId: string, done: Acknowledged): void;
  /** The latest of each contract, for the 200 contracts acknowledged last; the newest comes last. */
  acknowledged(userId: string): readonly Acknowledged[];
  /** For polls: what came since this reader last asked. */
  take(userId: string, reader: string): readonly string[];
  hasNews(userId: string, reader: string): boolean;
}

const KEPT = 200;
const READERS = 1000;

export function createSideMessages(): SideMessages {
  const byUser = new Map<string, { readonly number: number; readonly element: string }[]>();
  const contractActions = new Map<string, Map<string, Acknowledged>>();
  const readers = new Map<string, number>();
  let last = 0;

  function add(userId: string, element: string): void {
    last += 1;
    byUser.set(userId, [...(byUser.get(userId) ?? []), { number: last, element }].slice(-KEPT));
  }

  function acknowledged(userId: string): readonly Acknowledged[] {
    return [...(contractActions.get(userId)?.values() ?? [])];
  }

  function since(userId: string, reader: string): readonly string[] {
    const known = readers.get(reader);
    if (known === undefined) return acknowledged(userId).map((done) => elementOf(userId, done));
    return (byUser.get(userId) ?? []).filter(({ number }) => number > known).map(({ element }) => element);
  }

  return {
    addNotice: (userId, text) => add(userId, pollWire.notice(text)),
    addAcknowledged(userId, done) {
      add(userId, elementOf(userId, done));
      const own = contractActions.get(userId) ?? new Map<string, Acknowledged>();
      contractActions.set(userId, own);
      own.delete(done.contractId);
      own.set(done.contractId, done);
      const [oldest] = own.keys();
      if (own.size > KEPT && oldest !== undefined) own.delete(oldest);
    },
    acknowledged,
    take(userId, reader) {
      const found = since(userId, reader);
      readers.delete(reader);
      readers.set(reader, last);
      const [oldest] = readers.keys();
      if (readers.size > READERS && oldest !== undefined) readers.delete(oldest);
      return found;
    },
    hasNews: (userId, reader) => since(userId, reader).length > 0,
  };
}

function elementOf(userId: string, done: Acknowledged): string {
  return pollWire.control(eventName(userId, 'ContractAcknowledged'), done);
}
