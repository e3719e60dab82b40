import { stringify } from 'csv-stringify/sync';
import type { ContractRow } from '../../protocol/view.ts';
import { harmless } from '../../protocol/wire-text.ts';
import { COLUMNS, type Column, type ExportWords } from './words.ts';

export interface CsvPage {
  readonly text: string;
  /** Cells that a spreadsheet would have run as a formula. */
  readonly neutralised: number;
}

/** UTF-8's byte order mark: without it Excel takes the file for one of an old code page. */
const BOM = '\uFEFF';

/**
 * Where a spreadsheet would begin a formula: at a cell's first character, also the full-width ones that it takes for
 * ASCII; and after what it may take for the end of a cell or line although it is quoted, as where lists are separated by
 * semicolons (https://owasp.org/www-community/attacks/CSV_Injection). The text's own quotes, doubled in the file, do not hold it off there.
 */
const FORMULA = /(?:^|(?<=[;\t\r\n]"*))(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])|^(?=[\t\r\n])/g;

/** As `amountSchema` has it. What came by a backup has been through no schema. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;

export function csvHead(words: ExportWords): string {
  return BOM + line([COLUMNS.map((column) => words.headings[column])]);
}

/** RFC 4180: CRLF after each record, quotes where they are needed. */
export function csvPage(rows: readonly ContractRow[], words: ExportWords): CsvPage {
  let neutralised = 0;
  const safe = (text: string): string => {
    const shown = harmless(text);
    const inert = shown.replaceAll(FORMULA, "'");
    if (inert !== shown) neutralised += 1;
    return inert;
  };
  const records = rows.map((row) => {
    const cells = cellsOf(row, words);
    // A negative amount stays a number.
    return COLUMNS.map((column) =>
      column === 'amount' && NUMBER.test(cells.amount) ? cells.amount : safe(cells[column]),
    );
  });
  return { text: records.length === 0 ? '' : line(records), neutralised };
}

function line(records: readonly (readonly string[])[]): string {
  return stringify(records as string[][], { record_delimiter: '\r\n', quote_record_delimiter: true });
}

function cellsOf(row: ContractRow, words: ExportWords): Readonly<Record<Column, string>> {
  const until = row.snoozed?.until ?? null;
  return {
    id: row.contractId,
    title: row.title,
    parties: row.counterparties.map((party) => party.name).join('; '),
    status: words.status(row.to),
    statusCode: row.to,
    previous: row.from === null ? '' : words.status(row.from),
    severity: words.severities[row.severity],
    actionRequired: row.actionRequired ? words.yes : words.no,
    acknowledgement: words.acknowledgements[row.acknowledgement],
    amount: row.amount?.value ?? '',
    currency: row.amount?.currency ?? '',
    due: row.dueAt ?? '',
    changed: row.time,
    actor: row.actorName ?? '',
    reason: row.reasonText ?? '',
    unread: String(row.unread),
    muted: row.muted ? words.yes : words.no,
    snoozedUntil:
      row.snoozed === null ? '' : until === null ? words.untilChanged : new Date(until).toISOString(),
    version: String(row.version),
  };
}
