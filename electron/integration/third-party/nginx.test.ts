import { afterEach, describe, expect, test } from 'vitest';
import type { ContractRow } from '../../../protocol/view.ts';
import { ALL, until } from '../harness.ts';
import { said } from '../said.ts';
import { createScenario, describe as describeHarness } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { BUFFERED, startNginx, STREAMED } from './nginx.ts';
import type { Nginx } from './nginx.ts';

// Elsewhere nginx is no part of the system's packages, and what it does is the same.
describe.runIf(process.platform === 'linux')('behind the nginx of this system', () => {
  let scenario: Scenario;
  let nginx: Nginx;

  afterEach(async () => {
    await scenario.close();
    await nginx.stop();
  });

  test('signed in through it, cut in mid-stream, buffered and streamed again: everything once, in order, and said', async () => {
    scenario = await createScenario({
      server: { heartbeatMs: 200 },
      deps: {
        transports: ['sse', 'long_poll'],
        limits: {
          retryMs: 20,
          minRetryMs: 10,
          maxRetryMs: 100,
          healthyMs: 1_000,
          firstByteMs: 600,
          idleMs: 3_000,
          returnMs: 300,
        },
      },
    });
    const { harness, server, userId, ...more } = scenario;
    nginx = await startNginx({ upstream: server.url, location: STREAMED });
    await harness.signIn(nginx.url);
    await more.live();
    expect(said(harness.window)).toContain('Live. Connected to 127.0.0.1');

    await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 50 } });
    const seen = harness.window.batches().length;
    for (let n = 1; n <= 10; n += 1) {
      const contract = server.control.advance(1, userId).find(({ source }) => source === `/streams/${userId}`)
        ?.data.contract;
      const isIt = (row: ContractRow): boolean =>
        row.contractId === contract?.id && row.version === contract.version;
      await until(
        () =>
          harness.window
            .batches()
            .slice(seen)
            .some((batch) => batch.rows.some(isIt)),
        `row ${n}, just published`,
      );
    }
    await more.complete();

    for (let n = 0; n < 5; n += 1) server.control.advance(4, userId);
    await nginx.reload({});
    server.control.advance(20, userId);
    await more.live();
    await more.complete();
    expect(harness.window.connection()?.transport).toBe('sse');
    const streams = server.control.requests().filter(({ path }) => path === '/api/events');
    expect(streams.at(-1)?.lastEventId).not.toBeNull();

    await nginx.reload({ location: BUFFERED });
    server.control.advance(2, userId);
    await until(
      () => said(harness.window).includes('Live, slower connection.'),
      () => `the held-back stream to be said; ${said(harness.window)} ${describeHarness(harness)}`,
    );
    expect(said(harness.window)).toContain('holds the live stream back');
    expect(said(harness.window)).not.toContain('as they happen');
    server.control.advance(5, userId);
    await more.complete();

    await nginx.reload({ location: STREAMED });
    await until(
      () => harness.window.connection()?.transport === 'sse' && harness.phase() === 'live',
      () => `the live stream again; ${said(harness.window)}`,
    );
    server.control.advance(5, userId);
    await more.complete();
    expect(said(harness.window)).toMatch(/Changes appear as they happen\. Complete up to .*, event \d+\./);
    await more.proveExact();
  });
});
