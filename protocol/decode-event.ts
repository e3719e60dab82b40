import {
  decode,
  parseJson,
  statusChangedSchema,
  takeNumberAsText,
  type Decoded,
  type StatusChanged,
} from './event.ts';
import { readPlainEvent } from './plain-event.ts';

/** Only by an escape can a JSON text hold U+0000, or half a pair of surrogates. */
const UNSTORABLE = /\\u(?:0000|[dD][89a-fA-F])/;

/**
 * An event's text (`data` of a `{userId}_ContractStatusChanged`, an element of a history or a poll's answer, a snapshot's
 * `lastEvent`) to the event, or the reason it is set aside. Read though it is not as agreed: an unknown severity, null for what is
 * absent, an empty or date-only `dueAt`, a time without a zone (UTC), an amount as a number (its digits as they
 * stand), a currency in small letters. Of more than 1000 parties the first are read.
 */
export function decodeEvent(json: string): Decoded<StatusChanged> {
  const parsed = parseJson(json);
  if (!parsed.ok) return parsed;
  const plain = UNSTORABLE.test(json) ? undefined : readPlainEvent(parsed.value);
  if (plain !== undefined) return { ok: true, value: plain };
  takeNumberAsText(json, parsed.value, ['data', 'contract', 'amount', 'value']);
  return decode(statusChangedSchema, parsed.value);
}
