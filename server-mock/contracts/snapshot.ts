import { randomUUID } from 'node:crypto';
import type { SnapshotItem, SnapshotPage } from '../../protocol/api.ts';
import type { StatusChanged } from '../../protocol/event.ts';
import { createProblem } from '../http/problem.ts';
import type { World } from '../world.ts';

/** Page one fixes what all its pages show; the pages after it are had by tokens that expire. */
export interface Snapshots {
  /** `since`: only contracts that changed after this event, newest change first; all where it is not to be placed. */
  first(userId: string, since?: string): SnapshotPage;
  /** Throws a 410 problem when the token is unknown, another user's or too old. */
  next(userId: string, token: string): SnapshotPage;
}

const PAGE_SIZE = 500;
const KEPT_PER_USER = 8;

interface Snapshot {
  readonly id: string;
  readonly asOf: string | null;
  readonly at: string;
  readonly takenAt: number;
  readonly items: readonly SnapshotItem[];
  readonly since: string | null;
}

export function createSnapshots(
  world: World,
  ttlMs: number,
  clock: { readonly real: () => number; readonly at: () => string },
): Snapshots {
  const kept = new Map<string, Snapshot[]>();

  /** What changed after this event; undefined where it has no place in the present log. */
  function changedAfter(userId: string, since: string): ReturnType<World['followed']> | undefined {
    const log = world.log(userId);
    const from = log.indexAfter(since);
    if (from === undefined) return undefined;
    const ids = new Set<string>();
    for (let index = log.record.length - 1; index >= from; index -= 1)
      ids.add((log.record[index] as StatusChanged).data.contract.id);
    return [...ids].flatMap((id) => world.contractOf(userId, id) ?? []);
  }

  function take(userId: string, cursor: string | undefined): Snapshot {
    const log = world.log(userId);
    const changed = cursor === undefined ? undefined : changedAfter(userId, cursor);
    const since = changed === undefined ? null : (cursor ?? null);
    // Contracts are replaced, never changed in place, so references are a consistent picture of this moment.
    const items = (changed ?? world.followed(userId)).map((state): SnapshotItem => {
      const lastEvent = log.latest(state.contract.id) ?? null;
      return {
        contract: state.contract,
        status: state.status,
        since: state.since,
        severity: state.severity,
        actionRequired: state.actionRequired,
        lastEventId: lastEvent?.id ?? null,
        lastEvent,
      };
    });
    return { id: randomUUID(), asOf: log.head(), at: clock.at(), takenAt: clock.real(), items, since };
  }

  function page(snapshot: Snapshot, offset: number): SnapshotPage {
    const end = offset + PAGE_SIZE;
    return {
      asOf: snapshot.asOf,
      at: snapshot.at,
      total: snapshot.items.length,
      contracts: snapshot.items.slice(offset, end),
      next: end < snapshot.items.length ? `${snapshot.id}.${end}` : null,
      since: snapshot.since,
    };
  }

  return {
    first(userId, since) {
      const snapshot = take(userId, since);
      if (snapshot.items.length > PAGE_SIZE)
        kept.set(userId, [...(kept.get(userId) ?? []), snapshot].slice(-KEPT_PER_USER));
      return page(snapshot, 0);
    },
    next(userId, token) {
      const [id, offset] = token.split('.');
      const snapshot = kept.get(userId)?.find((candidate) => candidate.id === id);
      if (!snapshot || clock.real() - snapshot.takenAt > ttlMs || !/^\d{1,9}$/.test(offset ?? ''))
        throw createProblem(
          410,
          'Snapshot gone',
          'This snapshot is no longer kept: begin again with page one.',
        );
      return page(snapshot, Number(offset));
    },
  };
}
