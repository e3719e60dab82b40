import { join } from 'node:path';
import { createCore } from '../../electron/app/core.ts';
import { openLedger } from '../../electron/ledger/worker/open-ledger.ts';
import { WORKER_URL } from '../../electron/ledger/testing/worker-url.ts';
import { createTestDependencies } from '../../electron/integration/dependencies.ts';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { answerParent } from '../harness/child.ts';
import { ANNA, type FillRequest } from './protocol.ts';

/** The whole app but its window, on the files of one folder: signs in, follows until all is there, ends. */

async function follow({ folder, server, head }: FillRequest): Promise<void> {
  let done = (): void => {};
  const isDone = new Promise<void>((resolve) => (done = resolve));
  const core = await createCore(
    createTestDependencies(folder, {
      limits: {},
      send(channel, message) {
        if (head === null) {
          if (channel === 'connection:changed' && (message as ConnectionStatus).state.phase === 'live')
            done();
        } else if (channel === 'receipt:changed') {
          const { verdict, upToId } = message as Receipt;
          if (verdict === 'complete' && upToId === head) done();
        }
      },
    }),
  );
  const { session } = await core.handle('app:bootstrap', undefined);
  if (session.state !== 'signed_in' && head === null) {
    const { username, password } = ANNA;
    const answer = await core.handle('session:signIn', { server, username, password });
    if (!answer.ok) throw new Error(`sign-in refused: ${answer.problem.code}`);
  }
  await isDone;
  await core.close();
}

/** What is done behind, the search index above all. */
async function finish(folder: string): Promise<void> {
  const ledger = await openLedger({
    path: join(folder, 'ledger.sqlite'),
    workerUrl: WORKER_URL,
    now: Date.now,
  });
  if (ledger.problem !== null) throw new Error(ledger.problem.detail);
  while (!(await ledger.maintain({ maxAgeMs: null, maxBytes: null }, Date.now())).done);
  await ledger.close();
}

answerParent(async (message) => {
  const request = message as FillRequest;
  if (request.kind === 'finish') await finish(request.folder);
  else await follow(request);
});
