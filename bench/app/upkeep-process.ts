import { openLedger } from '../../electron/ledger/open-ledger.ts';
import { answerParent } from '../harness/child.ts';

/** Opens a ledger and finishes what is done behind, the search index above all. */
answerParent(async (path) => {
  const ledger = await openLedger({
    path: String(path),
    workerUrl: new URL('../../electron/ledger/worker.ts', import.meta.url),
    now: Date.now,
  });
  if (ledger.problem !== null) throw new Error(ledger.problem.detail);
  while (!(await ledger.maintain({ maxAgeMs: null, maxBytes: null }, Date.now())).done);
  await ledger.close();
});
