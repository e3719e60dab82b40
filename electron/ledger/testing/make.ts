import { formatPosition } from '../../../protocol/cursor.ts';
import { eventName } from '../../../protocol/control.ts';
import { STATUS_CHANGED_TYPE } from '../../../protocol/event.ts';
import type { StreamItem } from '../../stream/types.ts';
import type { SnapshotContract } from '../ingest.ts';

/** Wire data for tests of the ledger. */
export const USER = 'u42';
export const KEY = { server: 'https://one.example', userId: USER, userName: 'Anna', locale: 'en' };
export const START = Date.parse('2026-10-02T09:00:00Z');

export interface Envelope {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: {
    readonly contract: {
      readonly id: string;
      readonly title: string;
      readonly version: number;
      readonly counterparties: readonly { readonly id: string; readonly name: string }[];
      readonly amount?: { readonly value: string; readonly currency: string } | null;
      readonly dueAt?: string | null;
    };
    readonly change: {
      readonly from: string | null;
      readonly to: string;
      readonly actor: { readonly id: string; readonly name: string; readonly kind: string };
      readonly reason?: { readonly code: string; readonly text: string } | null;
    };
    readonly severity: string;
    readonly actionRequired: boolean;
  };
}

export interface EnvelopeOptions {
  readonly id?: string;
  readonly epoch?: string;
  readonly source?: string;
  readonly title?: string;
  readonly party?: string;
  readonly from?: string | null;
  readonly to?: string;
  readonly actionRequired?: boolean;
  readonly severity?: string;
  readonly actor?: string;
  /** Words, under the code `other`. */
  readonly reason?: string;
  /** RFC 3339. */
  readonly time?: string;
  readonly dueAt?: string | null;
  /** `1250000.00 RUB`. */
  readonly amount?: string | null;
}

export function idOf(sequence: number, epoch = 'e7'): string {
  return formatPosition({ epoch, sequence });
}

export function envelope(
  sequence: number,
  contractId: string,
  version: number,
  options: EnvelopeOptions = {},
): Envelope {
  const [value, currency] = options.amount?.split(' ') ?? [];
  return {
    specversion: '1.0',
    id: options.id ?? idOf(sequence, options.epoch),
    source: options.source ?? '/streams/u42',
    type: STATUS_CHANGED_TYPE,
    time: options.time ?? new Date(START + sequence * 1000).toISOString(),
    data: {
      contract: {
        id: contractId,
        title: options.title ?? `Contract ${contractId}`,
        version,
        counterparties: [{ id: 'p1', name: options.party ?? 'ООО Ромашка' }],
        ...(value === undefined || currency === undefined ? {} : { amount: { value, currency } }),
        ...(options.dueAt === undefined ? {} : { dueAt: options.dueAt }),
      },
      change: {
        from: options.from === undefined ? 'sent' : options.from,
        to: options.to ?? 'viewed',
        actor: { id: 'a1', name: options.actor ?? 'Пётр', kind: 'counterparty' },
        ...(options.reason === undefined ? {} : { reason: { code: 'other', text: options.reason } }),
      },
      severity: options.severity ?? 'info',
      actionRequired: options.actionRequired ?? false,
    },
  };
}

export function statusItem(event: Envelope, id: string | null = event.id): StreamItem {
  return {
    kind: 'event',
    id,
    name: eventName(USER, 'ContractStatusChanged'),
    data: JSON.stringify(event),
  };
}

/** A status change of this sequence, contract and version. */
export function change(
  sequence: number,
  contractId: string,
  version: number,
  options: EnvelopeOptions = {},
): StreamItem {
  return statusItem(envelope(sequence, contractId, version, options));
}

export function head(id: string | null, at = START): StreamItem {
  return control('StreamHead', { head: id, at: new Date(at).toISOString(), heartbeatMs: 15_000 });
}

export function stale(asOf: string | null, oldest: string | null = asOf): StreamItem {
  return control('StreamStale', { asOf, oldest });
}

export function control(
  kind: 'StreamHead' | 'StreamStale' | 'ContractAcknowledged',
  data: unknown,
): StreamItem {
  return { kind: 'event', id: null, name: eventName(USER, kind), data: JSON.stringify(data) };
}

/** An own event whose text cannot be read. */
export function garbage(id: string | null, data = '{"contract":{"id":"C-9"'): StreamItem {
  return { kind: 'event', id, name: eventName(USER, 'ContractStatusChanged'), data };
}

/** A snapshot's line for the contract as `last` left it. */
export function snapshotItem(
  last: Envelope,
  options: { readonly withEvent?: boolean } = {},
): SnapshotContract {
  const { contract, change, actionRequired } = last.data;
  return {
    contract: { ...contract, counterparties: [...contract.counterparties], amount: null, dueAt: null },
    status: change.to,
    since: last.time,
    severity: 'info',
    actionRequired,
    lastEventId: last.id,
    lastEvent: (options.withEvent ?? true) ? JSON.stringify(last) : null,
  };
}
