import { afterEach, describe, expect, test } from 'vitest';
import { check, codesOf, faultsOf } from '../../check-server/testing.ts';
import { ALL, createHarness, until } from '../harness.ts';
import type { Harness } from '../harness.ts';
import { everythingSaid, said } from '../said.ts';
import { describe as describeHarness } from '../scenario.ts';
import { checkIntegrity, readStored } from '../stored.ts';
import { SERVERS, startForeign } from './foreign.ts';
import type { Change, ForeignServer, ServerName } from './foreign.ts';

describe.runIf(process.platform === 'linux')('servers that nobody here wrote', () => {
  let harness: Harness;
  let server: ForeignServer;
  afterEach(async () => {
    await harness.close();
    await server.stop();
  });

  async function begin(name: ServerName): Promise<void> {
    server = await startForeign(name);
    harness = await createHarness({ transports: ['sse', 'long_poll'] });
    await harness.signIn(server.url);
    await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 50 } });
    await until(() => server.followed(), 'the stream');
  }

  function stored(): readonly Change[] {
    try {
      return readStored(harness.deps.ledgerPath, 'u42').map(({ contractId, version }) => ({
        contractId,
        version,
      }));
    } catch {
      // Read while it was being written.
      return [];
    }
  }

  /** Everything that was published is stored, in order, once each. */
  async function exact(): Promise<void> {
    await until(
      () => stored().length >= server.published.length,
      () =>
        `${server.published.length} changes, not ${stored().length}; ${said(harness.window)} ${describeHarness(harness)}`,
      20_000,
    );
    expect(stored()).toEqual(server.published);
  }

  async function proveExact(): Promise<void> {
    await harness.core.close();
    expect(checkIntegrity(harness.deps.ledgerPath)).toBe('ok');
    expect(stored()).toEqual(server.published);
  }

  test.each(SERVERS)(
    '%s: followed, and taken up again after the app was away; no more is said than can be known',
    async (name) => {
      await begin(name);
      await server.publish(9);
      await exact();
      await harness.restart(() => server.publish(5));
      await exact();
      await server.publish(3);
      await exact();
      expect(everythingSaid(harness.window).filter((words) => /Complete|none missing/.test(words))).toEqual(
        [],
      );
      await proveExact();
    },
  );

  test.each(SERVERS)(
    '%s: more than a change a second for a while: connected, not for ever catching up',
    async (name) => {
      await begin(name);
      const begun = performance.now();
      for (let n = 0; n < 60; n += 1) {
        await until(() => performance.now() >= begun + n * 100, 'its turn');
        await server.publish(1);
      }
      await exact();
      expect(said(harness.window)).not.toMatch(/^Catching up/);
      await proveExact();
    },
  );

  test.each(['better-sse', '@fastify/sse'] as const)(
    '%s: restarted, it counts from 1 again: every change stored, and said',
    async (name) => {
      await begin(name);
      await server.publish(8);
      await exact();
      await server.restart();
      await until(() => server.followed(), 'the stream again');
      await server.publish(8);
      await exact();
      expect(said(harness.window)).not.toMatch(/Complete|none missing/);
      await proveExact();
    },
  );

  test.each(SERVERS)(
    '%s: check-server reads its events, and finds no fault but what it has',
    async (name) => {
      await begin(name);
      await server.publish(6);
      const report = await check(server.url, {
        credentials: { kind: 'password', username: 'anna', password: 'anna-demo' },
        ms: 6_000,
        noHeartbeatMs: 5_000,
      });
      expect(faultsOf(report)).toEqual([]);
      expect(codesOf(report)).toEqual(
        expect.arrayContaining(['signed_in', 'events_ok', 'ids_opaque', 'heads_none', 'resume_ok']),
      );
      expect(report.verdict).not.toBe('complete');
    },
  );

  test('nchan: restarted, what it kept is gone, its ids go on: followed on', async () => {
    await begin('nchan');
    await server.publish(5);
    await exact();
    await server.restart();
    await until(() => server.followed(), 'the stream again');
    await server.publish(5);
    await exact();
    await proveExact();
  });
});
