import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { openCore, type LedgerCore } from './core.ts';
import type { StreamItem } from '../../stream/types.ts';
import { toLedgerError } from '../storage/errors.ts';
import type { Answer, Call, Chunk, WorkerData } from './messages.ts';
import { METHODS } from './methods.ts';
import { LedgerError } from '../types.ts';

/** How long nobody has asked for anything before it counts as a pause: within a flood the next batch is there sooner. Ms. */
const PAUSE_MS = 5;
/** How long nobody has asked for anything before the thread looks after itself. Ms. */
const IDLE_MS = 100;

/** The ledger's thread: calls are run one after another, in the order they came, but what a person waits for does not wait for an append. */
function serve(port: MessagePort, data: WorkerData): void {
  const post = (answer: Answer): void => port.postMessage(answer);
  const queue: Call[] = [];
  /** Chunks that came among those of another batch. */
  const batches = new Map<number, Chunk[]>();
  /** By how much the client's clock is ahead of this thread's, as the latest call told. Ms. */
  let ahead = data.now - performance.now();
  const backups = new Set<Promise<void>>();
  let running = false;
  let ended = false;
  let idle: ReturnType<typeof setTimeout> | undefined;

  const core: LedgerCore = openCore({
    path: data.path,
    now: () => Math.round(ahead + performance.now()),
    elapsed: () => performance.now(),
    yieldToUrgent,
    hasUrgent,
    onProblem: (problem) => post({ kind: 'problem', problem }),
  });

  function take(call: Call): void {
    ahead = call.at - performance.now();
    queue.push(call);
  }

  const isUrgent = ({ method }: Call): boolean => METHODS[method].urgent === true;

  /** Within a transaction no message event comes, so the calls are fetched; they keep their order. */
  function hasUrgent(): boolean {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
      take((next as { readonly message: Call }).message);
    }
    return queue.some(isUrgent);
  }

  /** The next chunk of this batch. Chunks of others are kept until their turn comes. */
  function nextChunk(batch: number): Chunk {
    const kept = batches.get(batch)?.shift();
    if (kept) return kept;
    for (;;) {
      const next = receiveMessageOnPort(data.items) as { readonly message: Chunk } | undefined;
      if (!next) throw new LedgerError('unknown', 'Items were lost on their way to the ledger.');
      const chunk = next.message;
      if (chunk.batch === batch) return chunk;
      if (chunk.end === 'dropped') batches.delete(chunk.batch);
      else batches.set(chunk.batch, [...(batches.get(chunk.batch) ?? []), chunk]);
    }
  }

  function* itemsOf(batch: number): Generator<StreamItem, void> {
    for (;;) {
      const { items, end } = nextChunk(batch);
      yield* items;
      if (end !== null) return;
    }
  }

  async function append(accountId: number, receivedAt: number, batch: number): Promise<unknown> {
    const items = itemsOf(batch);
    try {
      return await core.append(accountId, items, receivedAt);
    } finally {
      // What an append that failed has left behind.
      while (items.next().done !== true);
      batches.delete(batch);
    }
  }

  function perform({ method, args }: Call): unknown {
    if (method === 'append') return append(...(args as Parameters<typeof append>));
    return (core[method] as (...args: readonly unknown[]) => unknown)(...args);
  }

  async function run(call: Call): Promise<void> {
    try {
      const value = await perform(call);
      post({ kind: 'result', id: call.id, value });
    } catch (error) {
      const { code, failure } = toLedgerError(error);
      post({ kind: 'error', id: call.id, code, failure });
    }
    if (call.method !== 'close') return;
    ended = true;
    port.close();
    data.items.close();
  }

  /** What a person waits for goes ahead of the rest of a running append, and of what waits for the end of that (maintenance, say). */
  async function yieldToUrgent(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    for (let at = queue.findIndex(isUrgent); at !== -1; at = queue.findIndex(isUrgent)) {
      for (const call of queue.splice(at, 1)) await run(call);
    }
  }

  async function drain(): Promise<void> {
    running = true;
    clearTimeout(idle);
    for (let call = queue.shift(); call; call = queue.shift()) {
      if (call.method === 'close') await Promise.all(backups);
      // A backup takes its time beside everything else; the end waits for it.
      if (call.method === 'backup') besides(run(call));
      else await run(call);
    }
    running = false;
    if (ended) return;
    idle = setTimeout(() => {
      quietly(() => core.checkpoint());
      rest();
    }, PAUSE_MS);
  }

  /** What nobody asked for: the next write meets the same failure (a full disk) and tells it. */
  function quietly<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch {
      return undefined;
    }
  }

  /** While nobody asks for anything, lists and search are made ready for what was written. */
  function rest(): void {
    idle = setTimeout(() => {
      if (quietly(() => core.rest()) === false) rest();
    }, IDLE_MS);
  }

  function besides(backup: Promise<void>): void {
    backups.add(backup);
    void backup.finally(() => backups.delete(backup));
  }

  port.on('message', (call: Call) => {
    take(call);
    if (!running) void drain();
  });
  post({ kind: 'opened', problem: core.problem });
}

if (parentPort) serve(parentPort, workerData as WorkerData);
