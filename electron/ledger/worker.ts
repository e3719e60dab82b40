import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { openCore, type LedgerCore } from './core.ts';
import { toLedgerError } from './errors.ts';
import { READS, type Answer, type Call, type WorkerData } from './messages.ts';

/** The ledger's thread: calls are run one after another, in the order they came. */
function serve(port: MessagePort, data: WorkerData): void {
  const post = (answer: Answer): void => port.postMessage(answer);
  const queue: Call[] = [];
  const started = performance.now();
  const backups = new Set<Promise<void>>();
  let running = false;

  const core: LedgerCore = openCore({
    path: data.path,
    now: () => Math.round(data.now + performance.now() - started),
    elapsed: () => performance.now(),
    breathe,
    isWaited,
    onProblem: (problem) => post({ kind: 'problem', problem }),
  });

  /** Within a transaction no message event comes, so the calls are fetched; they keep their order. */
  function isWaited(): boolean {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
      queue.push((next as { readonly message: Call }).message);
    }
    return queue[0] !== undefined && READS.has(queue[0].method);
  }

  async function run(call: Call): Promise<void> {
    try {
      const method = core[call.method] as (...args: readonly unknown[]) => unknown;
      const value = await method(...call.args);
      post({ kind: 'result', id: call.id, value });
    } catch (error) {
      const { code, message } = toLedgerError(error);
      post({ kind: 'error', id: call.id, code, message });
    }
    if (call.method === 'close') port.close();
  }

  /** Reads that wait at the front of the queue go ahead of the rest of a running append. */
  async function breathe(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    while (queue[0] && READS.has(queue[0].method)) {
      const call = queue.shift();
      if (call) await run(call);
    }
  }

  async function drain(): Promise<void> {
    running = true;
    for (let call = queue.shift(); call; call = queue.shift()) {
      if (call.method === 'close') await Promise.all(backups);
      // A backup takes its time beside everything else; the end waits for it.
      if (call.method === 'backup') besides(run(call));
      else await run(call);
    }
    running = false;
  }

  function besides(backup: Promise<void>): void {
    backups.add(backup);
    void backup.finally(() => backups.delete(backup));
  }

  port.on('message', (call: Call) => {
    queue.push(call);
    if (!running) void drain();
  });
  post({ kind: 'opened', problem: core.problem });
}

if (parentPort) serve(parentPort, workerData as WorkerData);
