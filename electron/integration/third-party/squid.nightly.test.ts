import { afterEach, describe, expect, test } from 'vitest';
import { ALL, until } from '../harness.ts';
import { said } from '../said.ts';
import { createScenario } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { startSquid } from './squid.ts';
import type { Squid } from './squid.ts';

describe.runIf(process.platform === 'linux')('squid between app and server', () => {
  let scenario: Scenario;
  let squid: Squid;
  afterEach(async () => {
    await scenario.close();
    await squid.stop();
  });

  test('followed through it, cut, its own page of an error for a while: everything once, in order, and said', async () => {
    scenario = await createScenario({ deps: { transports: ['sse', 'long_poll'] } });
    const { harness, server, userId, ...more } = scenario;
    squid = await startSquid(server.port);
    await harness.signIn(squid.url);
    await more.live();
    await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 50 } });
    for (let n = 0; n < 10; n += 1) server.control.advance(2, userId);
    await more.complete();
    server.control.advance(5, userId);
    await squid.restart();
    server.control.advance(5, userId);
    await more.live();
    await more.complete();
    // The server is gone: squid answers 503 with a page of its own.
    const back = server.control.restart(3_000);
    await until(
      () => said(harness.window).includes('the server answered with error 503'),
      () => `its answer to be said, but ${said(harness.window)}`,
    );
    await back;
    server.control.advance(5, userId);
    await more.live();
    await more.complete();
    expect(said(harness.window)).toMatch(/^Live\. .*Complete up to/);
    await more.proveExact();
  });
});
