import { setTimeout as sleep } from 'node:timers/promises';
import { PATHS } from '../../protocol/api.ts';
import { DEMO_USERS, startServer } from '../../server-mock/index.ts';
import { createRandom } from '../../server-mock/random.ts';
import type { MockServer } from '../../server-mock/types.ts';
import { answerParent } from '../harness/child.ts';
import {
  API_KEY,
  BEN,
  now,
  type Long,
  type Published,
  type ServerRequest,
  type ServerStart,
} from './protocol.ts';

/** The real server in a process of its own. The app signs in as a user; pages of peers come with a key, as Ben. */

/** Room for a million events each: a log that has forgotten some would be another story. */
const RETENTION = 5_000_000;
let server: MockServer | null = null;

function running(): MockServer {
  if (server === null) throw new Error('The server was not started.');
  return server;
}

async function start({ contracts, backlog, pageOrigin, alone }: ServerStart): Promise<string> {
  server = await startServer({
    contracts,
    backlog,
    users: alone ? DEMO_USERS.slice(0, 1) : DEMO_USERS,
    retention: RETENTION,
    apiKeys: alone ? {} : { [API_KEY]: BEN.id },
    allowedOrigins: pageOrigin === '' ? [] : [pageOrigin],
  });
  return server.url;
}

function advance(userId: string, events: number): string | null {
  const { control } = running();
  // In steps, because each call answers all its events.
  for (let rest = events; rest > 0; rest -= 10_000) control.advance(Math.min(rest, 10_000), userId);
  return control.head(userId);
}

const STEP_MS = 5;

async function runFor(userId: string, perS: number, ms: number): Promise<number> {
  const { control } = running();
  const startedAt = performance.now();
  let done = 0;
  for (;;) {
    const passed = Math.min(ms, performance.now() - startedAt);
    const due = Math.floor((passed * perS) / 1000) - done;
    if (due > 0) control.advance(due, userId);
    done += due;
    if (passed >= ms) return done;
    await sleep(STEP_MS);
  }
}

async function publish(wish: Extract<ServerRequest, { kind: 'publish' }>): Promise<readonly Published[]> {
  const { control } = running();
  const { to, perS, ms, first } = wish;
  const random = createRandom(first);
  const published: Published[] = [];
  const startedAt = performance.now();
  // As traffic comes: the pauses are exponential (a Poisson process). Each user gets `perS` a second.
  const pause = (): number => (-Math.log(1 - random.next()) * 1000) / (perS * to.length);
  let number = first;
  for (let due = pause(); due < ms; due += pause()) {
    const rest = startedAt + due - performance.now();
    if (rest > 0) await sleep(rest);
    const addressee = to[number % to.length];
    if (addressee === undefined) break;
    const { userId, prefix, contracts } = addressee;
    const contractId = `${prefix}${Math.floor(number / to.length) % contracts}`;
    const at = now();
    const { id } = control.publish(userId, { contractId, title: `#${number}# Lease of a warehouse` });
    published.push({ userId, id, contractId, number, at });
    number += 1;
  }
  return published;
}

function publishLong(userId: string, { events, parties, length }: Long): string | null {
  const { control } = running();
  const counterparties = Array.from({ length: parties }, (_, n) =>
    `Party ${n} `.padEnd(length, 'and partners '),
  );
  for (let n = 0; n < events; n += 1)
    control.publish(userId, { contractId: `L-${n}`, title: `Lease ${n}`, to: 'sent', counterparties });
  return control.head(userId);
}

/** By the wall clock, which the request's record is kept in; told by ours. Waits for the first one. */
async function openedAt(): Promise<number> {
  for (;;) {
    const found = running()
      .control.requests()
      .findLast(({ path }) => path.startsWith(PATHS.events));
    if (found !== undefined) return found.at - (Date.now() - now());
    await sleep(5);
  }
}

async function stop(): Promise<void> {
  await server?.close();
  server = null;
  globalThis.gc?.();
}

answerParent((message) => {
  const request = message as ServerRequest;
  switch (request.kind) {
    case 'start':
      return start(request.options);
    case 'advance':
      return advance(request.userId, request.events);
    case 'run':
      return runFor(request.userId, request.perS, request.ms);
    case 'head':
      return running().control.head(request.userId);
    case 'openedAt':
      return openedAt();
    case 'publish':
      return publish(request);
    case 'publishLong':
      return publishLong(request.userId, request.wish);
    case 'faults':
      return running().control.setFaults(request.faults);
    case 'stop':
      return stop();
  }
});
