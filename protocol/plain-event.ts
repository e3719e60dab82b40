import type { Amount, Change, Contract, Counterparty, StatusChanged } from './event.ts';
import { hasZone, parseInstant } from './instant.ts';
import { SEVERITIES, type Severity } from './statuses.ts';

/**
 * `statusChangedSchema` by hand, for events that are as they should be: it takes a fraction of the schema's time, which
 * counts where a hundred thousand come at once. Undefined says nothing of the event: the schema judges it then. What is
 * returned is what the schema would return, of texts that can be stored (`isStorable`); a test compares the two.
 */
export function readPlainEvent(input: unknown): StatusChanged | undefined {
  if (!isObject(input)) return undefined;
  const { specversion, id, source, type, subject, time, sequence, data } = input;
  if (specversion !== '1.0' || type !== 'app.contracts.status.changed.v1') return undefined;
  if (!isName(id) || !isName(source) || !isInstant(time) || !isObject(data)) return undefined;
  if (!isTextOrAbsent(subject) || !isTextOrAbsent(sequence)) return undefined;
  const { severity, actionRequired } = data;
  if (!isSeverity(severity) || typeof actionRequired !== 'boolean') return undefined;
  const contract = readContract(data['contract']);
  const change = readChange(data['change']);
  if (contract === undefined || change === undefined) return undefined;
  return {
    specversion,
    id,
    source,
    type,
    ...(subject === undefined ? null : { subject }),
    time,
    ...(sequence === undefined ? null : { sequence }),
    data: { contract, change, severity, actionRequired },
  };
}

type Loose = Readonly<Record<string, unknown>>;

const DECIMAL = /^-?\d{1,30}(\.\d{1,10})?$/;
const CURRENCY = /^[A-Z]{3}$/;

const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null;

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 500;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 10_000;

const isTextOrAbsent = (value: unknown): value is string | undefined => value === undefined || isText(value);

const isInstant = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 40 && hasZone(value) && parseInstant(value) !== null;

const isSeverity = (value: unknown): value is Severity => SEVERITIES.some((known) => known === value);

function readContract(input: unknown): Contract | undefined {
  if (!isObject(input)) return undefined;
  const { id, title, version, dueAt = null } = input;
  if (!isName(id) || !isText(title)) return undefined;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) return undefined;
  if (dueAt !== null && !isInstant(dueAt)) return undefined;
  const counterparties = readCounterparties(input['counterparties']);
  const amount = readAmount(input['amount']);
  if (counterparties === undefined || amount === undefined) return undefined;
  return { id, title, version, counterparties, amount, dueAt };
}

function readCounterparties(input: unknown): Counterparty[] | undefined {
  if (!Array.isArray(input) || input.length > 100) return undefined;
  const parties: Counterparty[] = [];
  for (const party of input as readonly unknown[]) {
    if (!isObject(party)) return undefined;
    const { id, name, role } = party;
    if (!isName(id) || !isText(name) || !isTextOrAbsent(role)) return undefined;
    parties.push(role === undefined ? { id, name } : { id, name, role });
  }
  return parties;
}

function readAmount(input: unknown): Amount | null | undefined {
  if (input === null) return null;
  if (!isObject(input)) return undefined;
  const { value, currency } = input;
  if (typeof value !== 'string' || !DECIMAL.test(value)) return undefined;
  if (typeof currency !== 'string' || !CURRENCY.test(currency)) return undefined;
  return { value, currency };
}

function readChange(input: unknown): Change | undefined {
  if (!isObject(input)) return undefined;
  const { from, to } = input;
  if ((from !== null && !isName(from)) || !isName(to)) return undefined;
  const actor = readActor(input['actor']);
  const reason = readReason(input['reason']);
  return actor === undefined || reason === undefined ? undefined : { from, to, actor, reason };
}

function readActor(input: unknown): Change['actor'] | undefined {
  if (input === null) return null;
  if (!isObject(input)) return undefined;
  const { id, name, kind } = input;
  return isText(id) && isText(name) && isText(kind) ? { id, name, kind } : undefined;
}

function readReason(input: unknown): Change['reason'] | undefined {
  if (input === null) return null;
  if (!isObject(input)) return undefined;
  const { code, text } = input;
  return isText(code) && isText(text) ? { code, text } : undefined;
}
