import type { Language } from '../../protocol/language.ts';
import type { ExportResult } from '../../protocol/ipc.ts';
import type { ViewFilter } from '../../protocol/view.ts';
import { requestError } from '../../protocol/failures.ts';
import type { CoreDependencies } from '../app/core-types.ts';
import type { AccountKey, ExportRow, Ledger } from '../ledger/types.ts';
import { csvHead, csvPage } from './csv.ts';
import { jsonEnd, jsonHead, jsonPage } from './json.ts';
import { EXPORT_WORDS, type ExportWords } from './words.ts';

export interface ExporterOptions {
  readonly deps: Pick<CoreDependencies, 'clock' | 'saveFile'>;
  readonly ledger: Pick<Ledger, 'holdView' | 'exportRows' | 'releaseView'>;
  readonly accountId: number;
  readonly key: AccountKey;
  /** The person's language now. */
  language(): Language;
}

export interface Exporter {
  /** Asks where to save. Rejects with a clear Error when the disk or the ledger refuses; no half a file is left then. */
  run(filter: ViewFilter, format: 'csv' | 'json'): Promise<ExportResult>;
  /** Ends what is under way; its file is not made. */
  close(): Promise<void>;
}

/** Contracts read at a time: the other work of the ledger goes on in between, and memory stays flat. */
const PAGE = 500;
const CSV_ROWS = 100;
/** Numbers of held orders that no view of the window has. */
const FIRST_HELD = 1_000_000_000;

export function createExporter(options: ExporterOptions): Exporter {
  const { deps, ledger, accountId } = options;
  const running = new Set<Promise<unknown>>();
  let nextHeld = FIRST_HELD;
  let closed = false;

  async function run(
    filter: ViewFilter,
    format: 'csv' | 'json',
    onWriting: () => void,
  ): Promise<ExportResult> {
    let contracts = 0;
    let neutralised = 0;
    const words = EXPORT_WORDS[options.language()];

    async function write(put: (text: string) => Promise<void>): Promise<void> {
      onWriting();
      if (closed) throw ended();
      const { server, userId } = options.key;
      await put(
        format === 'csv' ? csvHead(words) : jsonHead({ at: deps.clock.now(), server, userId, filter }),
      );
      // Held: what changes meanwhile moves no contract from a page to come to one that is past.
      const viewId = nextHeld++;
      await ledger.holdView(accountId, viewId, filter);
      try {
        for (let offset = 0; ; offset += PAGE) {
          if (closed) throw ended();
          const { rows, total } = await ledger.exportRows(accountId, filter, { offset, limit: PAGE }, viewId);
          if (format === 'json') await put(jsonPage(rows, offset === 0));
          else neutralised += await putCsv(rows, words, put);
          contracts += rows.length;
          if (offset + PAGE >= total) break;
        }
      } finally {
        await ledger.releaseView(viewId).catch(() => {});
      }
      if (format === 'json') await put(jsonEnd);
    }

    const path = await deps.saveFile(`contracts-${localDay(deps.clock.now())}.${format}`, write);
    return path === null ? { saved: false } : { saved: true, path, contracts, neutralised };
  }

  return {
    run(filter, format) {
      // The end waits for the disk, but not for a person before a dialog.
      const result = run(filter, format, () => running.add(settled));
      const settled: Promise<unknown> = result.catch(() => {}).finally(() => running.delete(settled));
      return result;
    },
    async close() {
      closed = true;
      await Promise.all(running);
    },
  };
}

/** In small pieces: main has others to answer. Resolves with the number of neutralised cells. */
async function putCsv(
  rows: readonly ExportRow[],
  words: ExportWords,
  put: (text: string) => Promise<void>,
): Promise<number> {
  let neutralised = 0;
  for (let at = 0; at < rows.length; at += CSV_ROWS) {
    const page = csvPage(
      rows.slice(at, at + CSV_ROWS).map(({ row }) => row),
      words,
    );
    neutralised += page.neutralised;
    await put(page.text);
  }
  return neutralised;
}

function ended(): Error {
  return requestError('exportEnded');
}

/** `2026-11-30`, by this computer's clock and zone. */
export function localDay(now: number): string {
  const day = new Date(now);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
