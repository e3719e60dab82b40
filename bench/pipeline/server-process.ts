import { DEMO_USERS, startServer } from '../../server-mock/index.ts';
import type { MockServer } from '../../server-mock/types.ts';
import { answerParent } from '../harness/child.ts';
import { USERNAME, type ServerRequest } from './protocol.ts';

const RETENTION = 5_000_000;
const users = DEMO_USERS.filter(({ username }) => username === USERNAME);
let server: MockServer | null = null;

async function start(contracts: number): Promise<string> {
  // A log that is empty at the baseline is another story: its first epoch has to be confirmed by a repair.
  server = await startServer({ users, contracts, backlog: contracts, retention: RETENTION });
  return server.url;
}

function advance(events: number): string | null {
  const userId = users[0]?.id ?? '';
  // In steps, because each call answers all its events.
  for (let rest = events; rest > 0; rest -= 10_000) server?.control.advance(Math.min(rest, 10_000), userId);
  return server?.control.head(userId) ?? null;
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
      return start(request.contracts);
    case 'advance':
      return advance(request.events);
    case 'stop':
      return stop();
  }
});
