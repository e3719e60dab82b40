import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent, collectGarbage } from '../harness/child.ts';
import type { Client } from './clients.ts';
import { dataOf, eventId, eventsPerLap, type Shape } from './wire.ts';

export type ClientRequest =
  | { readonly kind: 'verify'; readonly server: string; readonly shape: Shape }
  | { readonly kind: 'measure'; readonly server: string; readonly shape: Shape; readonly ms: number };

export interface Measured {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

const VERIFY_LAPS = 2;
const VERIFY_MS = 120_000;
/** After the first event, before the clock starts. */
const SETTLE_MS = 60;
const FIRST_MS = 60_000;

/** Until it holds or `ms` have passed. */
async function until(condition: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!condition() && performance.now() < end) await sleep(5);
}

function urlOf(server: string, { eventBytes, mode }: Shape, laps?: number): string {
  const end = laps === undefined ? '' : `&laps=${laps}`;
  return `${server}/?bytes=${eventBytes}&mode=${mode}${end}`;
}

/** Every event of two laps must come, in order, whole. What does less must not win. */
async function verify(client: Client, server: string, shape: Shape): Promise<void> {
  const perLap = eventsPerLap(shape);
  const expected = client.hands === 'bytes' ? perLap * VERIFY_LAPS * shape.eventBytes : perLap * VERIFY_LAPS;
  let received = 0;
  let wrong: string | null = null;
  const url = urlOf(server, shape, VERIFY_LAPS);
  const close = await client.open(
    url,
    (amount) => (received += amount),
    client.hands === 'bytes'
      ? null
      : ({ id, data }) => {
          const number = (received % perLap) + 1;
          received++;
          if (received > expected) return;
          if (id !== eventId(number) || data !== dataOf(number, shape.eventBytes)) {
            wrong ??= `event ${received} came as ${id} with ${data.length} characters`;
          }
        },
  );
  await until(() => received >= expected, VERIFY_MS);
  await close();
  if (wrong !== null) throw new Error(`does not hand over what was sent: ${wrong}`);
  if (received < expected) throw new Error(`handed over ${received} of ${expected} in ${VERIFY_MS} ms`);
}

async function measure(client: Client, server: string, shape: Shape, ms: number): Promise<Measured> {
  collectGarbage();
  let received = 0;
  const close = await client.open(urlOf(server, shape), (amount) => (received += amount), null);
  await until(() => received > 0, FIRST_MS);
  await sleep(SETTLE_MS);
  const before = { received, at: performance.now(), cpu: process.cpuUsage() };
  await sleep(ms);
  // On a machine that is busy with other things the server may not have had its turn yet.
  await until(() => received > before.received, FIRST_MS);
  const amount = received - before.received;
  const seconds = (performance.now() - before.at) / 1000;
  const cpu = process.cpuUsage(before.cpu);
  await close();
  const events = client.hands === 'bytes' ? amount / shape.eventBytes : amount;
  if (events === 0) throw new Error(`got no event in ${ms + FIRST_MS} ms`);
  return { perSecond: events / seconds, cpuMicros: (cpu.user + cpu.system) / events };
}

/** Answers the parent's requests with this client, under Node and in Electron's main process alike. */
export function serveClient(client: Client): void {
  answerParent((request) => {
    const wanted = request as ClientRequest;
    return wanted.kind === 'verify'
      ? verify(client, wanted.server, wanted.shape)
      : measure(client, wanted.server, wanted.shape, wanted.ms);
  });
}
