import { afterEach, describe, expect, test } from 'vitest';
import { ALL, until } from '../rig.ts';
import { said } from '../said.ts';
import { createScene } from '../scene.ts';
import type { Scene } from '../scene.ts';
import { startSquid } from './squid.ts';
import type { Squid } from './squid.ts';

describe.runIf(process.platform === 'linux')('squid between app and server', () => {
  let scene: Scene;
  let squid: Squid;
  afterEach(async () => {
    await scene.close();
    await squid.stop();
  });

  test('followed through it, cut, its own page of an error for a while: everything once, in order, and said', async () => {
    scene = await createScene({ world: { transports: ['sse', 'long_poll'] } });
    const { rig, server, userId, ...more } = scene;
    squid = await startSquid(server.port);
    await rig.signIn(squid.url);
    await more.live();
    await rig.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 50 } });
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
      () => said(rig.window).includes('the server answered with error 503'),
      () => `its answer to be said, but ${said(rig.window)}`,
    );
    await back;
    server.control.advance(5, userId);
    await more.live();
    await more.complete();
    expect(said(rig.window)).toMatch(/^Live\. .*Complete up to/);
    await more.proveExact();
  });
});
