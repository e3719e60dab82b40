import type { Model } from './model.ts';
import type { Said } from './said.ts';
import type { Claim, Others, Sentence, SentenceKey } from './sentence.ts';

/** A sentence that was said while it was not so, or not said although it was. */
export interface Violation {
  readonly key: string;
  readonly fault: 'untrue' | 'unsaid' | 'unknown';
  readonly text: string;
}

/** How often each sentence was met in one world or many: so often was looked, and so often was it said. */
export interface Counts {
  looks: number;
  readonly appeared: Map<string, number>;
  /** Sentences whose bound has held at least once. */
  readonly owed: Set<string>;
}

export interface Judge {
  /** Compares everything that is said now with the model. Each key is told once. */
  look(model: Model, said: readonly Said[]): readonly Violation[];
  /** The app has ended: nothing is said any more, and nothing was promised for longer. */
  reset(): void;
}

/** What is told on its way to the window, at most four times a second, and a step of the clock. */
const GRACE_MS = 2_000;

export const newCounts = (): Counts => ({ looks: 0, appeared: new Map(), owed: new Set() });

export function countSaid({ appeared }: Counts, key: string): void {
  appeared.set(key, (appeared.get(key) ?? 0) + 1);
}

/** A claim, and since when it has been said untruly, or has been owed. */
interface Watched {
  readonly key: SentenceKey;
  readonly claim: Claim;
  /** It, and what may be said in its place. */
  readonly enough: readonly SentenceKey[];
  untrueSince: number | null;
  owedSince: number | null;
  told: boolean;
}

export function createJudge(table: Readonly<Record<string, Sentence>>, counts: Counts): Judge {
  const watched = new Map<string, Watched>();
  for (const [key, claim] of Object.entries(table)) {
    if (!('means' in claim)) continue;
    const enough = [key as SentenceKey, ...(claim.must?.or ?? [])];
    watched.set(key, {
      key: key as SentenceKey,
      claim,
      enough,
      untrueSince: null,
      owedSince: null,
      told: false,
    });
  }
  const owing = [...watched.values()].filter(({ claim }) => claim.must !== undefined);
  const unknown = new Set<string>();

  function judgeSaid(one: Watched, model: Model, sayings: readonly Said[], others: Others): Violation | null {
    const { key, claim } = one;
    const untrue = sayings.find(({ args }) => !claim.when(model, args, others));
    if (untrue === undefined) {
      one.untrueSince = null;
      return null;
    }
    one.untrueSince ??= model.now;
    const ms = model.now - one.untrueSince;
    if (ms <= (claim.graceMs ?? GRACE_MS)) return null;
    const what = `“${key}” ${JSON.stringify(untrue.args)} has been said for ${ms} ms while it was not so`;
    return { key, fault: 'untrue', text: `${what}. It means: ${claim.means}.` };
  }

  function judgeOwed(one: Watched, model: Model, others: Others): Violation | null {
    const { key, claim, enough } = one;
    if (claim.must === undefined) return null;
    if (!counts.owed.has(key) && claim.must.when(model)) counts.owed.add(key);
    if (enough.some((other) => others.has(other)) || !claim.must.when(model)) {
      one.owedSince = null;
      return null;
    }
    one.owedSince ??= model.now;
    const ms = model.now - one.owedSince;
    if (ms <= claim.must.withinMs) return null;
    const text = `“${key}” has been so for ${ms} ms and was not said. It means: ${claim.means}.`;
    return { key, fault: 'unsaid', text };
  }

  return {
    look(model, said) {
      const byKey = groupByKey(said);
      const others: Others = { has: (key) => byKey.has(key) };
      const found: Violation[] = [];
      function note(one: Watched, violation: Violation | null): void {
        if (violation === null || one.told) return;
        one.told = true;
        found.push(violation);
      }
      counts.looks += 1;
      for (const [key, sayings] of byKey) {
        const one = watched.get(key);
        if (one !== undefined) {
          countSaid(counts, key);
          note(one, judgeSaid(one, model, sayings, others));
        } else if (table[key] === undefined && !key.startsWith('time.') && !unknown.has(key)) {
          unknown.add(key);
          found.push({ key, fault: 'unknown', text: `“${key}” is said and is not in the table` });
        }
      }
      for (const one of watched.values())
        if (one.untrueSince !== null && !byKey.has(one.key)) one.untrueSince = null;
      if (model.runningMs > 0) for (const one of owing) note(one, judgeOwed(one, model, others));
      return found;
    },
    reset() {
      for (const one of watched.values()) one.untrueSince = one.owedSince = null;
    },
  };
}

function groupByKey(said: readonly Said[]): ReadonlyMap<string, readonly Said[]> {
  const groups = new Map<string, Said[]>();
  for (const one of said) {
    const group = groups.get(one.key);
    if (group === undefined) groups.set(one.key, [one]);
    else group.push(one);
  }
  return groups;
}
