import type { Model } from './model.ts';
import type { Said } from './said.ts';
import type { Claim, Others, Sentence, SentenceKey } from './sentence.ts';

/** A sentence that was said while it was not so, or not said although it was. */
export interface Violation {
  readonly key: string;
  readonly fault: 'untrue' | 'unsaid' | 'unknown';
  readonly text: string;
}

/** How often each sentence was met in one world or many. */
export interface Counts {
  readonly appeared: Map<string, number>;
  readonly withheld: Map<string, number>;
}

export interface Judge {
  /** Compares everything that is said now with the model. Each key is told once. */
  look(model: Model, said: readonly Said[]): readonly Violation[];
  /** The app has ended: nothing is said any more, and nothing was promised for longer. */
  reset(): void;
}

/** What is told on its way to the window, at most four times a second, and a step of the clock. */
const GRACE_MS = 2_000;

export const newCounts = (): Counts => ({ appeared: new Map(), withheld: new Map() });

export function createJudge(table: Readonly<Record<string, Sentence>>, counts: Counts): Judge {
  /** Since when a sentence has been said untruly, or has been owed. */
  const untrueSince = new Map<string, number>();
  const owedSince = new Map<string, number>();
  const told = new Set<string>();
  const claims = Object.entries(table).flatMap(([key, sentence]) =>
    'means' in sentence ? [[key, sentence] as const] : [],
  );

  function add(map: Map<string, number>, key: string): void {
    map.set(key, (map.get(key) ?? 0) + 1);
  }

  function judgeOne(
    model: Model,
    key: string,
    claim: Claim,
    sayings: readonly Said[],
    others: Others,
  ): Violation | null {
    const untrue = sayings.find((one) => !claim.when(model, one.args, others));
    if (untrue === undefined) {
      untrueSince.delete(key);
      return null;
    }
    const since = untrueSince.get(key) ?? model.now;
    untrueSince.set(key, since);
    if (model.now - since <= (claim.graceMs ?? GRACE_MS)) return null;
    const what = `“${key}” ${JSON.stringify(untrue.args)} has been said for ${model.now - since} ms while it was not so`;
    return { key, fault: 'untrue', text: `${what}. It means: ${claim.means}.` };
  }

  function judgeOwed(model: Model, key: string, { must, means }: Claim, others: Others): Violation | null {
    if (must === undefined) return null;
    const saidInstead = [key as SentenceKey, ...(must.or ?? [])].some((one) => others.has(one));
    if (saidInstead || !must.when(model)) {
      owedSince.delete(key);
      return null;
    }
    const since = owedSince.get(key) ?? model.now;
    owedSince.set(key, since);
    if (model.now - since <= must.withinMs) return null;
    return {
      key,
      fault: 'unsaid',
      text: `“${key}” has been so for ${model.now - since} ms and was not said. It means: ${means}.`,
    };
  }

  return {
    look(model, said) {
      const byKey = groupByKey(said);
      const others: Others = { has: (key) => byKey.has(key) };
      const found: Violation[] = [];
      for (const key of byKey.keys()) {
        if (table[key] === undefined && !key.startsWith('time.')) {
          found.push({ key, fault: 'unknown', text: `“${key}” is said and is not in the table` });
        }
      }
      for (const [key, claim] of claims) {
        const sayings = byKey.get(key) ?? [];
        add(sayings.length > 0 ? counts.appeared : counts.withheld, key);
        const violation =
          judgeOne(model, key, claim, sayings, others) ??
          (model.runningMs > 0 ? judgeOwed(model, key, claim, others) : null);
        if (violation !== null) found.push(violation);
      }
      const fresh = found.filter(({ key }) => !told.has(key));
      for (const { key } of fresh) told.add(key);
      return fresh;
    },
    reset() {
      untrueSince.clear();
      owedSince.clear();
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
