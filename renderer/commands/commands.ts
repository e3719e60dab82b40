import type { ViewFilter, ViewName } from '../../protocol/filter.ts';
import type { Settings } from '../../protocol/settings.ts';
import { focusFeed, focusFeedSoon, focusSearch, isFeedCovered, pointOfRow } from './focus.ts';
import { isPlain } from '../state/filters.ts';
import type { Subjects } from '../state/current.ts';
import type { Stores } from '../state/stores.ts';
import type { CommandSpec, Where } from './command-spec.ts';
import { canAcknowledge, takesAcknowledgements } from './subjects.ts';

const onList = ({ place }: Stores): boolean => place.getState().screen === 'list';
const hasRows = (stores: Stores): boolean => onList(stores) && (stores.feed.getState().total ?? 0) > 0;
/** Rows that are seen: not those of a list that the open contract covers. */
const canSelect = (stores: Stores): boolean => hasRows(stores) && !isFeedCovered();

/** What an action concerns; nothing while another screen is shown. */
function subjectsOf(stores: Stores, { ids }: Where): Subjects {
  if (!onList(stores)) return { ids: [], rows: [] };
  return ids ? stores.current.subjectsFor(ids) : stores.current.subjects();
}
const hasSubjects = (stores: Stores, where: Where): boolean => subjectsOf(stores, where).ids.length > 0;
const hasOneSubject = (stores: Stores, where: Where): boolean => subjectsOf(stores, where).ids.length === 1;

/** The row that a menu is for, or else that under the keyboard. */
function rowUnder(stores: Stores, { ids }: Where): string | undefined {
  const [id] = ids ?? [];
  return id ?? stores.cursor.row()?.contractId;
}

/** The contracts that a command would be done to; none where it is about something else. */
export function contractsOf(id: CommandId, stores: Stores, where: Where): readonly string[] {
  const row = specOf(id).onRow && onList(stores) ? rowUnder(stores, where) : undefined;
  if (row !== undefined) return [row];
  return specOf(id).onContracts ? subjectsOf(stores, where).ids : [];
}

function move(key: string) {
  return ({ current }: Stores): void => {
    if (current.move(key) && !isFeedCovered()) focusFeed();
  };
}

function extend(by: number) {
  return ({ cursor, feed }: Stores): Promise<void> => {
    const last = (feed.getState().total ?? 0) - 1;
    focusFeed();
    return cursor.extendTo(Math.min(last, Math.max(0, cursor.index() + by)));
  };
}

export function openView(stores: Stores, filter: ViewFilter): void {
  stores.place.go('list');
  stores.feed.open(filter);
  focusFeedSoon();
}

const goTo = (view: ViewName, keys: string): CommandSpec => ({
  group: 'go',
  keys: [keys],
  run: (stores) => openView(stores, { view, text: '' }),
});

const openSaved = (at: number): CommandSpec => ({
  group: 'go',
  keys: [String(at + 1)],
  keyOnly: true,
  when: ({ saved }) => at < saved.getState().views.length,
  run(stores) {
    const view = stores.saved.getState().views[at];
    if (view) openView(stores, view.filter);
  },
});

/** Sets a setting to this; not offered where it is so. */
const choose = <K extends keyof Settings>(setting: K, value: Settings[K]): CommandSpec => ({
  group: 'app',
  keys: [],
  when: ({ settings }) => settings.getState().settings[setting] !== value,
  run: ({ settings }) => settings.change({ [setting]: value }),
});

function openRowMenu(kind: 'actions' | 'snooze') {
  return (stores: Stores, where: Where): void => {
    const { ids } = subjectsOf(stores, where);
    stores.cursor.openMenu({ kind, ids, ...pointOfRow(where.inList ? stores.cursor.index() : null) });
  };
}

/** All that can be done in the window: keys, palette, menus and the cheat sheet take it from here. */
export const COMMANDS = {
  down: { group: 'move', keys: ['j'], repeats: true, keyOnly: true, when: hasRows, run: move('j') },
  up: { group: 'move', keys: ['k'], repeats: true, keyOnly: true, when: hasRows, run: move('k') },
  arrow_down: {
    group: 'move',
    keys: ['ArrowDown'],
    repeats: true,
    keyOnly: true,
    scope: 'list',
    when: hasRows,
    run: move('ArrowDown'),
  },
  arrow_up: {
    group: 'move',
    keys: ['ArrowUp'],
    repeats: true,
    keyOnly: true,
    scope: 'list',
    when: hasRows,
    run: move('ArrowUp'),
  },
  page_down: {
    group: 'move',
    keys: ['PageDown'],
    repeats: true,
    keyOnly: true,
    scope: 'list',
    when: hasRows,
    run: move('PageDown'),
  },
  page_up: {
    group: 'move',
    keys: ['PageUp'],
    repeats: true,
    keyOnly: true,
    scope: 'list',
    when: hasRows,
    run: move('PageUp'),
  },
  first: { group: 'move', keys: ['Home'], keyOnly: true, scope: 'list', when: hasRows, run: move('Home') },
  last: { group: 'move', keys: ['End'], keyOnly: true, scope: 'list', when: hasRows, run: move('End') },
  open: {
    group: 'move',
    keys: ['Enter', 'o'],
    scope: 'list',
    onRow: true,
    when: hasRows,
    run(stores, where) {
      const contractId = rowUnder(stores, where);
      if (contractId !== undefined) stores.current.open(contractId);
    },
  },
  close: {
    group: 'move',
    keys: ['Escape'],
    keyOnly: true,
    when: (stores) =>
      stores.cursor.getState().selected.size > 0 ||
      stores.contract.getState().openId !== null ||
      stores.place.getState().screen !== 'list',
    run({ cursor, contract, place }) {
      if (cursor.getState().selected.size > 0) cursor.clear();
      else if (place.getState().screen !== 'list') place.go('list');
      else contract.close();
      focusFeedSoon();
    },
  },
  show_new: {
    group: 'move',
    keys: ['n'],
    when: (stores) => onList(stores) && stores.feed.getState().waiting > 0,
    run({ feed, cursor, contract }) {
      feed.release();
      // What is open stays so: only the list goes to its top.
      if (contract.getState().openId === null) cursor.moveToTop();
      else cursor.reveal(0);
      focusFeed();
    },
  },

  select: {
    group: 'select',
    keys: ['x'],
    onRow: true,
    when: canSelect,
    run({ cursor, feed }, { ids }) {
      const [id] = ids ?? [];
      const asked = [...feed.getState().rows].find(([, row]) => row.contractId === id);
      cursor.toggle(asked ? asked[0] : cursor.index());
      focusFeed();
    },
  },
  extend_down: {
    group: 'select',
    keys: ['Shift+ArrowDown', 'Shift+J'],
    keyOnly: true,
    repeats: true,
    when: canSelect,
    run: extend(1),
  },
  extend_up: {
    group: 'select',
    keys: ['Shift+ArrowUp', 'Shift+K'],
    keyOnly: true,
    repeats: true,
    when: canSelect,
    run: extend(-1),
  },
  select_all: { group: 'select', keys: ['Mod+A'], when: canSelect, run: ({ cursor }) => cursor.selectAll() },

  read: {
    group: 'act',
    keys: ['u'],
    onContracts: true,
    when: hasSubjects,
    run(stores, where) {
      const { ids, rows } = subjectsOf(stores, where);
      return stores.contractActions.perform(ids, { do: 'read', read: rows.some((row) => row.unread > 0) });
    },
  },
  view_read: {
    group: 'act',
    keys: ['Shift+U'],
    when: hasRows,
    run({ feed, contractActions }) {
      const { viewId } = feed.getState();
      return viewId === null ? undefined : contractActions.markViewRead(viewId);
    },
  },
  acknowledge: {
    group: 'act',
    keys: ['a'],
    onContracts: true,
    when: (stores, where) =>
      takesAcknowledgements(stores.session.getState().session) &&
      subjectsOf(stores, where).rows.some(canAcknowledge),
    run: (stores, where) =>
      stores.contractActions.perform(subjectsOf(stores, where).ids, { do: 'acknowledge' }),
  },
  snooze: {
    group: 'act',
    keys: ['h'],
    onContracts: true,
    when: hasSubjects,
    run: openRowMenu('snooze'),
  },
  mute: {
    group: 'act',
    keys: ['m'],
    onContracts: true,
    when: hasSubjects,
    run(stores, where) {
      const { ids, rows } = subjectsOf(stores, where);
      return stores.contractActions.perform(ids, { do: 'mute', muted: rows.some((row) => !row.muted) });
    },
  },
  undo: {
    group: 'act',
    keys: ['z', 'Mod+Z'],
    when: ({ contractActions, contract }) =>
      contractActions.canUndo() || contract.getState().detail?.acknowledgement.state === 'held',
    run: ({ contractActions, contract }) =>
      contractActions.canUndo() ? contractActions.undo() : contract.undoAcknowledge(),
  },
  copy: {
    group: 'act',
    keys: ['c'],
    onContracts: true,
    when: hasOneSubject,
    run(stores, where) {
      const [id] = subjectsOf(stores, where).ids;
      return id === undefined ? undefined : stores.actions.copyReference(id);
    },
  },
  portal: {
    group: 'act',
    keys: ['p'],
    onContracts: true,
    when: hasOneSubject,
    run(stores, where) {
      const [id] = subjectsOf(stores, where).ids;
      return id === undefined ? undefined : stores.actions.openPortal(id);
    },
  },
  menu: {
    group: 'act',
    keys: ['Shift+F10', 'ContextMenu'],
    keyOnly: true,
    scope: 'list',
    when: hasSubjects,
    run: openRowMenu('actions'),
  },

  search: {
    group: 'find',
    keys: ['/', 'Mod+F'],
    run({ place }) {
      place.go('list');
      focusSearch();
    },
  },
  filter: {
    group: 'find',
    keys: ['f'],
    run({ place }) {
      place.go('list');
      place.show('filter');
    },
  },
  clear_filter: {
    group: 'find',
    keys: [],
    when: (stores) => onList(stores) && !isPlain(stores.feed.getState().filter),
    run: (stores) => openView(stores, { view: stores.feed.getState().filter.view, text: '' }),
  },
  save_view: {
    group: 'find',
    keys: ['Shift+S'],
    when: onList,
    run: ({ place }) => place.show('save_view'),
  },
  export_csv: {
    group: 'find',
    keys: ['e'],
    when: hasRows,
    run: ({ actions, feed }) => actions.exportView(feed.getState().filter, 'csv'),
  },
  export_json: {
    group: 'find',
    keys: [],
    when: hasRows,
    run: ({ actions, feed }) => actions.exportView(feed.getState().filter, 'json'),
  },

  go_all: goTo('all', 'g a'),
  go_unread: goTo('unread', 'g u'),
  go_action_required: goTo('action_required', 'g r'),
  go_waiting: goTo('waiting', 'g w'),
  go_overdue: goTo('overdue', 'g o'),
  go_due_soon: goTo('due_soon', 'g d'),
  go_snoozed: goTo('snoozed', 'g s'),
  go_muted: goTo('muted', 'g m'),
  overview: { group: 'go', keys: ['g v'], run: ({ place }) => place.go('overview') },
  saved_1: openSaved(0),
  saved_2: openSaved(1),
  saved_3: openSaved(2),
  saved_4: openSaved(3),
  saved_5: openSaved(4),
  saved_6: openSaved(5),
  saved_7: openSaved(6),
  saved_8: openSaved(7),
  saved_9: openSaved(8),

  palette: {
    group: 'app',
    keys: ['Mod+K'],
    scope: 'always',
    keyOnly: true,
    run({ place }) {
      if (place.getState().overlay === 'palette') place.hide('palette');
      else place.show('palette');
    },
  },
  keys: { group: 'app', keys: ['?'], run: ({ place }) => place.show('keys') },
  settings: { group: 'app', keys: ['Mod+,'], scope: 'always', run: ({ place }) => place.show('settings') },
  away: { group: 'app', keys: [], run: ({ place }) => place.show('away') },
  sidebar: { group: 'app', keys: ['['], run: ({ layout }) => layout.toggleSidebar() },
  support: { group: 'app', keys: [], run: ({ notice }) => notice.copyDiagnostics() },
  retry: { group: 'app', keys: [], run: ({ connection }) => connection.retryNow() },
  theme_dark: choose('theme', 'dark'),
  theme_light: choose('theme', 'light'),
  theme_system: choose('theme', 'system'),
  density_compact: choose('density', 'compact'),
  density_comfortable: choose('density', 'comfortable'),
  language_en: choose('language', 'en'),
  language_ru: choose('language', 'ru'),
  back_up: {
    group: 'app',
    keys: [],
    run({ place, backup }) {
      // How it ended is told there.
      place.show('settings');
      return backup.backUp();
    },
  },
  restore: {
    group: 'app',
    keys: [],
    run({ place, backup }) {
      place.show('settings');
      return backup.choose();
    },
  },
  sign_out: { group: 'app', keys: [], run: ({ leave }) => leave.ask('sign_out') },
  erase: { group: 'app', keys: [], run: ({ leave }) => leave.ask('erase') },
} as const satisfies Readonly<Record<string, CommandSpec>>;

export type CommandId = keyof typeof COMMANDS;
export const COMMAND_IDS = Object.keys(COMMANDS) as readonly CommandId[];

export function specOf(id: CommandId): CommandSpec {
  return COMMANDS[id];
}
