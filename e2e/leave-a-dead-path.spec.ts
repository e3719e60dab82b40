import { createSecureServer } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { Server as NetServer, AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'playwright/test';
import { makeCertificate } from '../server-mock/http/certificate.ts';
import type { NetHarness } from './fixtures/net-harness.ts';
import { test } from './fixtures/net.ts';

// The certificate is made for this test; what is tried here is the way, not the trust.
test.use({ switches: ['--ignore-certificate-errors'] });

const HEARTBEAT_MS = 1_000;

type Http2Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

interface Log {
  readonly items: { readonly at: number; readonly id: string | null }[];
}

function listenOn(server: NetServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** A path that loses its state: what was open goes nowhere, and nobody is told; what is opened anew passes. */
async function startRelay(to: number) {
  const pairs = new Set<{ frozen: boolean }>();
  const relay = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    const pair = { frozen: false };
    pairs.add(pair);
    near.on('data', (bytes) => void (pair.frozen || far.write(bytes)));
    far.on('data', (bytes) => void (pair.frozen || near.write(bytes)));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => void (pair.frozen || other.destroy()));
    }
  });
  return {
    relay,
    port: await listenOn(relay),
    freeze() {
      for (const pair of pairs) pair.frozen = true;
    },
  };
}

for (const version of ['1.1', '2.0'] as const) {
  test(`a dead path is left after two heartbeats, HTTP/${version}`, async ({ electron }) => {
    const tls = await makeCertificate();
    const versions: string[] = [];
    const timers = new Set<NodeJS.Timeout>();
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      const connection = versions.push(request.httpVersion);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let n = 0;
      const beat = (): void => void response.write(`id: ${connection}-${++n}\ndata: beat\n\n`);
      beat();
      const timer = setInterval(beat, HEARTBEAT_MS / 2);
      timers.add(timer);
      response.on('error', () => undefined);
      response.on('close', () => clearInterval(timer));
    };
    // The two kinds of request and response are used alike here (https://nodejs.org/api/http2.html#compatibility-api).
    const server =
      version === '2.0'
        ? createSecureServer(tls, listener as unknown as Http2Listener)
        : createTlsServer(tls, listener);
    const { relay, port, freeze } = await startRelay(await listenOn(server));
    await electron.evaluate(
      (_electron, { url, heartbeatMs }) => {
        const { createNetHttp, openStream, systemClock } = globalThis as unknown as NetHarness;
        const log: Log = { items: [] };
        const http = createNetHttp('ContractPulse/test');
        const stream = openStream({
          url,
          http,
          clock: systemClock,
          random: Math.random,
          headers: () => Promise.resolve({}),
          cursor: () => log.items.at(-1)?.id ?? null,
          onItems(items) {
            for (const { id } of items) log.items.push({ at: Date.now(), id });
            stream.setHeartbeat(heartbeatMs);
          },
          onState: () => undefined,
        });
        Object.assign(globalThis, { log, stream, http });
      },
      { url: `https://127.0.0.1:${port}/api/events`, heartbeatMs: HEARTBEAT_MS },
    );
    const items = () => electron.evaluate(() => (globalThis as unknown as { log: Log }).log.items);
    await expect.poll(async () => (await items()).length).toBeGreaterThan(3);
    const frozenAt = Date.now();
    freeze();
    const back = async () => (await items()).find(({ id }) => id?.startsWith('1-') === false)?.at ?? null;
    await expect.poll(back, { timeout: 60_000 }).not.toBeNull();
    // Two heartbeats of silence, the wait before a new attempt, and a handshake; a dead session would be kept for half a minute.
    expect(((await back()) ?? Infinity) - frozenAt).toBeLessThan(8_000);
    expect(new Set(versions)).toEqual(new Set([version]));

    await electron.evaluate(async () => {
      const { stream, http } = globalThis as unknown as {
        stream: { close(): Promise<void> };
        http: { close(): void };
      };
      await stream.close();
      http.close();
    });
    for (const timer of timers) clearInterval(timer);
    for (const one of [relay, server]) one.close();
  });
}
