import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { generate } from 'selfsigned';
import { afterEach, expect, test } from 'vitest';
import { HttpError } from './http.ts';
import { createNodeHttp } from './node-http.ts';

const open: (Server | TcpServer)[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen<S extends Server | TcpServer>(server: S): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const http = createNodeHttp();
const never = new AbortController().signal;

async function failureOf(promise: Promise<unknown>): Promise<HttpError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
}

test('headers travel as UTF-8, with and without a body', async () => {
  const seen: [string, string][] = [];
  const url = await serve((request, response) => {
    const id = Buffer.from(String(request.headers['last-event-id']), 'latin1').toString('utf8');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push([id, Buffer.concat(chunks).toString('utf8')]);
      response.setHeader('X-Two', ['a', 'b']).end('ответ');
    });
  });
  const headers = { 'Last-Event-ID': 'ключ-漢🎉' };
  const get = await http.request({ url, method: 'GET', headers, signal: never });
  expect(get.status).toBe(200);
  expect(get.headers['x-two']).toBe('a, b');
  expect(await text(get.body)).toBe('ответ');
  const post = await http.request({ url, method: 'POST', headers, body: 'тело', signal: never });
  await text(post.body);
  expect(seen).toEqual([
    ['ключ-漢🎉', ''],
    ['ключ-漢🎉', 'тело'],
  ]);
});

test.each(['\r\nX-Evil: 1', '\u0000', '\u0001', '\u007f'])(
  'a control character is refused by name: %j',
  async (value) => {
    const request = http.request({
      url: 'http://127.0.0.1:9',
      method: 'GET',
      headers: { 'X-Id': `a${value}` },
      signal: never,
    });
    await expect(request).rejects.toThrow('The header "X-Id" holds a control character');
  },
);

test('redirects come back as they are', async () => {
  const url = await serve((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
  const answer = await http.request({ url, method: 'GET', headers: {}, signal: never });
  expect([answer.status, answer.headers['location']]).toEqual([302, '/elsewhere']);
  await text(answer.body);
});

test('a refused connection and an unknown host are unreachable', async () => {
  const port = await listen(createTcpServer());
  await new Promise((resolve) => (open.pop() as TcpServer).close(resolve));
  for (const url of [`http://127.0.0.1:${port}/`, 'http://nowhere.invalid/']) {
    const failure = await failureOf(http.request({ url, method: 'GET', headers: {}, signal: never }));
    expect(failure.code).toBe('unreachable');
  }
});

test('a server that closes at once is unreachable, one that cuts its body has closed', async () => {
  const port = await listen(createTcpServer((socket) => socket.destroy()));
  const before = http.request({
    url: `http://127.0.0.1:${port}/`,
    method: 'GET',
    headers: {},
    signal: never,
  });
  expect((await failureOf(before)).code).toBe('unreachable');

  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  });
  const answer = await http.request({ url, method: 'GET', headers: {}, signal: never });
  expect((await failureOf(text(answer.body))).code).toBe('closed');
});

test('an address with credentials or another scheme is not gone to', async () => {
  for (const url of ['http://user:secret@127.0.0.1:9/', 'ftp://127.0.0.1/']) {
    const failure = await failureOf(http.request({ url, method: 'GET', headers: {}, signal: never }));
    expect(failure.message).not.toContain('secret');
  }
});

test('a certificate nobody vouches for is refused; one given by argument is trusted', async () => {
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const server = createSecureServer({ key: pems.private, cert: pems.cert }, (_, response) =>
    response.end('in'),
  );
  const url = `https://127.0.0.1:${await listen(server)}/`;
  const failure = await failureOf(http.request({ url, method: 'GET', headers: {}, signal: never }));
  expect(failure.code).toBe('certificate');

  const trusting = createNodeHttp({ ca: pems.cert });
  const answer = await trusting.request({ url, method: 'GET', headers: {}, signal: never });
  expect(await text(answer.body)).toBe('in');
  trusting.close();
});

test('a server that wants a certificate of ours is told apart from one that is not trusted', async () => {
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const options = { key: pems.private, cert: pems.cert, requestCert: true, rejectUnauthorized: true };
  const server = createSecureServer(options, (_, response) => response.end('in'));
  const url = `https://127.0.0.1:${await listen(server)}/`;
  const trusting = createNodeHttp({ ca: pems.cert });
  const failure = await failureOf(trusting.request({ url, method: 'GET', headers: {}, signal: never }));
  expect(failure.code).toBe('client_certificate');
  trusting.close();
});

test('aborting closes the socket at once: before the answer, and while nobody reads', async () => {
  const closed: string[] = [];
  let arrived: (request: IncomingMessage) => void = () => {};
  let left: () => void = () => {};
  const url = await serve((request, response) => {
    request.socket.on('close', () => {
      closed.push(request.url ?? '');
      left();
    });
    if (request.url === '/body') response.write('data');
    arrived(request);
  });
  for (const path of ['/silent', '/body']) {
    const aborting = new AbortController();
    const here = new Promise((resolve) => (arrived = resolve));
    const gone = new Promise<void>((resolve) => (left = resolve));
    const answer = http.request({ url: url + path, method: 'GET', headers: {}, signal: aborting.signal });
    answer.catch(() => {});
    await here;
    if (path === '/body') {
      const chunks = (await answer).body[Symbol.asyncIterator]();
      await chunks.next();
      aborting.abort(new Error('enough'));
      await expect(chunks.next()).rejects.toThrow('enough');
    } else {
      aborting.abort(new Error('enough'));
      await expect(answer).rejects.toThrow('enough');
    }
    await gone;
  }
  expect(closed).toEqual(['/silent', '/body']);
  const early = http.request({
    url,
    method: 'GET',
    headers: {},
    signal: AbortSignal.abort(new Error('before')),
  });
  await expect(early).rejects.toThrow('before');
});

test('leaving the loop closes the socket', async () => {
  let left: () => void = () => {};
  const gone = new Promise<void>((resolve) => (left = resolve));
  const url = await serve((request, response) => {
    request.socket.on('close', left);
    response.write('data');
  });
  const { body } = await http.request({ url, method: 'GET', headers: {}, signal: never });
  for await (const chunk of body) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  await gone;
});

test('what is not asked for stays in the socket', async () => {
  const total = 64 << 20;
  let written = 0;
  let stalled: () => void = () => {};
  const full = new Promise<void>((resolve) => (stalled = resolve));
  const url = await serve((_, response) => {
    const chunk = Buffer.alloc(1 << 20);
    const pump = (): void => {
      while (written < total) {
        written += chunk.length;
        if (!response.write(chunk)) {
          response.once('drain', pump);
          // Nobody reads: the server's own buffer stays full from here on.
          if (written > 1 << 20) stalled();
          return;
        }
      }
      response.end();
    };
    pump();
  });
  const { body } = await http.request({ url, method: 'GET', headers: {}, signal: never });
  await full;
  const held = written;
  expect(held).toBeLessThan(32 << 20);
  let read = 0;
  for await (const chunk of body) read += chunk.length;
  expect(read).toBe(total);
});
