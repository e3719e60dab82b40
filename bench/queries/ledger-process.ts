import { openLedger } from '../../electron/ledger/worker/open-ledger.ts';
import { WORKER_URL } from '../../electron/ledger/testing/worker-url.ts';
import type { Account, Ledger } from '../../electron/ledger/types.ts';
import type { StreamItem } from '../../electron/stream/types.ts';
import { eventName } from '../../protocol/control.ts';
import type { ViewFilter } from '../../protocol/filter.ts';
import type { ViewRange } from '../../protocol/view.ts';
import { completeOptions, DEMO_USERS } from '../../server-mock/options.ts';
import { createRandom } from '../../server-mock/random.ts';
import { createWorld, type World } from '../../server-mock/world.ts';
import { answerParent } from '../harness/child.ts';
import { QUESTIONS, SAVED, type Asked, type Filled, type LedgerRequest, type Question } from './questions.ts';

type FillRequest = Extract<LedgerRequest, { kind: 'fill' }>;

/** One ledger, filled with the simulator's events as the stream brings them, and asked as the window asks. */

const APPEND = 5_000;
const PAGE = 50;
const VIEW_ID = 1;
/** The app's receipt counts from midnight, the same all day. */
const DAY_START = Date.now() - 3_600_000;
const EVERYTHING: ViewFilter = { view: 'all', text: '' };
const users = DEMO_USERS.slice(0, 1);
const userId = users[0]?.id ?? '';
const random = createRandom(1);

let path: string;
let world: World;
let ledger: Ledger;
let account: Account;
/** Events of the world that were appended. */
let appended = 0;
let contractIds: readonly string[] = [];
let total = 0;

async function open(): Promise<void> {
  ledger = await openLedger({
    path,
    workerUrl: WORKER_URL,
    now: Date.now,
  });
  if (ledger.problem !== null) throw new Error(ledger.problem.detail);
  const server = 'http://127.0.0.1';
  account = await ledger.account({ server, userId, userName: 'Anna', locale: 'en' });
}

/** Lets `count` changes happen, and stores them. */
async function advance(count: number): Promise<void> {
  world.advance(count, userId);
  const log = world.log(userId);
  const name = eventName(userId, 'ContractStatusChanged');
  const items: StreamItem[] = [];
  for (; appended < log.record.length; appended++) {
    items.push({ kind: 'event', id: log.record[appended]?.id ?? null, name, data: log.json(appended) });
  }
  await ledger.append(account.accountId, items, Date.now());
}

/** All words are in the search's index, as they are soon after a flood. */
async function settle(): Promise<void> {
  for (;;) {
    const { done } = await ledger.maintain({ maxAgeMs: null, maxBytes: null }, Date.now());
    if (done) return;
  }
}

async function fill({ path: file, contracts, events, withinS }: FillRequest): Promise<Filled> {
  const startedAt = performance.now();
  path = file;
  await open();
  const { accountId } = account;
  await ledger.beginSnapshot(accountId, { asOf: null, at: new Date().toISOString() });
  await ledger.finishSnapshot(accountId, Date.now());

  world = createWorld(completeOptions({ users, contracts, retention: 5_000_000 }), Date.now);
  const log = world.log(userId);
  while (appended < events && performance.now() - startedAt < withinS * 1000) {
    await advance(Math.min(APPEND, events - log.record.length));
  }
  const head = { head: log.head(), at: new Date().toISOString() };
  const headName = eventName(userId, 'StreamHead');
  const item: StreamItem = { kind: 'event', id: null, name: headName, data: JSON.stringify(head) };
  await ledger.append(accountId, [item], Date.now());

  contractIds = [...new Set(log.record.map((event) => event.data.contract.id))];
  const stored = await ledger.diagnostics();
  ({ total } = await ledger.readView(accountId, { view: 'all', text: '' }, { offset: 0, limit: 1 }));
  if (stored.events !== appended || total !== contractIds.length) {
    throw new Error(`${stored.events} of ${appended} events and ${total} contracts are in the ledger`);
  }
  const some = contractIds.filter((_, i) => i % 50 === 0);
  for (let from = 0; from < some.length; from += APPEND) {
    const part = some.slice(from, from + APPEND);
    await ledger.perform(accountId, part, { do: 'mute', muted: true }, Date.now());
  }
  for (const [i, filter] of SAVED.entries()) {
    await ledger.saveView(accountId, { savedId: null, name: `View ${i}`, filter });
  }
  await settle();
  const seconds = (performance.now() - startedAt) / 1000;
  return { contracts: total, events: appended, fileBytes: stored.fileBytes, seconds };
}

async function askOnce(question: Question, turn: number): Promise<void> {
  const { accountId } = account;
  const filterOf = (filters: readonly ViewFilter[]): ViewFilter =>
    filters[turn % filters.length] ?? { view: 'all', text: '' };
  switch (question.kind) {
    case 'view':
      await ledger.readView(accountId, filterOf(question.filters), rangeAt(question.at));
      return;
    case 'hold': {
      const filter = filterOf(question.filters);
      await ledger.holdView(accountId, VIEW_ID, filter);
      const view = { viewId: VIEW_ID, filter, range: rangeAt(0), held: true };
      await ledger.tellView(accountId, view, 'whole');
      await ledger.releaseView(VIEW_ID);
      return;
    }
    case 'select':
      await ledger.viewIds(accountId, VIEW_ID, EVERYTHING, {
        offset: Math.floor(total / 2),
        count: 5_000,
      });
      return;
    case 'facets':
      await ledger.facets(accountId, question.texts[turn % question.texts.length] ?? '');
      return;
    case 'saved':
      await ledger.savedViews(accountId);
      return;
    case 'start':
      await ledger.readView(accountId, EVERYTHING, rangeAt(0));
      return;
    case 'contract':
      await ledger.contract(accountId, random.pick(contractIds));
      return;
    case 'receipt':
      await ledger.receipt(accountId, DAY_START);
  }
}

function rangeAt(share: number): ViewRange {
  return { offset: Math.floor(Math.max(0, total - PAGE) * share), limit: PAGE };
}

async function ask(question: string, times: number): Promise<readonly Asked[]> {
  const found = QUESTIONS[question];
  if (found === undefined) throw new Error(`There is no question "${question}".`);
  const asked: Asked[] = [];
  for (let turn = 0; turn < times; turn++) {
    if (found.kind === 'start') {
      await ledger.close();
      await open();
    }
    // As while events arrive: nothing is answered as it was before.
    else await advance(1);
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    await askOnce(found, turn);
    const { user, system } = process.cpuUsage(cpuBefore);
    asked.push({ ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 });
  }
  return asked;
}

answerParent((message) => {
  const request = message as LedgerRequest;
  switch (request.kind) {
    case 'fill':
      return fill(request);
    case 'ask':
      return ask(request.question, request.times);
    case 'close':
      return ledger.close();
  }
});
