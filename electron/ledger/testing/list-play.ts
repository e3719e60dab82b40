import type { ContractRow } from '../../../protocol/view.ts';
import type { ViewFilter } from '../../../protocol/filter.ts';
import type { Severity } from '../../../protocol/statuses.ts';
import type { StreamItem } from '../../stream/types.ts';
import type { LedgerCore } from '../worker/core.ts';
import type { SnapshotContract } from '../ingest.ts';
import type { ModelContract } from './list-model.ts';
import { envelope, idOf, statusItem, type Envelope } from './make.ts';

export const HOUR = 3_600_000;

/** What a status change of this contract is to say. */
export interface Change {
  readonly contract: number;
  readonly title: string;
  readonly parties: readonly string[];
  /** `1.00 RUB`. */
  readonly amount: string | null;
  readonly due: number | null;
  readonly status: string;
  readonly severity: Severity;
  readonly actor: string;
  readonly actionRequired: boolean;
  readonly reason: string | null;
}

/** A change in the server's log that the stream has not brought yet. */
interface Coming {
  readonly position: number;
  readonly wish: Change;
  readonly event: Envelope;
}

/** A frozen list as the model remembers it. */
export interface FrozenModel {
  readonly filter: ViewFilter;
  readonly positions: ReadonlyMap<string, number>;
  /** Changed since. */
  readonly touched: Set<string>;
}

/** The real ledger on a file, and the same contracts in an array. */
export interface Play {
  core: LedgerCore;
  accountId: number;
  now: number;
  /** Of the server's log. */
  sequence: number;
  coming: Coming[];
  /** Up to which place changes of a contract come as read. */
  readonly readTo: Map<string, number>;
  readonly versions: Map<string, number>;
  readonly contracts: Map<string, ModelContract>;
  frozen: FrozenModel | null;
  /** By view: what a window shows that has been told of each change. */
  readonly shown: Map<
    number,
    { readonly total: number; readonly waiting: number; readonly rows: readonly ContractRow[] }
  >;
}

/** The change enters the server's log. */
export function publish(play: Play, wish: Change): void {
  const id = `C-${wish.contract}`;
  const position = ++play.sequence;
  const version = (play.versions.get(id) ?? 0) + 1;
  play.versions.set(id, version);
  const base = envelope(position, id, version);
  const contract = {
    ...base.data.contract,
    title: wish.title,
    counterparties: wish.parties.map((name) => ({ id: name, name })),
    amount: amountOf(wish),
    dueAt: dueOf(wish),
  };
  const actor = { id: wish.actor, name: wish.actor, kind: 'counterparty' };
  const reason = wish.reason === null ? null : { code: 'other', text: wish.reason };
  const change = { ...base.data.change, to: wish.status, actor, reason };
  const { severity, actionRequired } = wish;
  const event = { ...base, data: { contract, change, severity, actionRequired } };
  play.coming.push({ position, wish, event });
}

function amountOf({ amount }: Change): ModelContract['amount'] {
  const [value = '', currency = ''] = amount?.split(' ') ?? [];
  return amount === null ? null : { value, currency };
}

/** The same instant, written as another time zone's clock shows it. */
const dueOf = ({ due }: Change): string | null =>
  due === null ? null : new Date(due + 3 * HOUR).toISOString().replace('Z', '+03:00');

/** The row shows this change. */
function show(play: Play, { position, wish, event }: Coming, ahead: boolean): ModelContract {
  const id = event.data.contract.id;
  const old = play.contracts.get(id);
  const shown: ModelContract = {
    id,
    position,
    title: wish.title,
    parties: wish.parties,
    amount: amountOf(wish),
    dueAt: dueOf(wish),
    status: wish.status,
    severity: wish.severity,
    actor: wish.actor,
    actionRequired: wish.actionRequired,
    time: Date.parse(event.time),
    unread: old?.unread ?? 0,
    ahead: ahead ? 'unread' : 'no',
    muted: old?.muted ?? false,
    snoozed: false,
    reasons: old?.reasons ?? [],
    reason: wish.reason,
  };
  play.contracts.set(id, shown);
  play.frozen?.touched.add(id);
  return shown;
}

/** The log brings the next changes of the server. A row ahead of them stays as it is; it is ahead until its own change comes. */
export function deliver(play: Play, count: number): StreamItem[] {
  return play.coming.splice(0, count).map((coming) => {
    const { position, wish, event } = coming;
    const id = event.data.contract.id;
    const known = play.contracts.get(id);
    const row = known && known.position >= position ? known : show(play, coming, false);
    if (row.position === position) row.ahead = 'no';
    if (position > (play.readTo.get(id) ?? 0)) row.unread += 1;
    if (wish.reason !== null) row.reasons = [...row.reasons, wish.reason];
    play.frozen?.touched.add(id);
    return statusItem(event);
  });
}

/** What a preview tells of the changes that are still to come, newest first. */
export function preview(play: Play): readonly SnapshotContract[] {
  const newest = new Map(play.coming.map((coming) => [coming.event.data.contract.id, coming]));
  return [...newest.values()]
    .toSorted((a, b) => b.position - a.position)
    .map((coming) => {
      const { event, position } = coming;
      const known = play.contracts.get(event.data.contract.id);
      if (!known || known.position < position) show(play, coming, true);
      const { contract, change, severity, actionRequired } = event.data;
      return {
        contract: { amount: null, dueAt: null, ...contract, counterparties: [...contract.counterparties] },
        status: change.to,
        since: event.time,
        severity: severity as Severity,
        actionRequired,
        lastEventId: idOf(position),
        lastEvent: JSON.stringify(event),
      };
    });
}

/** The person says that all of the contract is read, or that its newest change is not. */
export function markRead(play: Play, contract: ModelContract, read: boolean): void {
  if (read === (contract.unread === 0 && contract.ahead !== 'unread')) return;
  if (contract.ahead === 'no') {
    contract.unread = read ? 0 : 1;
    return;
  }
  if (read) contract.unread = 0;
  contract.ahead = read ? 'seen' : 'unread';
  const before = play.readTo.get(contract.id) ?? 0;
  play.readTo.set(contract.id, read ? Math.max(before, contract.position) : contract.position - 1);
}
