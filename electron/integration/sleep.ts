import type { CoreDependencies } from '../app/core-types.ts';
import { systemClock } from '../ports/clock.ts';
import { createNodeHttp } from '../ports/node-http.ts';
import type { Scenario } from './scenario.ts';

/**
 * The sleep of a machine: time passes for it and for the server, whose answers tell it, and connections die. `ahead`: by how
 * much the time of both differs from the computer's at first, ms.
 */
export function createSleep(ahead = 0) {
  let shift = ahead;
  const clock = { ...systemClock, now: () => Date.now() + shift };
  const deps: Pick<CoreDependencies, 'clock' | 'createHttp'> = {
    clock,
    createHttp() {
      const http = createNodeHttp();
      return {
        ...http,
        async request(request) {
          const answer = await http.request(request);
          return { ...answer, headers: { ...answer.headers, date: new Date(clock.now()).toUTCString() } };
        },
      };
    },
  };
  return {
    clock,
    deps,
    sleep({ harness, server }: Pick<Scenario, 'harness' | 'server'>, ms: number) {
      shift += ms;
      server.control.dropConnections();
      harness.core.wake('resume');
    },
  };
}
