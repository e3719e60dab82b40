import type { Stores } from '../state/stores.ts';

export const GROUPS = ['move', 'select', 'act', 'find', 'go', 'app'] as const;
export type CommandGroup = (typeof GROUPS)[number];

/** Where the keyboard was when the command was asked for. */
export interface Where {
  /** In the list, or nowhere. */
  readonly inList: boolean;
  /** The contracts that a menu was opened for; without it, those that are current. */
  readonly ids?: readonly string[];
}

export interface CommandSpec {
  readonly group: CommandGroup;
  /** The first is the one that is shown. */
  readonly keys: readonly string[];
  /** `list`: only while the list has the keyboard. `always`: also while typing or in a dialog. */
  readonly scope?: 'list' | 'always';
  /** A key that is held goes on doing it; anything else is done once for each press. */
  readonly repeats?: true;
  /** Not offered in the palette: it makes sense as a key only. */
  readonly keyOnly?: boolean;
  /** It does something to the contracts that are current. */
  readonly onContracts?: true;
  /** It is for the row under the keyboard, whatever is selected or open. */
  readonly onRow?: true;
  readonly when?: (stores: Stores, where: Where) => boolean;
  readonly run: (stores: Stores, where: Where) => unknown;
}
