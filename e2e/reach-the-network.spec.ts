import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import { expect } from 'playwright/test';
import type { NetHarness } from './fixtures/net-harness.ts';
import { test } from './fixtures/net.ts';

/** What an exchange came to, as far as it can leave the main process. */
interface Outcome {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly failure?: { readonly name: string; readonly code: string | null; readonly message: string };
}

interface Ask {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Runs in Electron: makes the requests one after the other on one adapter and reads each to its end. */
async function askAll(_electron: unknown, asks: readonly Ask[]): Promise<Outcome[]> {
  const { createNetHttp } = globalThis as unknown as NetHarness;
  const http = createNetHttp('ContractPulse/test');
  const outcomes: Outcome[] = [];
  for (const ask of asks) {
    try {
      const response = await http.request({
        method: 'GET',
        headers: {},
        signal: new AbortController().signal,
        ...ask,
      });
      const chunks: Uint8Array[] = [];
      for await (const chunk of response.body) chunks.push(chunk);
      outcomes.push({
        status: response.status,
        headers: response.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
    } catch (error) {
      const { name, message, code } = error as Error & { code?: string };
      outcomes.push({ failure: { name, message, code: code ?? null } });
    }
  }
  http.close();
  return outcomes;
}

/** Of a kind that Chromium does not look into first: it would hold a short beginning back. */
const STREAM = { 'content-type': 'text/event-stream' };

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

test('a request arrives as it was meant: headers as UTF-8, body, no cookies, no cache', async ({
  electron,
  listen,
}) => {
  const seen: { headers: IncomingMessage['headers']; raw: string[]; body: string }[] = [];
  const { url } = await listen(async (request, response) => {
    seen.push({ headers: request.headers, raw: request.rawHeaders, body: await readAll(request) });
    response.writeHead(200, {
      'content-type': 'text/plain; charset=utf-8',
      'set-cookie': 'tracked=yes; Path=/',
      'cache-control': 'max-age=3600',
      'x-twice': ['one', 'two'],
    });
    response.end('привет');
  });
  const ask: Ask = {
    url: `${url}/api`,
    method: 'POST',
    headers: {
      'Last-Event-ID': 'событие-7',
      Authorization: 'Bearer a.b',
      'Content-Type': 'application/json',
    },
    body: '{"имя":"Анна"}',
  };
  const get: Ask = { url: `${url}/same` };
  const [first, second] = await electron.evaluate(askAll, [ask, get, get]);
  expect(first).toMatchObject({ status: 200, body: 'привет', headers: { 'x-twice': 'one, two' } });
  expect(second?.status).toBe(200);

  expect(seen).toHaveLength(3);
  const at = seen[0]!.raw.findIndex((name) => name.toLowerCase() === 'last-event-id');
  // Node shows header bytes as Latin-1.
  expect(Buffer.from(seen[0]!.raw[at + 1]!, 'latin1').toString('utf8')).toBe('событие-7');
  expect(seen[0]!.body).toBe('{"имя":"Анна"}');
  expect(seen[0]!.headers.authorization).toBe('Bearer a.b');
  expect(seen[0]!.headers['user-agent']).toBe('ContractPulse/test');
  expect(seen.every(({ headers }) => headers.cookie === undefined)).toBe(true);
});

test('a compressed answer is undone; one that was not asked for is a failure that says so', async ({
  electron,
  listen,
}) => {
  const { url } = await listen((_, response) => {
    response.writeHead(200, { ...STREAM, 'content-encoding': 'gzip' });
    response.end(gzipSync('data: привет'));
  });
  const [undone, unasked] = await electron.evaluate(askAll, [
    { url },
    { url, headers: { 'Accept-Encoding': 'identity' } },
  ]);
  expect(undone).toMatchObject({ status: 200, body: 'data: привет' });
  expect(undone?.headers).not.toHaveProperty('content-encoding');
  expect(unasked?.failure).toMatchObject({ name: 'HttpError', code: 'content_type' });
});

test('a redirect is an answer, and nothing is sent to where it points', async ({ electron, listen }) => {
  const elsewhere: string[] = [];
  const target = await listen((request, response) => {
    elsewhere.push(request.url ?? '');
    response.end();
  });
  const { url } = await listen((request, response) => {
    const status = Number((request.url ?? '').slice(1));
    response.writeHead(status, { location: `${target.url}/stolen?${status}`, 'x-kept': 'yes' }).end();
  });
  const asks = [301, 302, 303, 307, 308].map((status) => ({
    url: `${url}/${status}`,
    headers: { authorization: 'Bearer secret' },
  }));
  const outcomes = await electron.evaluate(askAll, asks);
  expect(outcomes.map(({ status }) => status)).toEqual([301, 302, 303, 307, 308]);
  expect(outcomes.map(({ headers }) => headers?.['location'])).toEqual(
    [301, 302, 303, 307, 308].map((status) => `${target.url}/stolen?${status}`),
  );
  expect(outcomes.every(({ headers }) => headers?.['x-kept'] === 'yes')).toBe(true);
  expect(elsewhere).toEqual([]);
});

test('401 with a challenge, 204 and 500 come back as they are', async ({ electron, listen }) => {
  const { url } = await listen((request, response) => {
    const status = Number((request.url ?? '').slice(1));
    response.writeHead(status, { 'www-authenticate': 'Basic realm="x"', 'retry-after': '7' });
    response.end(status === 204 ? undefined : 'why');
  });
  const outcomes = await electron.evaluate(
    askAll,
    [401, 204, 500].map((status) => ({ url: `${url}/${status}` })),
  );
  expect(outcomes.map(({ status, body }) => [status, body])).toEqual([
    [401, 'why'],
    [204, ''],
    [500, 'why'],
  ]);
  expect(outcomes[2]?.headers?.['retry-after']).toBe('7');
});

test('a certificate nobody vouches for is refused before anything is sent', async ({ electron, listen }) => {
  const certificate = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
  let reached = 0;
  const { url } = await listen(
    (_request, response) => {
      reached += 1;
      response.end();
    },
    { key: certificate.private, cert: certificate.cert },
  );
  const [outcome] = await electron.evaluate(askAll, [{ url, headers: { authorization: 'Bearer secret' } }]);
  expect(outcome?.failure).toMatchObject({ name: 'HttpError', code: 'certificate' });
  expect(reached).toBe(0);
});

test.describe('with certificates that go unquestioned', () => {
  test.use({ switches: ['--ignore-certificate-errors'] });

  test('a server that wants a certificate of ours gets none, and is told apart', async ({
    electron,
    listen,
  }) => {
    const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
    const { url } = await listen((_request, response) => void response.end('in'), {
      key: pems.private,
      cert: pems.cert,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const [outcome] = await electron.evaluate(askAll, [{ url }]);
    expect(outcome?.failure).toMatchObject({ name: 'HttpError', code: 'client_certificate' });
  });
});

test('a refused port, a cut answer and a wrong kind of address are told apart', async ({
  electron,
  listen,
}) => {
  const { url, server } = await listen((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half', () => response.destroy());
  });
  const gone = await listen(() => undefined);
  await new Promise((resolve) => gone.server.close(resolve));
  const [cut, refused, file, credentials, control] = await electron.evaluate(askAll, [
    { url },
    { url: gone.url },
    { url: 'file:///etc/passwd' },
    { url: `http://user:secret@127.0.0.1:1/` },
    { url, headers: { authorization: 'Bearer secret\r\nx: y' } },
  ]);
  expect(cut?.failure).toMatchObject({ name: 'HttpError', code: 'closed' });
  expect(refused?.failure).toMatchObject({ name: 'HttpError', code: 'unreachable' });
  expect(file?.failure).toMatchObject({ code: 'unreachable' });
  expect(credentials?.failure?.message).not.toContain('secret');
  expect(control?.failure?.message).not.toContain('secret');
  expect(server.listening).toBe(true);
});

test('aborting ends the request and closes the socket, before and after the headers', async ({
  electron,
  listen,
}) => {
  const open = new Set<ServerResponse>();
  let arrived = 0;
  const { url } = await listen((request, response) => {
    arrived += 1;
    open.add(response);
    response.on('close', () => open.delete(response));
    if (request.url === '/stream') response.writeHead(200, STREAM).write('first');
  });
  for (const path of ['/silent', '/stream']) {
    const before = arrived;
    const reason = electron.evaluate(async (_electron, address) => {
      const { createNetHttp } = globalThis as unknown as NetHarness;
      const http = createNetHttp('ContractPulse/test');
      const controller = new AbortController();
      Object.assign(globalThis, { abortNow: () => controller.abort(new Error('enough')) });
      try {
        const { body } = await http.request({
          url: address,
          method: 'GET',
          headers: {},
          signal: controller.signal,
        });
        for await (const chunk of body) void chunk;
        return 'ended';
      } catch (error) {
        return (error as Error).message;
      }
    }, url + path);
    await expect.poll(() => arrived).toBe(before + 1);
    await electron.evaluate(() => (globalThis as unknown as { abortNow(): void }).abortNow());
    expect(await reason).toBe('enough');
    await expect.poll(() => open.size).toBe(0);
  }
});

test('leaving the body early and closing the adapter close the sockets', async ({ electron, listen }) => {
  const open = new Set<ServerResponse>();
  const { url } = await listen((_request, response) => {
    open.add(response);
    response.on('close', () => open.delete(response));
    response.writeHead(200, STREAM).write('first');
  });
  await electron.evaluate(async (_electron, address) => {
    const { createNetHttp } = globalThis as unknown as NetHarness;
    const http = createNetHttp('ContractPulse/test');
    const ask = { url: address, method: 'GET', headers: {}, signal: new AbortController().signal } as const;
    const { body } = await http.request(ask);
    for await (const chunk of body) {
      void chunk;
      break;
    }
    const held = await http.request(ask);
    Object.assign(globalThis, { held, closeHttp: () => http.close() });
  }, url);
  await expect.poll(() => open.size).toBe(1);
  await electron.evaluate(() => (globalThis as unknown as { closeHttp(): void }).closeHttp());
  await expect.poll(() => open.size).toBe(0);
});

test('what is not read stays in the socket', async ({ electron, listen }) => {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let written = 0;
  const { url } = await listen((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    const fill = (): void => {
      while (!response.destroyed) {
        written += chunk.length;
        if (!response.write(chunk)) return;
      }
    };
    response.on('drain', fill);
    fill();
  });
  await electron.evaluate(async (_electron, address) => {
    const { createNetHttp } = globalThis as unknown as NetHarness;
    const http = createNetHttp('ContractPulse/test');
    const { body } = await http.request({
      url: address,
      method: 'GET',
      headers: {},
      signal: new AbortController().signal,
    });
    const iterator = body[Symbol.asyncIterator]();
    await iterator.next();
    Object.assign(globalThis, {
      readMore: async (bytes: number) => {
        for (let read = 0; read < bytes;) read += (await iterator.next()).value?.length ?? 0;
      },
    });
  }, url);
  // The server has stopped when what it has written is the same at two looks, 500 ms apart.
  let before = -1;
  await expect
    .poll(
      () => {
        const stands = written === before;
        before = written;
        return stands;
      },
      { intervals: [500] },
    )
    .toBe(true);
  const stopped = written;
  expect(stopped).toBeLessThan(32 * 1024 * 1024);
  await electron.evaluate(
    (_electron, bytes) => (globalThis as unknown as { readMore(n: number): Promise<void> }).readMore(bytes),
    stopped + 1024 * 1024,
  );
  expect(written).toBeGreaterThan(stopped);
});

test('six streams of one account do not hold back another', async ({ electron, listen }) => {
  let streams = 0;
  const { url } = await listen((request, response) => {
    if (request.url === '/stream') {
      streams += 1;
      response.writeHead(200, STREAM).write('first');
    } else response.end('done');
  });
  const body = await electron.evaluate(async (_electron, address) => {
    const { createNetHttp } = globalThis as unknown as NetHarness;
    const one = createNetHttp('ContractPulse/test');
    const other = createNetHttp('ContractPulse/test');
    const ask = { method: 'GET', headers: {}, signal: new AbortController().signal } as const;
    const held = [];
    for (let at = 0; at < 6; at += 1) held.push(await one.request({ ...ask, url: `${address}/stream` }));
    const { body } = await other.request({ ...ask, url: `${address}/short` });
    let text = '';
    for await (const chunk of body) text += Buffer.from(chunk).toString();
    one.close();
    other.close();
    return text;
  }, url);
  expect(body).toBe('done');
  expect(streams).toBe(6);
});

test.describe('behind a proxy', () => {
  test.use({
    switches: async ({ listen }, use) => {
      const proxy = await listen((_request, response) => {
        response.writeHead(407, { 'proxy-authenticate': 'Basic realm="company"' }).end('sign in');
      });
      await use([`--proxy-server=${proxy.url}`, '--proxy-bypass-list=<-loopback>']);
    },
  });

  test('its sign-in is a failure that says so', async ({ electron }) => {
    const [plain, tunnel] = await electron.evaluate(askAll, [
      { url: 'http://127.0.0.1:40009/' },
      { url: 'https://127.0.0.1:40009/' },
    ]);
    expect(plain?.failure).toMatchObject({
      code: 'unreachable',
      message: 'the proxy of this network asks for a sign-in',
    });
    expect(tunnel?.failure).toMatchObject({ code: 'unreachable' });
  });
});
