import type { StreamItem } from '../../stream/types.ts';
import { change, envelope, garbage, head, idOf, snapshotItem, stale, START, type Envelope } from './make.ts';
import type { Fixture } from './fixture.ts';
import type { SnapshotContract } from '../ingest.ts';

/** What a test does to one delivery. Probabilities are in percent of the events delivered. */
export interface Faults {
  readonly omit: number;
  readonly duplicate: number;
  readonly swap: number;
  readonly garble: number;
}

export const NO_FAULTS: Faults = { omit: 0, duplicate: 0, swap: 0, garble: 0 };

/** A server's log of one user, with a stream that may lie by `Faults`, a snapshot and histories that do not. */
export interface Model {
  readonly log: readonly Envelope[];
  publish(contract: number): void;
  newEpoch(): void;
  /** Whether all that was ever told is of the present epoch. */
  isOneEpoch(): boolean;
  /** What the stream brings of everything not delivered yet. `chance()`: 0 … 99. */
  deliver(faults: Faults, chance: () => number): StreamItem[];
  /** The server forgets what was not delivered and says so. */
  forget(): StreamItem[];
  /** A client connects with this cursor: what is to be streamed from here on; StreamStale when it does not fit. */
  connect(cursor: string | null): StreamItem[];
  /** The server comes back from a backup without its newest events of this epoch: at most `count`, keeping `floor`. */
  goBack(count: number, floor: number): void;
  /** What is published from now on differs from what the log held before: nobody could tell the two apart otherwise. */
  changeContent(): void;
  /** The server forgets everything and counts events and versions from 1 again, in the same epoch. */
  beginAgain(): void;
  /** How many of the log were there before the account began. */
  before(): number;
  /** Everything readable that the stream brought, whether the server still has it or not. */
  readonly told: readonly Envelope[];
  /** What the log does not hold any more, each with how many events had been published when it was lost. */
  readonly lost: readonly { readonly event: Envelope; readonly at: number }[];
  /** The number of this event among all that were ever published. */
  numberOf(event: Envelope): number;
  /**
   * Whether this event may pass for one that the log has lost: its id was that one's, which never came so that it could be
   * read, histories do not tell of it either, and what came of the contract at that time leaves this version's place free.
   */
  mayPassForLost(event: Envelope): boolean;
  /** The newest `count` delivered events once more. */
  replay(count: number): StreamItem[];
  head(): StreamItem;
  /** The server's time, RFC 3339. */
  at(): string;
  headId(): string | null;
  /** As it was `behind` events ago (in this epoch), default now. */
  snapshot(
    behind?: number,
    baseline?: boolean,
  ): { readonly asOf: string | null; readonly items: SnapshotContract[] };
  /** What changed after this event, newest first; null where it has no place in the present log. */
  preview(since: string): { readonly asOf: string; readonly items: SnapshotContract[] } | null;
  history(contractId: string): Envelope[];
}

/** `remembers`: histories hold what the log has lost as well, under ids that it has used again. */
export function createModel(remembers = false): Model {
  const log: Envelope[] = [];
  const numbers = new Map<Envelope, number>();
  const lost: { readonly event: Envelope; readonly at: number }[] = [];
  const lose = (event: Envelope): void => void lost.push({ event, at: numbers.size });
  const versions = new Map<string, number>();
  let epoch = 7;
  let sequence = 0;
  let delivered = 0;
  let lives = 0;
  let content = 0;
  let before = 0;
  /** Server time, which goes on whatever happens to the log. */
  let seconds = 0;
  const told: Envelope[] = [];
  const ofEpoch = (event: Envelope): boolean => event.id.startsWith(`e${epoch}-`);
  const headId = (): string | null => (sequence === 0 ? null : idOf(sequence, `e${epoch}`));

  return {
    log,
    told,
    lost,
    numberOf: (event) => numbers.get(event) ?? Number.NaN,
    before: () => before,
    changeContent() {
      content++;
    },
    beginAgain() {
      log.forEach(lose);
      log.length = 0;
      versions.clear();
      sequence = delivered = before = 0;
      lives++;
    },
    publish(contract) {
      const contractId = `C-${contract}`;
      const version = (versions.get(contractId) ?? 0) + 1;
      versions.set(contractId, version);
      sequence++;
      const event = envelope(sequence, contractId, version, {
        epoch: `e${epoch}`,
        from: version === 1 ? null : 'sent',
        to: `${version === 1 ? 'sent' : 'viewed'}${content || ''}`,
        actionRequired: contract % 3 === 0,
        // What is published again after a backup is not what was published before.
        title: lives === 0 ? `Contract ${contractId}` : `Contract ${contractId}, life ${lives}`,
      });
      seconds++;
      const published = { ...event, time: new Date(START + seconds * 1000).toISOString() };
      numbers.set(published, numbers.size);
      log.push(published);
    },
    newEpoch() {
      epoch++;
      sequence = 0;
      // What the old log still held is not streamed any more.
      delivered = log.length;
    },
    isOneEpoch: () => epoch === 7,
    deliver(faults, chance) {
      const items: StreamItem[] = [];
      for (const event of log.slice(delivered).filter(ofEpoch)) {
        const item: StreamItem = itemOf(event);
        if (chance() < faults.omit) continue;
        if (chance() < faults.garble)
          items.push(garbage(event.id, item.kind === 'event' ? item.data.slice(0, -9) : ''));
        else {
          items.push(item);
          told.push(event);
        }
        if (chance() < faults.duplicate) items.push(item);
        const last = items.length - 1;
        if (last > 0 && chance() < faults.swap) {
          [items[last], items[last - 1]] = [items[last - 1] as StreamItem, items[last] as StreamItem];
        }
      }
      delivered = log.length;
      return items;
    },
    forget() {
      delivered = log.length;
      return [stale(headId())];
    },
    connect(cursor) {
      const known = log.findIndex((event) => event.id === cursor);
      const event = log[known];
      if (event && ofEpoch(event)) {
        delivered = known + 1;
        return [];
      }
      if (cursor === null && sequence === log.length) {
        delivered = 0;
        return [];
      }
      delivered = log.length;
      return [stale(headId())];
    },
    goBack(count, floor) {
      for (let i = 0; i < count && sequence > 1 && log.length > floor; i++) {
        const event = log.pop();
        if (!event) return;
        lose(event);
        sequence--;
        const { id, version } = event.data.contract;
        if (version === 1) versions.delete(id);
        else versions.set(id, version - 1);
      }
      lives++;
      delivered = Math.min(delivered, log.length);
    },
    mayPassForLost(event) {
      const { id, version } = event.data.contract;
      const lostAt = new Map(lost.map((each) => [each.event, each.at]));
      const number = numbers.get(event) ?? 0;
      const passes = (at: number): boolean =>
        told.every((each) => {
          const isOfThen = (numbers.get(each) ?? 0) < at && (lostAt.get(each) ?? at) >= at;
          if (!isOfThen || each.data.contract.id !== id || each.id === event.id) return true;
          return each.id < event.id
            ? each.data.contract.version < version
            : each.data.contract.version > version;
        });
      return lost.some(
        ({ event: old, at }) =>
          !remembers && old.id === event.id && at <= number && !told.includes(old) && passes(at),
      );
    },
    replay: (count) => log.slice(0, delivered).filter(ofEpoch).slice(-count).map(itemOf),
    head() {
      seconds++;
      return head(headId(), START + seconds * 1000);
    },
    headId,
    at: () => new Date(START + seconds * 1000).toISOString(),
    snapshot(behind = 0, baseline = false) {
      if (baseline) {
        before = log.length;
        told.length = 0;
      }
      const ago = Math.min(behind, sequence);
      const last = new Map<string, Envelope>();
      const since = new Map<string, string>();
      for (const event of log.slice(0, log.length - ago)) {
        const { contract, change } = event.data;
        if (last.get(contract.id)?.data.change.to !== change.to) since.set(contract.id, event.time);
        last.set(contract.id, event);
      }
      return {
        asOf: sequence === ago ? null : idOf(sequence - ago, `e${epoch}`),
        items: [...last].map(([id, event]) => ({ ...snapshotItem(event), since: since.get(id) ?? '' })),
      };
    },
    preview(since) {
      const asOf = headId();
      const from = log.findIndex((event) => event.id === since);
      if (asOf === null || from === -1 || !ofEpoch(log[from] as Envelope)) return null;
      const after = new Set(log.slice(from + 1).map((event) => event.data.contract.id));
      const items = this.snapshot().items.filter((item) => after.has(item.contract.id));
      return { asOf, items: items.sort((a, b) => ((a.lastEventId ?? '') < (b.lastEventId ?? '') ? 1 : -1)) };
    },
    history: (contractId) =>
      (remembers ? [...numbers.keys()] : log).filter((event) => event.data.contract.id === contractId),
  };
}

function itemOf(event: Envelope): StreamItem {
  const item = change(1, 'C', 1);
  return item.kind === 'event' ? { ...item, id: event.id, data: JSON.stringify(event) } : item;
}

/** One repair as `sync` does it: snapshot, the histories it asks for, settle. */
export async function repair(
  fixture: Fixture,
  model: Model,
  now: number,
  poor: { readonly behind: number; readonly lost: () => boolean } = { behind: 0, lost: () => false },
): Promise<{ readonly healed: number; readonly open: number }> {
  const { asOf, items } = model.snapshot(poor.behind);
  const { needHistory } = await fixture.snapshot(asOf, items, now);
  for (const contractId of needHistory) {
    if (poor.lost()) continue;
    await fixture.history(contractId, model.history(contractId), now);
  }
  return fixture.settle(now);
}
