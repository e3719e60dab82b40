import type { ServerResponse } from 'node:http';
import { expect } from 'playwright/test';
import { eventName } from '../protocol/control.ts';
import { startServer } from '../server-mock/index.ts';
import type { MockServer } from '../server-mock/types.ts';
import { test } from './fixtures/net.ts';

/** What a page's own EventSource was told. */
interface Heard {
  readonly signedIn: number;
  readonly contracts: number;
  readonly scriptSeesCookie: boolean;
  readonly ids: string[];
  readonly heads: number;
  readonly errors: number;
  readonly state: number;
}

type Page = typeof globalThis & { heard: { -readonly [K in keyof Heard]: Heard[K] } };

let server: MockServer | null = null;

test.afterEach(async () => {
  await server?.close();
  server = null;
});

test('a browser’s own EventSource: a cookie for the stream alone, from allowed origins, resumed after a cut', async ({
  electron,
  listen,
}) => {
  const page = (_: unknown, response: ServerResponse): void =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>page</title>');
  const [allowed, other] = [await listen(page), await listen(page)];
  const mock = await startServer({
    contracts: 3,
    backlog: 5,
    heartbeatMs: 200,
    retryMs: 50,
    allowedOrigins: [allowed.url],
  });
  server = mock;

  /** Opens a window there, signs in and listens; `read` tells what was heard so far. */
  const open = async (origin: string): Promise<{ read(): Promise<Heard> }> => {
    const opening = electron.waitForEvent('window');
    await electron.evaluate(async ({ BrowserWindow }, url) => {
      await new BrowserWindow({ show: false }).loadURL(url);
    }, origin);
    const window = await opening;
    await window.evaluate(
      async ({ api, status, head }) => {
        const heard: Page['heard'] = {
          signedIn: 0,
          contracts: 0,
          scriptSeesCookie: false,
          ids: [],
          heads: 0,
          errors: 0,
          state: -1,
        };
        (globalThis as Page).heard = heard;
        const statusOf = (path: string, init: RequestInit): Promise<number> =>
          fetch(api + path, { credentials: 'include', ...init }).then(
            (answer) => answer.status,
            () => -1,
          );
        const body = JSON.stringify({ username: 'anna', password: 'anna-demo' });
        const headers = { 'content-type': 'application/json' };
        heard.signedIn = await statusOf('/api/login', { method: 'POST', headers, body });
        heard.contracts = await statusOf('/api/contracts', {});
        heard.scriptSeesCookie = document.cookie !== '';
        const source = new EventSource(`${api}/api/events`, { withCredentials: true });
        source.addEventListener(status, (event) => heard.ids.push((event as MessageEvent).lastEventId));
        source.addEventListener(head, () => heard.heads++);
        source.addEventListener('error', () => {
          heard.errors++;
          heard.state = source.readyState;
        });
      },
      {
        api: mock.url,
        status: eventName('u42', 'ContractStatusChanged'),
        head: eventName('u42', 'StreamHead'),
      },
    );
    return { read: () => window.evaluate(() => (globalThis as Page).heard) };
  };

  const published = (): string[] => mock.control.published('u42').map(({ id }) => id);
  const mine = await open(allowed.url);
  await expect.poll(async () => (await mine.read()).ids).toEqual(published());
  expect(await mine.read()).toMatchObject({ signedIn: 200, contracts: 401, scriptSeesCookie: false });
  await expect.poll(async () => (await mine.read()).heads).toBeGreaterThan(0);
  const cursor = published().at(-1);
  mock.control.dropConnections('u42');
  mock.control.advance(4, 'u42');
  await expect.poll(async () => (await mine.read()).ids).toEqual(published());
  const streams = mock.control.requests().filter(({ path }) => path === '/api/events');
  expect(streams.map(({ lastEventId }) => lastEventId)).toEqual([null, cursor]);

  const theirs = await open(other.url);
  await expect.poll(async () => (await theirs.read()).errors).toBe(1);
  // 2: closed for good.
  expect(await theirs.read()).toMatchObject({ signedIn: -1, contracts: -1, ids: [], state: 2 });
});
