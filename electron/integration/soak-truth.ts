import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { StatusChanged } from '../../protocol/event.ts';
import type { Control } from '../../server-mock/types.ts';
import { sayConnection, sayReceipt } from './said.ts';
import type { SoakSaying } from './soak-app.ts';
import { readStored } from './stored.ts';
import type { StoredEvent } from './stored.ts';

/** A contract has each version once, whatever becomes of ids. */
export const keyOfPublished = ({ data: { contract } }: StatusChanged): string =>
  `${contract.id} ${contract.version}`;
export const keyOfStored = ({ contractId, version }: StoredEvent): string => `${contractId} ${version}`;

/** What the app says, judged by what was published and by what its file holds; nothing of the app's own state is asked. */
export interface Truth {
  hear(saying: SoakSaying): void;
  /** Judges what has been said since the last look. */
  look(): Promise<void>;
  /** What has not arrived by now: when ids come again, nobody can tell any more where among the others it belongs. */
  noteUnseen(): void;
  /** As published; what was unseen when ids came again is in order within its contract. */
  isInOrder(published: readonly string[], stored: readonly string[]): boolean;
  /** What was not true, each with why. */
  lies(): readonly string[];
}

export interface TruthOptions {
  readonly control: Pick<Control, 'published'>;
  readonly userId: string;
  /** So many were published before the first look: not the app's to have one by one. */
  readonly before: number;
  readonly ledger: string;
}

/**
 * While changes "appear as they happen", each is there so soon: two heartbeats of the soak until silence is noticed, a
 * connection made anew, and a busy machine.
 */
const SOON_MS = 8_000;
/** A file that is read while it is written may look torn: what looks untrue is looked at again. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 300;

/** "Complete up to event N": everything published up to there is stored. */
interface CompleteClaim {
  readonly words: string;
  /** How many were published up to each event that has this id: ids come again, and a message may be on its way meanwhile. */
  readonly upTo: readonly number[];
}

export function createTruth({ control, userId, before, ledger }: TruthOptions): Truth {
  const lies: string[] = [];
  const unseen = new Set<string>();
  const publishedBy: { readonly at: number; readonly count: number }[] = [];
  let claims: CompleteClaim[] = [];
  let words = '';
  let liveSince: number | null = null;
  let claimsNoGap = false;

  function hear({ connection, receipt }: SoakSaying): void {
    const now = Date.now();
    const ofConnection = connection === null ? '' : sayConnection(connection, now);
    const ofReceipt = receipt === null ? '' : sayReceipt(receipt, connection, now);
    const next = `${ofConnection} ${ofReceipt}`;
    if (next === words) return;
    words = next;
    // An open gap is said beside it.
    const isLive = ofConnection.includes('as they happen') && !/gaps? (is|are) open/.test(ofReceipt);
    liveSince = isLive ? (liveSince ?? performance.now()) : null;
    claimsNoGap = /^(Complete|No gap)/.test(ofReceipt);
    if (receipt === null || !/Complete|none missing/.test(ofReceipt)) return;
    const upTo = control
      .published(userId)
      .flatMap(({ id }, index) => (id === receipt.upToId ? [index + 1] : []));
    if (upTo.length === 0 && receipt.upToId !== null)
      lies.push(`${words}: ${receipt.upToId} was never published`);
    else claims.push({ words, upTo: receipt.upToId === null ? [0] : upTo });
  }

  /** What is untrue by what the file holds now; null where it could not be read. */
  function judge(claimed: readonly CompleteClaim[], soonBy: number | null): readonly string[] | null {
    const published = control.published(userId).map(keyOfPublished);
    const keys = readKeys();
    if (keys === null) return null;
    const stored = new Set(keys);
    const missing = published.flatMap((key, index) => (index < before || stored.has(key) ? [] : [index]));
    const [first = published.length] = missing;
    const found = claimed
      .filter(({ upTo }) => upTo.every((count) => first < count))
      .map((claim) => `${claim.words}: ${published[first]} (published ${first + 1}.) is not stored`);
    if (soonBy !== null && first < soonBy)
      found.push(
        `${words}: ${published[first]} (published ${first + 1}.) did not appear within ${SOON_MS} ms`,
      );
    const newest = published.findLastIndex((key) => stored.has(key));
    if (claimsNoGap && first < newest) found.push(`${words}: ${published[first]} is missing below others`);
    return found;
  }

  function readKeys(): readonly string[] | null {
    try {
      return readStored(ledger, userId).map(keyOfStored);
    } catch {
      return null;
    }
  }

  return {
    hear,
    noteUnseen() {
      const stored = new Set(readKeys());
      for (const key of control.published(userId).map(keyOfPublished)) if (!stored.has(key)) unseen.add(key);
    },
    isInOrder(published, stored) {
      const placed = (keys: readonly string[]): readonly string[] => keys.filter((key) => !unseen.has(key));
      const ofContracts = new Map<string, number>();
      const rises = stored.every((key) => {
        const [contractId = '', version = ''] = key.split(' ');
        const above = Number(version) > (ofContracts.get(contractId) ?? 0);
        ofContracts.set(contractId, Number(version));
        return above;
      });
      return rises && isDeepStrictEqual(placed(stored), placed(published));
    },
    async look() {
      const now = performance.now();
      publishedBy.push({ at: now, count: control.published(userId).length });
      const claimed = claims;
      claims = [];
      const since = liveSince;
      const saidAtFirst = words;
      const soonBy =
        since !== null && now - since > SOON_MS
          ? (publishedBy.findLast(({ at }) => now - at >= SOON_MS)?.count ?? null)
          : null;
      let found: readonly string[] | null = null;
      for (let look = 0; look < LOOKS; look += 1) {
        found = judge(claimed, liveSince === since ? soonBy : null);
        if (found?.length === 0) return;
        await pause(LOOK_AGAIN_MS);
      }
      // What it says of now counts only where it went on saying it.
      const claimedWords = new Set(claimed.map((claim) => claim.words));
      for (const lie of found ?? []) {
        if (words === saidAtFirst || [...claimedWords].some((text) => lie.startsWith(text))) lies.push(lie);
      }
    },
    lies: () => lies,
  };
}
