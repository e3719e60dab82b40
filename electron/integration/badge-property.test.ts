import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ContractAction } from '../../protocol/actions.ts';
import type { MessageChannel, MessageMap } from '../../protocol/ipc.ts';
import { TELLING, VIEW_RULES, type ViewFilter, type ViewRule } from '../../protocol/filter.ts';
import { unfoldMessage, type ContractRow, type ViewBatch, type ViewMessage } from '../../protocol/view.ts';
import { createApp } from './oracle/app.ts';
import { seeded } from './oracle/seeded.ts';
import { createVirtualClock } from './oracle/virtual-clock.ts';
import { createWire } from './oracle/wire.ts';
import { createWorldServer } from './oracle/world-server.ts';
import { WORK_FOLDER } from './oracle/work-folder.ts';
import { PROPERTY_SEED } from './seed.ts';

const worlds = Number(process.env['BADGE_WORLDS'] ?? 1);
const fresh = process.env['FRESH_SEEDS'] === '1' ? PROPERTY_SEED % 100_000_000 : 1;
const first = Number(process.env['BADGE_FIRST'] ?? fresh);
const ACTIONS = 1_000;

const START = Date.parse('2026-11-23T10:00:00Z');
const MINUTE = 60_000;
/** Longer than the window is told anything later than it happens. */
const SOON_MS = 1_000;
const TRAITS = {
  ids: 'own',
  heads: true,
  heartbeatMs: 15_000,
  snapshot: true,
  history: true,
  replay: true,
  polls: true,
  acknowledges: true,
  preview: true,
} as const;
const NEEDING: ViewFilter = { view: 'action_required', text: '' };

/**
 * By the rules of the domain, from what the ledger's file says: a contract needs the user whose latest change requires an action that
 * nobody has taken on, unless it was put aside for a while. Outside the window it counts unless it is muted, or lies in a
 * view that is not told and in none that says more.
 */
const NEEDS = `
  WITH needs AS (
    SELECT contract_id, muted, to_status, unread FROM contract
    WHERE coalesce((SELECT action_required FROM event WHERE event.contract_rowid = contract.contract_rowid
        AND event.version = contract.version ORDER BY position DESC LIMIT 1), action_required) = 1
      AND NOT (ack_version IS version AND coalesce(ack_state, '') IN ('held', 'sending', 'sent'))
      AND snoozed_until IS NULL),
  told AS (
    SELECT contract_id, notify FROM needs, saved_view WHERE notify <> 'usual'
      AND (json_extract(filter, '$.view') = 'all' OR (unread > 0 AND muted = 0))
      AND (json_extract(filter, '$.conditions.statuses') IS NULL
        OR to_status IN (SELECT value FROM json_each(filter, '$.conditions.statuses'))))
  SELECT contract_id AS id, muted = 0 AND (
      NOT EXISTS (SELECT 1 FROM told WHERE told.contract_id = needs.contract_id AND notify = 'not')
      OR EXISTS (SELECT 1 FROM told WHERE told.contract_id = needs.contract_id AND notify IN ('toast', 'quietly'))) AS counts
  FROM needs ORDER BY contract_id`;

interface Needing {
  readonly id: string;
  readonly counts: number;
}

/** Saved views that share contracts. */
const VIEWS: readonly {
  readonly name: string;
  readonly filter: ViewFilter;
  isIn(row: ContractRow): boolean;
}[] = [
  {
    name: 'Early',
    filter: { view: 'all', text: '', conditions: { statuses: ['draft', 'in_review', 'approved'] } },
    isIn: (row) => ['draft', 'in_review', 'approved'].includes(row.to),
  },
  {
    name: 'To sign',
    filter: { view: 'all', text: '', conditions: { statuses: ['approved', 'sent', 'viewed'] } },
    isIn: (row) => ['approved', 'sent', 'viewed'].includes(row.to),
  },
  { name: 'New', filter: { view: 'unread', text: '' }, isIn: (row) => row.unread > 0 && !row.muted },
];

/** The window's list of what needs the user, as it is told it. */
function createList() {
  const known = new Map<string, ContractRow>();
  let batch: ViewBatch | null = null;
  function take(next: ViewBatch): void {
    batch = next;
    for (const row of next.rows) known.set(row.key, row);
  }
  return {
    take,
    receive<C extends MessageChannel>(channel: C, message: MessageMap[C]): MessageMap[C] {
      if (channel !== 'view:batch') return message;
      const told = message as ViewMessage;
      if (told.viewId !== batch?.viewId) return message;
      const whole = unfoldMessage(told, known);
      if (whole === null) throw new Error('a row was told by its key that had never been told whole');
      take(whole);
      return message;
    },
    rows: () => batch?.rows ?? [],
    viewId: () => batch?.viewId ?? 0,
  };
}

interface Played {
  readonly wrong: readonly string[];
  /** The highest badge. */
  readonly most: number;
  /** How often the server had something to say of it as well. */
  readonly compared: number;
}

/** Plays one world; what is not as it should be, with what was done before. */
async function playWorld(seed: number): Promise<Played> {
  const folder = mkdtempSync(join(WORK_FOLDER, 'pulse-badge-'));
  const clock = createVirtualClock(START);
  const random = seeded(seed);
  const below = (bound: number): number => Math.floor(random() * bound);
  const server = createWorldServer(TRAITS, clock, random);
  const wire = createWire(clock, 40, (request, reply) => server.serve(request, reply));
  const list = createList();
  const app = createApp({
    folder,
    clock,
    wire,
    random: seeded(seed + 1),
    tampering: { message: list.receive },
  });
  const rules = new Map<string, ViewRule>();
  let undoIds: number[] = [];
  const trace: string[] = [];
  const ask: typeof app.ask = async (channel, argument) => {
    const answer = app.ask(channel, argument);
    await app.finish(answer);
    return answer;
  };
  const pick = (): string => `C-${1 + below(6)}`;
  const pass = (ms: number): Promise<void> => clock.pass(ms, app.settle);

  async function openList(): Promise<void> {
    const batch = await ask('view:open', { filter: NEEDING, range: { offset: 0, limit: 100 } });
    if (batch !== null) list.take(batch);
  }

  async function perform(action: ContractAction, contractIds = [pick(), pick()]): Promise<void> {
    trace.push(`${JSON.stringify(action)} ${contractIds.join()}`);
    const done = await ask('actions:perform', { contractIds, action });
    if (done !== null && done.undoId !== null) undoIds.push(done.undoId);
  }

  async function restart(how: 'quit' | 'kill'): Promise<void> {
    trace.push(how);
    if (how === 'kill') app.kill();
    else await app.quit();
    undoIds = [];
    if (below(2) === 0) server.publish();
    await app.start();
    await pass(SOON_MS);
    await openList();
  }

  function publish(contractId = pick()): void {
    const { version, to, actionRequired } = server.publish({ contractId });
    trace.push(`${contractId}v${version} ${to}${actionRequired ? ' needs the user' : ''}`);
  }

  const things: readonly (() => unknown)[] = [
    publish,
    publish,
    publish,
    () => [publish(), publish(), publish()],
    () => perform({ do: 'read', read: true }),
    () => perform({ do: 'read', read: false }),
    () => perform({ do: 'mute', muted: true }),
    () => perform({ do: 'mute', muted: false }),
    () => perform({ do: 'snooze', until: clock.now() + below(5) * MINUTE }),
    () => perform({ do: 'snooze', until: null }),
    () => perform({ do: 'unsnooze' }),
    () => perform({ do: 'acknowledge' }),
    () => perform({ do: 'acknowledge' }),
    async () => {
      const [undoId] = undoIds.splice(below(Math.max(1, undoIds.length)), 1);
      trace.push(`undo ${undoId}`);
      if (undoId !== undefined) await ask('actions:undo', { undoId });
    },
    async () => {
      const contractId = pick();
      trace.push(`takes back ${contractId}`);
      await ask('contract:undoAcknowledge', { contractId });
    },
    () => {
      const contractId = pick();
      trace.push(`taken on elsewhere ${contractId}`);
      server.takeOnElsewhere(contractId);
    },
    () => {
      const contractId = pick();
      trace.push(`handed back elsewhere ${contractId}`);
      server.handBackElsewhere(contractId);
    },
    async () => {
      trace.push('all read');
      const done = await ask('view:markRead', { viewId: list.viewId() });
      if (done !== null && done.undoId !== null) undoIds.push(done.undoId);
    },
    async () => {
      const { name, filter } = VIEWS[below(VIEWS.length)] ?? VIEWS[0]!;
      const notify = VIEW_RULES[below(VIEW_RULES.length)] ?? 'usual';
      trace.push(`${name}: ${notify}`);
      const saved = (await ask('savedViews:read', undefined)) ?? [];
      const { savedId = null } = saved.find((view) => view.name === name) ?? {};
      if (savedId !== null && below(4) === 0) {
        rules.delete(name);
        await ask('savedViews:remove', { savedId });
      } else {
        rules.set(name, notify);
        await ask('savedViews:save', { savedId, name, filter, notify });
      }
    },
    () => pass(below(3) * MINUTE),
    () => {
      wire.faults.offline = !wire.faults.offline;
      trace.push(wire.faults.offline ? 'no network' : 'the network');
      wire.cutOpen();
      app.wake('network');
    },
    () => restart(below(2) === 0 ? 'quit' : 'kill'),
  ];

  function ruleOf(row: ContractRow): ViewRule {
    const said = VIEWS.filter((view) => view.isIn(row)).map(({ name }) => rules.get(name) ?? 'usual');
    return TELLING.find((rule) => said.includes(rule)) ?? 'usual';
  }

  const shownIds = (): string =>
    list
      .rows()
      .map((row) => row.contractId)
      .sort()
      .join();

  /** What differs now; null for nothing. */
  function look(): string | null {
    const file = app.db()!.prepare(NEEDS).all() as unknown as readonly Needing[];
    const counted = list.rows().filter((row) => !row.muted && ruleOf(row) !== 'not');
    const all = {
      badge: app.shown.badge,
      besides: app.shown.untold,
      rows: counted.length,
      shown: shownIds(),
    };
    const should = {
      badge: file.filter((row) => row.counts === 1).length,
      besides: file.filter((row) => row.counts === 0).length,
      rows: file.filter((row) => row.counts === 1).length,
      shown: file.map((row) => row.id).join(),
    };
    const [said, so] = [JSON.stringify(all), JSON.stringify(should)];
    return said === so ? null : `says ${said}, the file ${so}`;
  }

  /** What of the file is not as the server has it, where both have told each other everything; null for nothing. */
  function compare(): string | null {
    const count = (sql: string): unknown => Object.values(app.db()!.prepare(sql).get() as object)[0];
    if (wire.faults.offline || app.shown.connection?.state.phase !== 'live') return null;
    if (count(`SELECT count(*) FROM outbox WHERE state IN ('held', 'sending')`) !== 0) return null;
    compared += 1;
    const snoozed = app
      .db()!
      .prepare('SELECT contract_id AS id FROM contract WHERE snoozed_until IS NOT NULL')
      .all() as unknown as readonly { readonly id: string }[];
    const away = new Set(snoozed.map(({ id }) => id));
    const needs = [...server.contracts().values()]
      .filter(({ last, version, acknowledged }) => last.actionRequired && acknowledged !== version)
      .flatMap(({ contractId }) => (away.has(contractId) ? [] : [contractId]));
    const said = shownIds();
    const so = needs.sort().join();
    return said === so ? null : `says ${said}, the server ${so}`;
  }

  let most = 0;
  let compared = 0;
  const wrong: string[] = [];
  try {
    for (let count = 0; count < 5; count += 1) server.publish();
    await app.start();
    await app.signIn();
    await pass(SOON_MS);
    await openList();
    for (let action = 1; action <= ACTIONS && wrong.length === 0; action += 1) {
      await things[below(things.length)]?.();
      await pass(SOON_MS);
      const differs = look() ?? compare();
      if (differs !== null) wrong.push(`after action ${action}: ${differs}`, ...trace.slice(-25));
      most = Math.max(most, app.shown.badge);
    }
    return { wrong, most, compared };
  } finally {
    app.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

test(
  `after each of ${ACTIONS} random actions the badge is the rows, and both are what the file says: ${worlds} times`,
  { timeout: 60_000 + worlds * 30_000 },
  async () => {
    for (let world = first; world < first + worlds; world += 1) {
      const { wrong, most, compared } = await playWorld(world);
      const again = `BADGE_FIRST=${world} npx vitest run electron/integration/badge-property.test.ts`;
      expect(wrong, again).toEqual([]);
      expect(most).toBeGreaterThan(0);
      expect(compared).toBeGreaterThan(ACTIONS / 10);
    }
  },
);
