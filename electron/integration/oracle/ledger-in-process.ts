import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../ledger/storage/sqlite.ts';
import { openCore } from '../../ledger/worker/core.ts';
import type { LedgerCore } from '../../ledger/worker/core.ts';
import { openDatabase } from '../../ledger/storage/database.ts';
import { LedgerError } from '../../ledger/types.ts';
import type { Ledger, LedgerOptions } from '../../ledger/types.ts';
import type { AppendOutcome, AppendBatch } from '../../ledger/ingest.ts';
import type { StreamItem } from '../../stream/types.ts';
import { WORK_FOLDER } from './work-folder.ts';

export interface InProcessLedger {
  readonly ledger: Ledger;
  /** The same connection, for reading beside the ledger's own code. */
  readonly db: Database;
  /** Ends it as a killed process does: nothing is finished, nothing is answered any more. */
  kill(): void;
}

interface PendingBatch extends AppendBatch {
  readonly items: StreamItem[];
}

let empty: string | null = null;

/** A file of today's version with nothing in it, made once: each world's first start would spend a tenth of its time on it. */
function newFile(): string {
  if (empty !== null) return empty;
  const folder = mkdtempSync(join(WORK_FOLDER, 'pulse-oracle-file-'));
  empty = join(folder, 'ledger.sqlite');
  openDatabase(empty, 0).db.close();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return empty;
}

/**
 * The ledger's own code on a real SQLite file, in this thread: no call is ever under way between two turns of the event
 * loop, and starting it costs some milliseconds (its thread: 150 ms and more on a busy machine).
 */
export function openLedgerInProcess(options: LedgerOptions, elapsed: () => number): InProcessLedger {
  if (!existsSync(options.path)) copyFileSync(newFile(), options.path);
  let db: Database | null = null;
  let ended = false;
  const core = openCore({
    path: options.path,
    now: options.now,
    elapsed,
    yieldToUrgent: () => Promise.resolve(),
    onProblem: (problem) => options.onProblem?.(problem),
    open(path, now) {
      const opened = openDatabase(path, now);
      ({ db } = opened);
      return opened;
    },
  });
  if (db === null) throw new Error('the ledger opened no database');

  /** As over the thread's channel: arguments and answers are copies, answers never come in the same turn. */
  function call<M extends keyof LedgerCore>(method: M): (...args: readonly unknown[]) => Promise<never> {
    return async (...args) => {
      if (ended) throw new LedgerError('closed', `${method}: the ledger was closed before.`);
      const run = core[method] as (...given: readonly unknown[]) => unknown;
      const copies = structuredClone(args);
      await Promise.resolve();
      const answer = await run(...copies);
      // A killed process gets no answers.
      if (ended) return new Promise<never>(() => {});
      return structuredClone(answer) as never;
    };
  }

  const append = call('append');
  const own: Pick<Ledger, 'problem' | 'batch' | 'append' | 'close'> = {
    problem: core.problem,
    batch(): PendingBatch {
      const items: StreamItem[] = [];
      return { items, add: (more) => void items.push(...more), drop: () => items.splice(0) };
    },
    append(accountId, items, receivedAt): Promise<AppendOutcome> {
      const list = Array.isArray(items) ? items : (items as PendingBatch).items;
      return append(accountId, list, receivedAt);
    },
    async close() {
      if (ended) return;
      ended = true;
      core.close();
    },
  };
  const ledger = new Proxy(own as Ledger, {
    get(target, name, receiver) {
      if (Reflect.has(target, name)) return Reflect.get(target, name, receiver) as unknown;
      // A promise's consumer asks every object for this one.
      return name === 'then' ? undefined : call(name as keyof LedgerCore);
    },
  });
  return {
    ledger,
    db,
    kill() {
      if (ended) return;
      ended = true;
      core.close();
    },
  };
}
