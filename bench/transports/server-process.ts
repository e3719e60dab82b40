import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '../../server-mock/index.ts';
import { createRandom } from '../../server-mock/random.ts';
import { answerParent, collectGarbage } from '../harness/child.ts';
import { API_KEY, now, USER_ID, type Published, type ServerFigures, type ServerRequest } from './protocol.ts';
import { countTraffic } from './traffic.ts';

const traffic = countTraffic();
const server = await startServer({ apiKeys: { [API_KEY]: USER_ID } });
let begun = { ...traffic.read(), cpu: process.cpuUsage() };

/** As traffic comes: the pauses between events are exponential (a Poisson process). */
async function publish(perS: number, ms: number, seed: number): Promise<Published> {
  const random = createRandom(seed);
  const ids: string[] = [];
  const times: bigint[] = [];
  const startedAt = performance.now();
  const pause = (): number => (-Math.log(1 - random.next()) * 1000) / perS;
  for (let due = pause(); due < ms; due += pause()) {
    const rest = startedAt + due - performance.now();
    if (rest > 0) await sleep(rest);
    const at = now();
    ids.push(server.control.publish(USER_ID).id);
    times.push(at);
  }
  await sleep(Math.max(0, startedAt + ms - performance.now()));
  return { ids, times };
}

function end(): ServerFigures {
  const { bytes, requests } = traffic.read();
  const cpu = process.cpuUsage(begun.cpu);
  return {
    bytes: bytes - begun.bytes,
    requests: requests - begun.requests,
    cpuMicros: cpu.user + cpu.system,
  };
}

answerParent((message) => {
  const request = message as ServerRequest;
  switch (request.kind) {
    case 'url':
      return server.url;
    case 'begin':
      collectGarbage();
      begun = { ...traffic.read(), cpu: process.cpuUsage() };
      return server.control.head(USER_ID);
    case 'publish':
      return publish(request.perS, request.ms, request.seed);
    case 'end':
      return end();
  }
});
