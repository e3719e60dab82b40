import type { Listening } from '../../protocol/profile/profile.ts';
import type { Api } from '../sync/api.ts';
import { ApiError } from '../sync/api.ts';
import type { Observer } from '../sync/observe.ts';
import { found, type Finding } from '../../protocol/findings.ts';

/** `unknown`: something answered in the server's name, from which the app learns nothing. */
export type Has = 'yes' | 'no' | 'unknown';

export interface Capability {
  readonly has: Has;
  readonly finding: Finding;
}

export interface ListFound extends Capability {
  /** One that the list holds. */
  readonly contractId: string | null;
}

type Capabilities = Listening['capabilities'];

export async function checkList(
  api: Api,
  observer: Observer,
  capabilities: Capabilities,
  signal: AbortSignal,
): Promise<ListFound> {
  const none = { contractId: null };
  if (!capabilities.snapshot) return { ...none, has: 'no', finding: found('list_not_asked') };
  try {
    const page = await observer.snapshotPage(api)(null, signal);
    const contractId = page.contracts[0]?.contract.id ?? null;
    return { contractId, has: 'yes', finding: found('list_ok', { count: page.contracts.length }) };
  } catch (error) {
    const { kind, detail } = explain(error);
    if (kind === 'missing') return { ...none, has: 'no', finding: found('list_missing') };
    if (kind === 'not_own') return { ...none, has: 'unknown', finding: found('list_not_own', { detail }) };
    return { ...none, has: 'unknown', finding: found('list_failed', { detail }) };
  }
}

export async function checkHistory(api: Api, contractId: string, signal: AbortSignal): Promise<Capability> {
  try {
    const page = await api.historyPage(contractId, null, signal);
    return { has: 'yes', finding: found('history_ok', { count: page.events.length }) };
  } catch (error) {
    const { kind, detail } = explain(error);
    if (kind === 'missing') return { has: 'no', finding: found('history_missing', { detail }) };
    if (kind === 'not_own') return { has: 'unknown', finding: found('history_missing', { detail }) };
    return { has: 'unknown', finding: found('history_failed', { detail }) };
  }
}

/** Only where the person asks for it: with an acknowledgement of nothing, which a server that has the call refuses. */
export async function checkAcknowledge(
  api: Api,
  contractId: string,
  signal: AbortSignal,
): Promise<Capability> {
  const nothing = {
    outboxId: 0,
    contractId,
    eventId: '',
    version: 0,
    idempotencyKey: `check-${Date.now()}`,
    attempts: 0,
  };
  try {
    const status = await api.acknowledge(nothing, signal);
    // 409 is how a server says that this is not the newest version.
    if (status === 'superseded') return { has: 'yes', finding: found('acknowledge_ok') };
    return { has: 'yes', finding: found('acknowledge_careless', { status: '2xx' }) };
  } catch (error) {
    const { kind, detail, status } = explain(error);
    if (kind === 'refused' || status === 400 || status === 422)
      return { has: 'yes', finding: found('acknowledge_ok') };
    return {
      has: kind === 'missing' ? 'no' : 'unknown',
      finding: found('acknowledge_missing', { detail }),
    };
  }
}

function explain(error: unknown): {
  readonly kind: string;
  readonly detail: string;
  readonly status: number | null;
} {
  if (error instanceof ApiError) {
    const { kind, failure } = error;
    return { kind, detail: failure.detail, status: failure.status };
  }
  return { kind: 'later', detail: error instanceof Error ? error.message : 'unknown error', status: null };
}
