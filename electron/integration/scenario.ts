import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { startServer } from '../../server-mock/index.ts';
import type { MockServer, ServerOptions } from '../../server-mock/types.ts';
import type { CoreDependencies } from '../app/core-types.ts';
import { createHarness, until } from './harness.ts';
import type { Harness } from './harness.ts';
import { checkIntegrity, readStored } from './stored.ts';

/** A server and an app, both real. */
export interface Scenario {
  readonly server: MockServer;
  readonly harness: Harness;
  readonly userId: string;
  /** Ids published since the scene began, in order. */
  published(): readonly string[];
  /** Ids that the ledger's file holds, of those the scene published, in the order of their positions; [] for a torn glance. */
  stored(): readonly string[];
  live(): Promise<void>;
  /** Everything published is stored, in order, once each, and the receipt says complete. */
  complete(withinMs?: number): Promise<void>;
  /** Closes the app and demands of its file: intact, and exactly what was published, in order, once each. */
  proveExact(): Promise<void>;
  close(): Promise<void>;
}

export interface ScenarioOptions {
  readonly server?: Partial<ServerOptions>;
  readonly deps?: Partial<CoreDependencies>;
}

const USER = 'u42';

export async function createScenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const server = await startServer({
    contracts: 8,
    backlog: 12,
    heartbeatMs: 100,
    retryMs: 20,
    ...options.server,
  });
  const harness = await createHarness(options.deps);
  const before = new Set(server.control.published(USER).map((event) => event.id));
  const ids = (): readonly string[] =>
    server.control.published(USER).flatMap((event) => (before.has(event.id) ? [] : [event.id]));
  function stored(): readonly string[] {
    try {
      return readStored(harness.deps.ledgerPath, USER).flatMap((event) =>
        before.has(event.id) ? [] : [event.id],
      );
    } catch {
      return [];
    }
  }

  const scenario: Scenario = {
    server,
    harness,
    userId: USER,
    published: ids,
    stored,
    live: () =>
      until(
        // A foreign server names no heads, so more than that is not known of it.
        () => harness.phase() === (options.server?.foreign === true ? 'connected' : 'live'),
        () => `live, but ${describe(harness)}`,
      ),
    async complete(withinMs = 60_000) {
      const head = (): string | null => server.control.head(USER);
      await until(
        () => {
          const receipt = harness.window.receipt();
          return receipt?.verdict === 'complete' && receipt.upToId === head();
        },
        () => `complete up to ${head()}, but ${describe(harness)}`,
        withinMs,
      );
      await until(() => isDeepStrictEqual(stored(), ids()), 'what is stored to be what was published').catch(
        () => expect(stored()).toEqual(ids()),
      );
    },
    async proveExact() {
      await harness.core.close();
      expect(checkIntegrity(harness.deps.ledgerPath)).toBe('ok');
      expect(stored()).toEqual(ids());
    },
    async close() {
      await harness.close();
      await server.close();
    },
  };
  return scenario;
}

/** What the window was told last, short enough for a failure's message. */
export function describe(harness: Harness): string {
  const receipt = harness.window.receipt();
  const gaps = receipt?.openGaps ?? [];
  return JSON.stringify({
    folder: harness.folder,
    connection: harness.window.connection()?.state,
    session: harness.window.session(),
    verdict: receipt?.verdict,
    upToId: receipt?.upToId,
    openGaps: gaps.length,
    firstGaps: gaps.slice(0, 2),
  });
}
