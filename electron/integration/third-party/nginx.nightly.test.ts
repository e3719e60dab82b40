import { afterEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../../server-mock/http/certificate.ts';
import { createNodeHttp } from '../../ports/node-http.ts';
import { ALL, until } from '../harness.ts';
import { said } from '../said.ts';
import { createBehind, median } from './behind.ts';
import type { Behind } from './behind.ts';
import { BUFFERED, STREAMED } from './nginx.ts';

/** The pauses of a real connection, a tenth as long: what grows can be seen to grow. */
const TENTH = {
  retryMs: 100,
  minRetryMs: 50,
  maxRetryMs: 6_000,
  healthyMs: 500,
  headersMs: 5_000,
  firstByteMs: 5_000,
  idleMs: 9_000,
};

describe.runIf(process.platform === 'linux')('nginx between app and server', () => {
  let behind: Behind | null = null;
  afterEach(async () => {
    await behind?.close();
    behind = null;
  });

  async function begin(...options: Parameters<typeof createBehind>): Promise<Behind> {
    behind = await createBehind(...options);
    return behind;
  }

  async function enter({ harness, nginx, live }: Behind, prefix = ''): Promise<void> {
    await harness.signIn(nginx.url + prefix);
    await live();
    await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 50 } });
  }

  test('it compresses event streams where it may: each change at once, and live', async () => {
    const it = await begin({
      location: `${STREAMED} gzip on; gzip_proxied any; gzip_min_length 0; gzip_types text/event-stream application/json;`,
    });
    await enter(it);
    const late = await it.steady(20, 50);
    expect(median(late)).toBeLessThan(500);
    await it.says(/^Live\. .* as they happen\. Complete/);
    await it.complete();
    await it.proveExact();
  });

  test('TLS with HTTP/2 offered: the same, and through a cut', async () => {
    const tls = await makeCertificate();
    const it = await begin({ tls }, { deps: { createHttp: () => createNodeHttp({ ca: tls.cert }) } });
    await enter(it);
    await it.steady(5, 20);
    await it.nginx.reload({});
    await it.steady(5, 20);
    await it.complete();
    await it.proveExact();
  });

  test('below a path of its own', async () => {
    const it = await begin();
    await it.nginx.reload({
      server: `location /contracts/ { proxy_pass ${it.server.url}/; ${STREAMED} }`,
      location: `${STREAMED} return 404;`,
    });
    await enter(it, '/contracts');
    await it.steady(5, 20);
    await it.nginx.reload({});
    await it.steady(5, 20);
    await it.complete();
    await it.proveExact();
  });

  test('its defaults hold steady traffic back, never silent for long: noticed, said, and the changes come', async () => {
    // A buffer of 4 KiB is full after about five changes, ten seconds: less than two heartbeats. Half of the heads are over 5 s late.
    const it = await begin(
      { location: BUFFERED },
      {
        server: { heartbeatMs: 6_000 },
        deps: { limits: { ...TENTH, firstByteMs: 30_000, idleMs: 60_000 } },
      },
    );
    const traffic = new AbortController();
    const busy = setInterval(() => it.server.control.publish(it.userId), 2_000);
    traffic.signal.addEventListener('abort', () => clearInterval(busy));
    try {
      await enter(it);
      await it.says(/^Live, slower connection\. .* holds the live stream back/, 120_000);
    } finally {
      traffic.abort();
    }
    it.sayings();
    expect(median(await it.steady(10, 300))).toBeLessThan(1_000);
    expect(it.sayings().filter((words) => words.includes('as they happen'))).toEqual([]);
    await it.complete();
    await it.proveExact();
  });

  test('it cuts a quiet stream again and again: the pauses do not grow', async () => {
    const it = await begin(
      { location: `${STREAMED} proxy_read_timeout 2s;` },
      { server: { heartbeatMs: 15_000, retryMs: 100 }, deps: { limits: TENTH } },
    );
    await enter(it);
    const late = await it.steady(8, 3_000);
    expect(Math.max(...late)).toBeLessThan(1_000);
    const streams = it.server.control.requests().filter(({ path }) => path === '/api/events');
    expect(streams.length).toBeGreaterThanOrEqual(5);
    await it.proveExact();
  });

  test.each([
    [502, 'the server is down'],
    [503, 'maintenance'],
    [404, 'the server is not deployed yet'],
  ])(
    '%i and a page of HTML for a while (%s): signed in all the same, nothing promised, all there afterwards',
    async (status) => {
      const it = await begin();
      await enter(it);
      await it.steady(3, 20);
      await it.complete();
      it.sayings();
      await it.nginx.reload({ location: `${STREAMED} return ${status};` });
      await it.says(/^No connection/);
      it.server.control.advance(7, it.userId);
      // Several tries, by stream and by polling.
      await it.answered(`GET /api/events ${status}`, 5);
      // Between two tries; while one runs, it is connecting.
      await it.says(/^No connection/);
      expect(it.harness.window.session()).toMatchObject({ state: 'signed_in' });
      await it.nginx.reload({ location: STREAMED });
      await it.live();
      await it.complete();
      await it.proveExact();
    },
  );

  test('at the first look its page says 404 in place of the snapshot: asked again, and complete only then', async () => {
    const contracts = 9;
    const it = await begin(
      { server: 'location = /api/contracts { return 404; }' },
      { server: { contracts, backlog: 0 } },
    );
    await it.harness.signIn(it.nginx.url);
    const opened = await it.harness.core.handle('view:open', {
      filter: ALL,
      range: { offset: 0, limit: 50 },
    });
    const total = (): number => it.harness.window.batches().at(-1)?.total ?? opened.total;
    it.server.control.advance(3, it.userId);
    await until(() => it.stored().length === 3, 'what the stream brings');
    await it.answered('GET /api/contracts 404', 1);
    expect(total()).toBeLessThan(contracts);
    expect(it.sayings().filter((words) => /Complete|none missing/.test(words))).toEqual([]);
    await it.nginx.reload({ server: '' });
    await until(
      () => total() >= contracts,
      () => `${contracts} contracts, not ${total()}; ${said(it.harness.window)}`,
    );
    await it.complete();
    await it.proveExact();
  });

  test('its gate asks for a password of its own for a while: signed in all the same', async () => {
    const it = await begin();
    await enter(it);
    await it.nginx.reload({ location: `${STREAMED} auth_basic "staff only"; auth_basic_user_file none;` });
    await it.says(/^No connection/);
    it.server.control.advance(4, it.userId);
    await it.answered('GET /api/events 401', 5);
    expect(it.harness.window.session()).toMatchObject({ state: 'signed_in' });
    expect(it.sayings().filter((words) => words.includes('Sign in again'))).toEqual([]);
    await it.nginx.reload({ location: STREAMED });
    await it.live();
    await it.complete();
    await it.proveExact();
  });

  test('a page of HTML in answer to an acknowledgement: sent again by itself', async () => {
    const it = await begin();
    await enter(it);
    const { data } = it.server.control.publish(it.userId, { to: 'declined', actionRequired: true });
    await it.complete();
    await it.nginx.reload({
      server: `location ~ /acknowledgements$ { return 404; }`,
    });
    await it.harness.core.handle('actions:perform', {
      contractIds: [data.contract.id],
      action: { do: 'acknowledge' },
    });
    const posted = (): readonly number[] =>
      it.server.control
        .requests()
        .filter(({ method, path }) => method === 'POST' && path.endsWith('/acknowledgements'))
        .map(({ status }) => status);
    await until(
      async () => (await it.nginx.requests()).some((line) => line.startsWith('POST') && line.endsWith('404')),
      'a first try',
    );
    expect(posted()).toEqual([]);
    await it.nginx.reload({ server: '' });
    await until(() => posted().includes(201), 'the acknowledgement at the server');
  });
});
