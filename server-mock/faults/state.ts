import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { createFrameStages } from './frames.ts';
import type { FrameStage } from './frames.ts';
import { PLAIN } from './shaper.ts';
import type { Shape } from './shaper.ts';
import type { Fault } from './types.ts';
import type { Wire } from '../stream/wire.ts';

type Kind = Fault['kind'];
export type FaultOf<K extends Kind> = Extract<Fault, { readonly kind: K }>;

/** The faults now in force and what they have used up. */
export interface Faults {
  list(): readonly Fault[];
  replace(faults: readonly Fault[]): void;
  /** Called when the list is replaced. */
  onReplace(listener: () => void): void;
  /** The stages for one connection or answer, without those faults that `skips` names. */
  frameStages(userId: string, wire: Wire, skips: (fault: Fault) => boolean): readonly FrameStage[];
  shape(): Shape;
  /** True when a stream opened now sends not even its headers. */
  holdsHeaders(): boolean;
  /** How many events before the cursor a replay begins. */
  replayEarly(): number;
  /** Ms by which every answer is late. */
  delayMs(): number;
  refuses(): boolean;
  /** The first fault of this kind that hits this request, counted against its `times`. */
  take<K extends 'status' | 'content_type' | 'redirect'>(kind: K, path: string): FaultOf<K> | undefined;
}

export function createFaults(
  seed: number,
  first: readonly Fault[],
  streamPath: string,
  onLine: (line: string) => void,
): Faults {
  // A source of its own, so that faults do not change what the simulator makes up.
  const random: Random = createRandom(seed ^ 0x5eed);
  let faults = [...first];
  let used = new Map<Fault, number>();
  const said = new Map<Kind, { at: number; since: number }>();
  const listeners: (() => void)[] = [];

  function all<K extends Kind>(kind: K): readonly FaultOf<K>[] {
    return faults.filter((fault): fault is FaultOf<K> => fault.kind === kind);
  }
  function sum(values: readonly number[]): number {
    return values.reduce((total, value) => total + value, 0);
  }
  /** One line a second and kind at most: a fault may hit every event. */
  function applied(kind: Kind): void {
    const entry = said.get(kind) ?? { at: Number.NEGATIVE_INFINITY, since: 0 };
    entry.since += 1;
    said.set(kind, entry);
    if (performance.now() - entry.at < 1000) return;
    onLine(`fault applied: ${kind}${entry.since > 1 ? ` (${entry.since} times)` : ''}`);
    entry.at = performance.now();
    entry.since = 0;
  }

  return {
    list: () => faults,
    replace(next) {
      faults = [...next];
      used = new Map();
      onLine(`faults in force: ${faults.map((fault) => fault.kind).join(', ') || 'none'}`);
      for (const listener of listeners) listener();
    },
    onReplace(listener) {
      listeners.push(listener);
    },
    frameStages(userId, wire, skips) {
      const chosen = faults.filter((fault) => !skips(fault));
      return createFrameStages(chosen, { userId, wire, random, applied });
    },
    shape() {
      if (faults.length === 0) return PLAIN;
      return {
        oneByte: all('one_byte').length > 0,
        delayMs: sum(all('delay').map((fault) => fault.ms)),
        swallow: all('buffer').some((fault) => fault.bytes === undefined),
        holdBytes: Math.max(0, ...all('buffer').map((fault) => fault.bytes ?? 0)),
      };
    },
    holdsHeaders() {
      const held =
        all('buffer').some((fault) => fault.headers === true) ||
        all('stall').some((fault) => fault.afterEvents === 0 && random.chance(fault.probability ?? 1));
      if (held) onLine('fault applied: headers held back');
      return held;
    },
    replayEarly: () => sum(all('replay_early').map((fault) => fault.events)),
    delayMs: () => sum(all('delay').map((fault) => fault.ms)),
    refuses() {
      const hit = all('refuse').some((fault) => random.chance(fault.probability ?? 1));
      if (hit) applied('refuse');
      return hit;
    },
    take(kind, path) {
      for (const fault of all(kind)) {
        const on = 'path' in fault && fault.path !== undefined ? fault.path : streamPath;
        if (on !== path && on !== '*') continue;
        const count = used.get(fault) ?? 0;
        if ('times' in fault && fault.times !== undefined && count >= fault.times) continue;
        if ('probability' in fault && !random.chance(fault.probability ?? 1)) continue;
        used.set(fault, count + 1);
        applied(kind);
        return fault;
      }
      return undefined;
    },
  };
}
