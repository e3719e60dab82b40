import { MessageChannel, SHARE_ENV, Worker } from 'node:worker_threads';
import { PART_ITEMS, type Answer, type Call, type Method, type Part, type WorkerData } from './messages.ts';
import type { StreamItem } from '../stream/types.ts';
import { LedgerError, type Ledger, type LedgerOptions } from './types.ts';
import type { AppendOutcome, Parcel } from './ingest.ts';

interface NumberedParcel extends Parcel {
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
  const parts = new MessageChannel();
  const data: WorkerData = { path: options.path, now: options.now(), items: parts.port2 };
  const worker = new Worker(options.workerUrl, {
    workerData: data,
    transferList: [parts.port2],
    // So that the thread can follow the computer into another time zone (ports/time-zone.ts).
    env: SHARE_ENV,
    // What one batch leaves behind is garbage at once: with V8's default (48 MB) the thread keeps 90 MB and more of it, for no speed.
    resourceLimits: { maxYoungGenerationSizeMb: 12 },
  });
  let nextId = 1;
  let nextParcel = 1;
  let opened = false;
  let ended: LedgerError | null = null;
  let closing: Promise<void> | null = null;

  function post(part: Part): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parts.port1.postMessage(part);
  }

  function parcel(): NumberedParcel {
    const number = nextParcel++;
    return {
      number,
      add(items) {
        for (let at = 0; at < items.length; at += PART_ITEMS)
          post({ parcel: number, items: items.slice(at, at + PART_ITEMS), end: null });
      },
      drop: () => post({ parcel: number, items: [], end: 'dropped' }),
    };
  }

  function append(
    accountId: number,
    items: readonly StreamItem[] | Parcel,
    receivedAt: number,
  ): Promise<AppendOutcome> {
    const { number, add } = 'number' in items ? (items as NumberedParcel) : parcel();
    if (Array.isArray(items)) add(items);
    post({ parcel: number, items: [], end: 'appended' });
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
        parts.port1.close();
        const unasked = opened && closing === null;
        end(new LedgerError('closed', { code: 'ledgerEnded', params: {}, detail: '' }));
        if (unasked && ended !== null) options.onEnded?.(ended);
        reject(new LedgerError('unknown', 'the thread ended while it was opening the file'));
        done();
      });
    });
    worker.once('error', (error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      const trouble = new LedgerError('unknown', `the thread failed: ${detail}`);
      end(trouble);
      reject(trouble);
    });
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'opened') {
        opened = true;
        resolve(makeLedger(answer.problem, call, { parcel, append, close }));
      } else if (answer.kind === 'problem') options.onProblem?.(answer.problem);
      else settle(answer);
    });

    function close(): Promise<void> {
      closing ??= ended ? exited : Promise.all([call('close', []), exited]).then(() => undefined);
      return closing;
    }
  });
}

function makeLedger(
  problem: Ledger['problem'],
  call: (method: Method, args: readonly unknown[]) => Promise<unknown>,
  own: Pick<Ledger, 'parcel' | 'append' | 'close'>,
): Ledger {
  /** The worker answers each method with that method's own result type (see LedgerCore). */
  function remote<M extends Method>(method: M): Ledger[M] {
    return ((...args: unknown[]) => call(method, args)) as Ledger[M];
  }
  return {
    problem,
    account: remote('account'),
    ...own,
    beginSnapshot: remote('beginSnapshot'),
    stageSnapshot: remote('stageSnapshot'),
    finishSnapshot: remote('finishSnapshot'),
    markWithoutSnapshot: remote('markWithoutSnapshot'),
    setReplay: remote('setReplay'),
    previewFrom: remote('previewFrom'),
    preview: remote('preview'),
    mergeHistory: remote('mergeHistory'),
    settleHoles: remote('settleHoles'),
    headStands: remote('headStands'),
    noteLife: remote('noteLife'),
    holes: remote('holes'),
    contractsWithGaps: remote('contractsWithGaps'),
    followTimeZone: remote('followTimeZone'),
    receipt: remote('receipt'),
    readView: remote('readView'),
    holdView: remote('holdView'),
    readHeld: remote('readHeld'),
    releaseView: remote('releaseView'),
    contract: remote('contract'),
    setRead: remote('setRead'),
    holdAcknowledgements: remote('holdAcknowledgements'),
    undoAcknowledgements: remote('undoAcknowledgements'),
    retryAcknowledgement: remote('retryAcknowledgement'),
    dueAcknowledgements: remote('dueAcknowledgements'),
    settleAcknowledgement: remote('settleAcknowledgement'),
    setEventRead: remote('setEventRead'),
    perform: remote('perform'),
    markViewRead: remote('markViewRead'),
    undo: remote('undo'),
    wakeSnoozed: remote('wakeSnoozed'),
    look: remote('look'),
    viewIds: remote('viewIds'),
    facets: remote('facets'),
    savedViews: remote('savedViews'),
    saveView: remote('saveView'),
    removeView: remote('removeView'),
    orderViews: remote('orderViews'),
    exportRows: remote('exportRows'),
    overview: remote('overview'),
    away: remote('away'),
    facts: remote('facts'),
    unsent: remote('unsent'),
    maintain: remote('maintain'),
    diagnostics: remote('diagnostics'),
    eraseAccount: remote('eraseAccount'),
    backup: remote('backup'),
  };
}
