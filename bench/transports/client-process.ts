import { setTimeout as sleep } from 'node:timers/promises';
import { createCodec } from '../../electron/sync/codec.ts';
import { systemClock } from '../../electron/ports/clock.ts';
import { createNodeHttp } from '../../electron/ports/node-http.ts';
import { openStream } from '../../electron/stream/open-stream.ts';
import type { StreamItem } from '../../electron/stream/types.ts';
import { PATHS } from '../../protocol/api.ts';
import { eventName } from '../../protocol/control.ts';
import { answerParent, collectGarbage } from '../harness/child.ts';
import { API_KEY, now, USER_ID, type ClientRequest, type Collected, type TransportName } from './protocol.ts';

/** One client in a process of its own. Argument: the transport. */

const POLL_MS = 1000;
const COLLECT_MS = 120_000;
const HEADERS = { 'x-api-key': API_KEY };
const codec = createCodec(USER_ID);
const CHANGED = eventName(USER_ID, 'ContractStatusChanged');
const HEAD = eventName(USER_ID, 'StreamHead');

const transport = process.argv[2] as TransportName;
let ids: string[] = [];
let times: bigint[] = [];
let cursor: string | null = null;
let ready = (): void => {};
let cpu = process.cpuUsage();
let close: () => Promise<void> = async () => {};

function take(items: readonly StreamItem[]): void {
  const at = now();
  for (const item of items) {
    if (item.kind !== 'event') continue;
    if (item.name === CHANGED && item.id !== null) {
      ids.push(item.id);
      times.push(at);
      cursor = item.id;
    } else if (item.name === HEAD) ready();
  }
}

function openOurStream(server: string, kind: Exclude<TransportName, 'polling'>): () => Promise<void> {
  const http = createNodeHttp();
  const stream = openStream({
    url: server + PATHS.events,
    http,
    clock: systemClock,
    random: Math.random,
    headers: async () => HEADERS,
    cursor: () => cursor,
    onItems: take,
    onState() {},
    transports: [kind],
    codec,
  });
  return async () => {
    await stream.close();
    http.close();
  };
}

/** What one writes without a stream: ask each second what is new. */
function pollEachSecond(server: string): () => Promise<void> {
  const http = createNodeHttp();
  const controller = new AbortController();
  const { signal } = controller;
  async function poll(): Promise<void> {
    const url = codec.pollUrl(server + PATHS.events, cursor, 0);
    const headers = { ...HEADERS, accept: 'application/json' };
    const answer = await http.request({ url, method: 'GET', headers, signal });
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    take(codec.pollAnswer(Buffer.concat(chunks).toString('utf8')).items);
  }
  async function run(): Promise<void> {
    for (let next = performance.now(); !signal.aborted;) {
      await poll();
      next += POLL_MS;
      await sleep(Math.max(0, next - performance.now()), undefined, { signal });
    }
  }
  const done = run().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return async () => {
    controller.abort();
    await done;
    http.close();
  };
}

async function open(server: string, after: string | null): Promise<void> {
  collectGarbage();
  cursor = after;
  const opened = new Promise<void>((resolve) => (ready = resolve));
  close = transport === 'polling' ? pollEachSecond(server) : openOurStream(server, transport);
  await opened;
  ids = [];
  times = [];
  cpu = process.cpuUsage();
}

async function collect(count: number): Promise<Collected> {
  const until = performance.now() + COLLECT_MS;
  while (ids.length < count) {
    if (performance.now() > until) throw new Error(`${ids.length} of ${count} events came in time`);
    await sleep(20);
  }
  const used = process.cpuUsage(cpu);
  return { ids, times, cpuMicros: used.user + used.system };
}

answerParent((message) => {
  const request = message as ClientRequest;
  switch (request.kind) {
    case 'open':
      return open(request.server, request.cursor);
    case 'collect':
      return collect(request.count);
    case 'close':
      return close();
  }
});
