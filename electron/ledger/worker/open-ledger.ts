import { MessageChannel, SHARE_ENV, Worker } from 'node:worker_threads';
import { CHUNK_ITEMS, type Answer, type Call, type Chunk, type WorkerData } from './messages.ts';
import { METHODS, type Method } from './methods.ts';
import type { StreamItem } from '../../stream/types.ts';
import { LedgerError, type Ledger, type LedgerOptions } from '../types.ts';
import type { AppendOutcome, AppendBatch } from '../ingest.ts';

interface NumberedBatch extends AppendBatch {
  readonly number: number;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: LedgerError): void;
}

/**
 * Starts the ledger's thread and resolves once the file is open. Never rejects for what is wrong with the
 * file (see `problem`); rejects with LedgerError `unknown` when the thread itself cannot be started.
 */
export function openLedger(options: LedgerOptions): Promise<Ledger> {
  const waiting = new Map<number, Waiting>();
  const chunks = new MessageChannel();
  const data: WorkerData = { path: options.path, now: options.now(), items: chunks.port2 };
  const worker = new Worker(options.workerUrl, {
    workerData: data,
    transferList: [chunks.port2],
    // So that the thread can follow the computer into another time zone (ports/time-zone.ts).
    env: SHARE_ENV,
    // What one batch leaves behind is garbage at once: with V8's default (48 MB) the thread keeps 90 MB and more of it, for no speed.
    resourceLimits: { maxYoungGenerationSizeMb: 12 },
  });
  let nextId = 1;
  let nextBatch = 1;
  let opened = false;
  let ended: LedgerError | null = null;
  let closing: Promise<void> | null = null;

  function post(chunk: Chunk): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    chunks.port1.postMessage(chunk);
  }

  function batch(): NumberedBatch {
    const number = nextBatch++;
    return {
      number,
      add(items) {
        for (let at = 0; at < items.length; at += CHUNK_ITEMS)
          post({ batch: number, items: items.slice(at, at + CHUNK_ITEMS), end: null });
      },
      drop: () => post({ batch: number, items: [], end: 'dropped' }),
    };
  }

  function append(
    accountId: number,
    items: readonly StreamItem[] | AppendBatch,
    receivedAt: number,
  ): Promise<AppendOutcome> {
    const { number, add } = 'number' in items ? (items as NumberedBatch) : batch();
    if (Array.isArray(items)) add(items);
    post({ batch: number, items: [], end: 'appended' });
    return call('append', [accountId, receivedAt, number]) as Promise<AppendOutcome>;
  }

  function call(method: Method, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (ended ?? closing) {
        reject(ended ?? new LedgerError('closed', `${method}: the ledger was closed before`));
        return;
      }
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      const message: Call = { id, method, args, at: options.now() };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(message);
    });
  }

  function end(error: LedgerError): void {
    ended ??= error;
    for (const each of waiting.values()) each.reject(ended);
    waiting.clear();
  }

  function settle(answer: Extract<Answer, { kind: 'result' | 'error' }>): void {
    const found = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.kind === 'result') found?.resolve(answer.value);
    else found?.reject(new LedgerError(answer.code, answer.failure));
  }

  return new Promise((resolve, reject) => {
    const exited = new Promise<void>((done) => {
      worker.once('exit', () => {
        chunks.port1.close();
        const unasked = opened && closing === null;
        end(new LedgerError('closed', { code: 'ledgerEnded', params: {}, detail: '' }));
        if (unasked && ended !== null) options.onEnded?.(ended);
        reject(new LedgerError('unknown', 'the thread ended while it was opening the file'));
        done();
      });
    });
    worker.once('error', (error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      const failure = new LedgerError('unknown', `the thread failed: ${detail}`);
      end(failure);
      reject(failure);
    });
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'opened') {
        opened = true;
        resolve(makeLedger(answer.problem, call, { batch, append, close }));
      } else if (answer.kind === 'problem') options.onProblem?.(answer.problem);
      else settle(answer);
    });

    function close(): Promise<void> {
      closing ??= ended ? exited : Promise.all([call('close', []), exited]).then(() => undefined);
      return closing;
    }
  });
}

/** The thread answers each method with that method's own result type (see LedgerCore). */
function makeLedger(
  problem: Ledger['problem'],
  call: (method: Method, args: readonly unknown[]) => Promise<unknown>,
  own: Pick<Ledger, 'batch' | 'append' | 'close'>,
): Ledger {
  const methods = Object.keys(METHODS) as readonly Method[];
  const remote = methods.map((method) => [method, (...args: unknown[]) => call(method, args)]);
  return { ...(Object.fromEntries(remote) as Pick<Ledger, Method>), ...own, problem };
}
