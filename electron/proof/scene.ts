import { isDeepStrictEqual } from 'node:util';
import { expect, vi } from 'vitest';
import { startServer } from '../../server-mock/index.ts';
import type { MockServer, ServerOptions } from '../../server-mock/types.ts';
import type { World } from '../core-types.ts';
import { createRig, until } from './rig.ts';
import type { Rig } from './rig.ts';
import { checkIntegrity, readStored } from './stored.ts';

// Whole apps on a machine that may be busy with other things: each wait has its own, shorter deadline.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

/** A server and an app, both real. */
export interface Scene {
  readonly server: MockServer;
  readonly rig: Rig;
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

export interface SceneOptions {
  readonly server?: Partial<ServerOptions>;
  readonly world?: Partial<World>;
}

const USER = 'u42';

export async function createScene(options: SceneOptions = {}): Promise<Scene> {
  const server = await startServer({
    contracts: 8,
    backlog: 12,
    heartbeatMs: 100,
    retryMs: 20,
    ...options.server,
  });
  const rig = await createRig(options.world);
  const before = new Set(server.control.published(USER).map((event) => event.id));
  const ids = (): readonly string[] =>
    server.control.published(USER).flatMap((event) => (before.has(event.id) ? [] : [event.id]));
  function stored(): readonly string[] {
    try {
      return readStored(rig.world.ledgerPath, USER).flatMap((event) =>
        before.has(event.id) ? [] : [event.id],
      );
    } catch {
      return [];
    }
  }

  const scene: Scene = {
    server,
    rig,
    userId: USER,
    published: ids,
    stored,
    live: () =>
      until(
        // A foreign server names no heads, so more than that is not known of it.
        () => rig.phase() === (options.server?.foreign === true ? 'connected' : 'live'),
        () => `live, but ${describe(rig)}`,
      ),
    async complete(withinMs = 60_000) {
      const head = (): string | null => server.control.head(USER);
      await until(
        () => {
          const receipt = rig.window.receipt();
          return receipt?.verdict === 'complete' && receipt.upToId === head();
        },
        () => `complete up to ${head()}, but ${describe(rig)}`,
        withinMs,
      );
      await until(() => isDeepStrictEqual(stored(), ids()), 'what is stored to be what was published').catch(
        () => expect(stored()).toEqual(ids()),
      );
    },
    async proveExact() {
      await rig.core.close();
      expect(checkIntegrity(rig.world.ledgerPath)).toBe('ok');
      expect(stored()).toEqual(ids());
    },
    async close() {
      await rig.close();
      await server.close();
    },
  };
  return scene;
}

/** What the window was told last, short enough for a failure's message. */
export function describe(rig: Rig): string {
  const receipt = rig.window.receipt();
  const holes = receipt?.openHoles ?? [];
  return JSON.stringify({
    folder: rig.folder,
    connection: rig.window.connection()?.state,
    session: rig.window.session(),
    verdict: receipt?.verdict,
    upToId: receipt?.upToId,
    openHoles: holes.length,
    firstHoles: holes.slice(0, 2),
  });
}
