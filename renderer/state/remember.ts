import * as v from 'valibot';
import { filterSchema, type ViewFilter } from '../../protocol/filter.ts';
import type { TextStorage } from './layout-store.ts';

/** Where a person was, per account, so that a restart leads back there. */
export interface Remembered {
  readonly filter: ViewFilter;
  readonly contractId: string | null;
}

const NOWHERE: Remembered = { filter: { view: 'all', text: '' }, contractId: null };
const contractIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

/** What was stored, part by part; garbage falls back to the list of all contracts. */
export function readRemembered(text: string | null): Remembered {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? 'null');
  } catch {
    return NOWHERE;
  }
  if (typeof stored !== 'object' || stored === null) return NOWHERE;
  const { filter, contractId } = stored as Record<string, unknown>;
  const asked = v.safeParse(filterSchema, filter);
  const open = v.safeParse(contractIdSchema, contractId);
  return {
    filter: asked.success ? asked.output : NOWHERE.filter,
    contractId: open.success ? open.output : null,
  };
}

export interface Memory {
  read(account: string): Remembered;
  write(account: string, place: Remembered): void;
}

/** A storage that is full or forbidden costs the remembered place, nothing else. */
export function createMemory(storage: TextStorage): Memory {
  const key = (account: string): string => `place ${account}`;
  return {
    read(account) {
      try {
        return readRemembered(storage.getItem(key(account)));
      } catch {
        return NOWHERE;
      }
    },
    write(account, place) {
      try {
        storage.setItem(key(account), JSON.stringify(place));
      } catch {
        // See above.
      }
    },
  };
}
