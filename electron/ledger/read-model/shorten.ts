import type { Counterparty } from '../../../protocol/event.ts';
import { cutText } from '../../../protocol/text.ts';
import type { ContractRow, TimelineEntry } from '../../../protocol/view.ts';
import { toContractRow, type ShownRecord } from './rows.ts';

/**
 * What the window is told of texts without end: enough to read, and few enough to send and draw in a blink. What
 * came stays whole in its raw text; of parties no more than the pane shows is in a contract's row (log/projection.ts). Characters; `parties` is their number.
 */
interface Bounds {
  readonly parties: number;
  readonly name: number;
  readonly title: number;
  readonly reason: number;
  readonly code: number;
}
const IN_LIST: Bounds = { parties: 20, name: 200, title: 300, reason: 500, code: 100 };
const IN_PANE: Bounds = { parties: 100, name: 300, title: 1000, reason: 2000, code: 200 };

/** Parties as they are stored, below which none of them needs a look. Characters of JSON. */
const FEW = 400;

const cutOrNull = (text: string | null, most: number): string | null =>
  text === null ? null : cutText(text, most);

interface ReadParties {
  readonly counterparties: readonly Counterparty[];
  readonly moreParties: number;
}

/**
 * Stands between two parties as they are stored, and nowhere within a string of JSON: a quote has a backslash before it there, or ends
 * the string, and then no letter follows.
 */
const BETWEEN = '},{"id":';

/** Only as many as are asked for are parsed: a list of a megabyte is a matter of microseconds. */
export function readParties(json: string, most: number): ReadParties {
  let [kept, all, end] = [1, 1, -1];
  for (let at = json.indexOf(BETWEEN); at !== -1; at = json.indexOf(BETWEEN, at + BETWEEN.length)) {
    if (kept < most) kept += 1;
    else if (end === -1) end = at;
    all += 1;
  }
  if (end === -1) return { counterparties: JSON.parse(json) as Counterparty[], moreParties: 0 };
  return {
    counterparties: JSON.parse(`${json.slice(0, end + 1)}]`) as Counterparty[],
    moreParties: all - kept,
  };
}

function toRow(accountId: number, record: ShownRecord, bounds: Bounds): ContractRow {
  const { title, reasonText, actorName, counterparties: json } = record;
  const short =
    json.length <= FEW &&
    title.length <= bounds.title &&
    (reasonText?.length ?? 0) <= bounds.reason &&
    (actorName?.length ?? 0) <= bounds.name;
  if (short) return toContractRow(accountId, record);
  const { counterparties, moreParties } = readParties(json, bounds.parties);
  const row = toContractRow(accountId, record, counterparties);
  return {
    ...row,
    title: cutText(title, bounds.title),
    counterparties: counterparties.map((party) => ({
      ...party,
      name: cutText(party.name, bounds.name),
      ...(typeof party.role === 'string' ? { role: cutText(party.role, bounds.code) } : {}),
    })),
    ...(moreParties === 0 ? {} : { moreParties }),
    reasonText: cutOrNull(reasonText, bounds.reason),
    actorName: cutOrNull(actorName, bounds.name),
  };
}

/** As the list shows it. */
export const toShownRow = (accountId: number, record: ShownRecord): ContractRow =>
  toRow(accountId, record, IN_LIST);

/** As the pane shows it. */
export const toPaneRow = (accountId: number, record: ShownRecord): ContractRow =>
  toRow(accountId, record, IN_PANE);

/** One change as the pane shows it. */
export function shortenEntry(entry: TimelineEntry): TimelineEntry {
  const { actorName, actorKind, reasonCode, reasonText } = entry;
  return {
    ...entry,
    actorName: cutOrNull(actorName, IN_PANE.name),
    actorKind: cutOrNull(actorKind, IN_PANE.code),
    reasonCode: cutOrNull(reasonCode, IN_PANE.code),
    reasonText: cutOrNull(reasonText, IN_PANE.reason),
  };
}

/** A title as it was at the last look. */
export const shortenTitle = (title: string): string => cutText(title, IN_PANE.title);
