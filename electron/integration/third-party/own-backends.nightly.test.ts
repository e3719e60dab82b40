import { describe, test } from 'vitest';
import { proveOwnBackend } from './follow-own-backend.ts';
import { findRuntime } from './own-backends.ts';

for (const name of ['php', 'dotnet'] as const) {
  const program = await findRuntime(name);
  if (program === null)
    process.stderr.write(`not run: the backend in ${name}, which this machine does not have\n`);
  describe.runIf(program !== null)(`the backend that the guide shows, in ${name}`, () => {
    test('no fault, followed over a restart, complete', () => proveOwnBackend(name, program ?? ''), 300_000);
  });
}
