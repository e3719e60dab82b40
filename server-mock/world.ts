import type { StatusChanged } from '../protocol/event.ts';
import { isStatusCode, STATUSES } from '../protocol/statuses.ts';
import { createUserLog } from './log.ts';
import type { UserLog } from './log.ts';
import { createRandom } from './random.ts';
import { ageContract, makeContract } from './simulator/contracts.ts';
import type { ContractState } from './simulator/contracts.ts';
import {
  amendContract,
  chooseNext,
  isAtEnd,
  makeActor,
  makeReason,
  needsAction,
  needsReason,
} from './simulator/walk.ts';
import type { PublishOptions, ServerOptions } from './types.ts';

function contractId(number: number): string {
  return `C-2026-${String(number).padStart(4, '0')}`;
}

/** All contracts, who follows them, and each follower's log. */
export interface World {
  log(userId: string): UserLog;
  followed(userId: string): readonly ContractState[];
  /** The contract if this user follows it. */
  contractOf(userId: string, contractId: string): ContractState | undefined;
  /** One event as the test says; returns this user's copy. Every other follower gets theirs. */
  publish(userId: string, wish: PublishOptions): StatusChanged;
  /** `count` simulated changes of this user's contracts or of anybody's; the events of all followers asked for. */
  advance(count: number, userId?: string): readonly StatusChanged[];
  /** Called with the user's id after each append. */
  onAppend(listener: (userId: string) => void): void;
}

const BACKLOG_SPAN_MS = 60 * 86_400_000;
/** Every fourth contract is followed by all users, so that versions move by other people's logs too. */
const SHARED_EVERY = 4;

export function createWorld(options: ServerOptions, now: () => number): World {
  const random = createRandom(options.seed);
  const userIds = options.users.map((user) => user.id);
  const logs = new Map(userIds.map((id) => [id, createUserLog(id, options.retention, options.foreign)]));
  const contracts = new Map<string, ContractState>();
  const followed = new Map<string, ContractState[]>(userIds.map((id) => [id, []]));
  // Contracts that can still move, for the simulator's choice; `null` stands for all users.
  const moving = new Map<string | null, ContractState[]>([
    [null, []],
    ...userIds.map((id): [string, ContractState[]] => [id, []]),
  ]);
  const listeners: ((userId: string) => void)[] = [];
  let lastNumber = 0;

  function log(userId: string): UserLog {
    const found = logs.get(userId);
    if (!found)
      throw new RangeError(`There is no user with the id ${userId}; there are: ${userIds.join(', ')}.`);
    return found;
  }

  function addContract(followers: readonly string[], atMs: number, wishedId?: string): ContractState {
    if (wishedId === undefined)
      do lastNumber += 1;
      while (contracts.has(contractId(lastNumber)));
    const state = makeContract(random, wishedId ?? contractId(lastNumber), followers, atMs);
    contracts.set(state.contract.id, state);
    moving.get(null)?.push(state);
    for (const userId of followers) {
      followed.get(userId)?.push(state);
      moving.get(userId)?.push(state);
    }
    return state;
  }

  function retire(state: ContractState): void {
    for (const key of [null, ...state.followers]) {
      const list = moving.get(key) as ContractState[];
      const index = list.indexOf(state);
      const last = list.pop();
      if (last && last !== state && index >= 0) list[index] = last;
    }
  }

  /** A contract that nobody else follows: a test that names none then disturbs no other user. */
  function pickAlone(userId: string): ContractState {
    const list = moving.get(userId) ?? [];
    for (let attempt = 0; attempt < 32 && list.length > 0; attempt += 1) {
      const state = random.pick(list);
      if (state.followers.length > 1) continue;
      if (!isAtEnd(state)) return state;
      retire(state);
    }
    return addContract([userId], now());
  }

  function follow(userId: string, wishedId: string): ContractState {
    const state = contracts.get(wishedId);
    if (!state) return addContract([userId], now(), wishedId);
    if (!state.followers.includes(userId)) {
      state.followers.push(userId);
      followed.get(userId)?.push(state);
      moving.get(userId)?.push(state);
    }
    return state;
  }

  function append(state: ContractState, wish: PublishOptions, atMs: number): readonly StatusChanged[] {
    const isFirst = state.contract.version === 0;
    const to = wish.to ?? (isFirst ? 'draft' : chooseNext(random, state));
    const from = wish.from ?? (isFirst ? null : state.status);
    amendContract(random, state, to, atMs);
    const [first, ...others] = state.contract.counterparties;
    state.contract = {
      ...state.contract,
      version: state.contract.version + 1,
      ...(wish.title === undefined ? {} : { title: wish.title }),
      ...(wish.counterparty === undefined
        ? {}
        : { counterparties: [{ ...first, id: first?.id ?? 'p0', name: wish.counterparty }, ...others] }),
    };
    if (wish.counterparties !== undefined) {
      const counterparties = wish.counterparties.map((name, at) => ({
        id: `p${at}`,
        name,
        role: 'supplier',
      }));
      state.contract = { ...state.contract, counterparties };
    }
    if (wish.amount !== undefined) state.contract = { ...state.contract, amount: wish.amount };
    if (wish.dueAt !== undefined) state.contract = { ...state.contract, dueAt: wish.dueAt };
    const made = makeActor(random, state, to);
    const actor = wish.actor === undefined ? made : { ...made, id: `a-${wish.actor}`, name: wish.actor };
    const reason =
      wish.reason !== undefined
        ? { code: 'other', text: wish.reason }
        : needsReason(to)
          ? makeReason(random, state)
          : null;
    const actionRequired = wish.actionRequired ?? needsAction(random, to);
    const severity = wish.severity ?? (isStatusCode(to) ? STATUSES[to].severity : 'info');
    if (to === 'on_hold' && state.status !== 'on_hold') state.beforeHold = state.status;
    Object.assign(state, { status: to, since: new Date(atMs).toISOString(), severity, actionRequired });
    const data = { contract: state.contract, change: { from, to, actor, reason }, severity, actionRequired };
    const events = state.followers.map((userId) => log(userId).append(data, state.since));
    for (const userId of state.followers) for (const listener of listeners) listener(userId);
    return events;
  }

  /** The simulator's next change among these contracts; one at its end is replaced by a new one. */
  function step(userId: string | null, atMs: number): readonly StatusChanged[] {
    const list = moving.get(userId) as ContractState[];
    const chosen = list.length > 0 ? random.pick(list) : undefined;
    if (!chosen) return append(addContract([userId ?? random.pick(userIds)], atMs), {}, atMs);
    if (!isAtEnd(chosen)) return append(chosen, {}, atMs);
    retire(chosen);
    return append(addContract(chosen.followers, atMs), {}, atMs);
  }

  function populate(): void {
    const start = options.historyEnd - (options.backlog > 0 ? BACKLOG_SPAN_MS : 0);
    for (let slot = 0; slot < options.contracts; slot += 1) {
      const groups = slot % SHARED_EVERY === SHARED_EVERY - 1 ? [userIds] : userIds.map((id) => [id]);
      for (const followers of groups) ageContract(random, addContract(followers, start), start);
    }
    for (let index = 0; index < options.backlog; index += 1) {
      const at = start + (BACKLOG_SPAN_MS * (index + random.next())) / options.backlog;
      step(null, Math.floor(at));
    }
  }
  populate();

  return {
    log,
    followed: (userId) => followed.get(userId) ?? [],
    contractOf(userId, id) {
      const state = contracts.get(id);
      return state?.followers.includes(userId) ? state : undefined;
    },
    publish(userId, wish) {
      const own = log(userId);
      append(
        wish.contractId === undefined ? pickAlone(userId) : follow(userId, wish.contractId),
        wish,
        now(),
      );
      return own.record[own.record.length - 1] as StatusChanged;
    },
    advance(count, userId) {
      if (userId !== undefined) log(userId);
      const events: StatusChanged[] = [];
      for (let index = 0; index < count; index += 1) {
        for (const event of step(userId ?? null, now())) {
          if (userId === undefined || event.source === `/streams/${userId}`) events.push(event);
        }
      }
      return events;
    },
    onAppend(listener) {
      listeners.push(listener);
    },
  };
}
