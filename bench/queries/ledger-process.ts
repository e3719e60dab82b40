import { openLedger } from '../../electron/ledger/open-ledger.ts';
import type { Account, Ledger } from '../../electron/ledger/types.ts';
import type { StreamItem } from '../../electron/stream/types.ts';
import { eventName } from '../../protocol/control.ts';
import type { ViewFilter, ViewRange } from '../../protocol/view.ts';
import { completeOptions, DEMO_USERS } from '../../server-mock/options.ts';
import { createRandom } from '../../server-mock/random.ts';
import { createWorld } from '../../server-mock/world.ts';
import { answerParent } from '../harness/child.ts';
import { QUESTIONS, type Filled, type LedgerRequest, type Question } from './questions.ts';

type FillRequest = Extract<LedgerRequest, { kind: 'fill' }>;

/** One ledger, filled with the simulator's events as the stream brings them, and asked as the window asks. */

const APPEND = 5_000;
const PAGE = 50;
const VIEW_ID = 1;
const users = DEMO_USERS.slice(0, 1);
const userId = users[0]?.id ?? '';
const random = createRandom(1);

let ledger: Ledger;
let account: Account;
let contractIds: readonly string[] = [];
let total = 0;

async function fill({ path, contracts, events, withinS }: FillRequest): Promise<Filled> {
  const startedAt = performance.now();
  ledger = await openLedger({
    path,
    workerUrl: new URL('../../electron/ledger/worker.ts', import.meta.url),
    now: Date.now,
  });
  if (ledger.problem !== null) throw new Error(ledger.problem.detail);
  const server = 'http://127.0.0.1';
  account = await ledger.account({ server, userId, userName: 'Anna', locale: 'en' });
  const { accountId } = account;
  await ledger.beginSnapshot(accountId, { asOf: null, at: new Date().toISOString() });
  await ledger.finishSnapshot(accountId, Date.now());

  const world = createWorld(completeOptions({ users, contracts, retention: 5_000_000 }), Date.now);
  const log = world.log(userId);
  const name = eventName(userId, 'ContractStatusChanged');
  let next = 0;
  while (next < events && performance.now() - startedAt < withinS * 1000) {
    world.advance(Math.min(APPEND, events - log.record.length), userId);
    const items: StreamItem[] = [];
    for (; next < log.record.length; next++) {
      items.push({ kind: 'event', id: log.record[next]?.id ?? null, name, data: log.json(next) });
    }
    await ledger.append(accountId, items, Date.now());
  }
  const head = { head: log.head(), at: new Date().toISOString() };
  const headName = eventName(userId, 'StreamHead');
  const item: StreamItem = { kind: 'event', id: null, name: headName, data: JSON.stringify(head) };
  await ledger.append(accountId, [item], Date.now());

  contractIds = [...new Set(log.record.map((event) => event.data.contract.id))];
  const stored = await ledger.diagnostics();
  ({ total } = await ledger.readView(accountId, { view: 'all', text: '' }, { offset: 0, limit: 1 }));
  if (stored.events !== next || total !== contractIds.length) {
    throw new Error(`${stored.events} of ${next} events and ${total} contracts are in the ledger`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return { contracts: total, events: next, fileBytes: stored.fileBytes, seconds };
}

async function askOnce(question: Question, turn: number): Promise<void> {
  const { accountId } = account;
  switch (question.kind) {
    case 'view': {
      const text = question.texts[turn % question.texts.length] ?? '';
      const filter: ViewFilter = { view: question.view, text };
      await ledger.readView(accountId, filter, rangeAt(question.at));
      return;
    }
    case 'hold': {
      const filter: ViewFilter = { view: 'all', text: '' };
      await ledger.holdView(accountId, VIEW_ID, filter);
      await ledger.readHeld(accountId, VIEW_ID, rangeAt(0));
      await ledger.releaseView(VIEW_ID);
      return;
    }
    case 'contract':
      await ledger.contract(accountId, random.pick(contractIds));
      return;
    case 'receipt':
      await ledger.receipt(accountId, Date.now() - 3_600_000);
  }
}

function rangeAt(share: number): ViewRange {
  return { offset: Math.floor(Math.max(0, total - PAGE) * share), limit: PAGE };
}

/** Milliseconds each, from the call to its answer here: what the window would wait for. */
async function ask(question: string, times: number): Promise<readonly number[]> {
  const found = QUESTIONS[question];
  if (found === undefined) throw new Error(`There is no question "${question}".`);
  const latencies: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    const startedAt = performance.now();
    await askOnce(found, turn);
    latencies.push(performance.now() - startedAt);
  }
  return latencies;
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
