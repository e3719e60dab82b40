import { use } from 'react';
import { useTranslation } from 'react-i18next';
import { isInList } from './focus.ts';
import { useStores } from '../state/context.ts';
import type { Stores } from '../state/stores.ts';
import { specOf, type CommandId } from './commands.ts';
import type { CommandSpec, Where } from './command-spec.ts';
import { ariaKeys, capsOf } from '../ui/keys.ts';
import { MacContext } from '../ui/mac.ts';

/** The selection that an action on contracts waits for: it was asked for first, and is meant. */
export function awaitedBy(spec: CommandSpec, { cursor }: Stores, where: Where): Promise<void> | null {
  return spec.onContracts && where.ids === undefined ? cursor.coming() : null;
}

/** Runs a command; what fails is told in its own words. False where it makes no sense now. */
export function runCommand(stores: Stores, id: CommandId, where: Where = { inList: isInList() }): boolean {
  const spec = specOf(id);
  const coming = awaitedBy(spec, stores, where);
  if (coming !== null) {
    void coming.then(
      () => runCommand(stores, id, where),
      () => {},
    );
    return true;
  }
  const { when, run } = spec;
  if (when && !when(stores, where)) return false;
  const outcome = run(stores, where);
  if (outcome instanceof Promise) void stores.notice.attempt(() => outcome);
  return true;
}

/** Everything a button, a menu or a tooltip needs to offer a command. */
export function useCommand(id: CommandId) {
  const { t } = useTranslation();
  const stores = useStores();
  const mac = use(MacContext);
  const [keys] = specOf(id).keys;
  return {
    label: t(`command.${id}`),
    /** Keys to show, e.g. `Ctrl K`; null for a command without any. */
    shortcut: keys === undefined ? null : capsOf(keys, mac).join(' '),
    ariaKeys: keys === undefined ? undefined : ariaKeys(keys, mac),
    run: (where?: Where): boolean => runCommand(stores, id, where),
  };
}
