import type { ViewFilter } from '../../protocol/view.ts';
import type { ExportRow } from '../ledger/types.ts';

export interface JsonHead {
  /** Epoch ms. */
  readonly at: number;
  readonly server: string;
  readonly userId: string;
  readonly filter: ViewFilter;
}

/** Everything before the first contract; `jsonPage` and `jsonEnd` complete it to one JSON text (RFC 8259). */
export function jsonHead({ at, server, userId, filter }: JsonHead): string {
  const head = { exportedAt: new Date(at).toISOString(), server, userId, filter };
  return `${JSON.stringify(head).slice(0, -1)},"contracts":[`;
}

/**
 * Amounts are decimal strings. The envelope stands letter by letter as the server sent it, so no digit of it is lost; as a string
 * where it is no JSON text, as in a backup that somebody has written into.
 */
export function jsonPage(rows: readonly ExportRow[], isFirst: boolean): string {
  const items = rows.map(({ row, envelope }) => {
    const { key: _key, found: _found, ...contract } = row;
    return `\n${JSON.stringify(contract).slice(0, -1)},"envelope":${envelope === null ? 'null' : asJson(envelope)}}`;
  });
  return (isFirst || items.length === 0 ? '' : ',') + items.join(',');
}

function asJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

export const jsonEnd = '\n]}\n';
