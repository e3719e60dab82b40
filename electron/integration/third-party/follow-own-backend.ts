import { expect } from 'vitest';
import { check, faultsOf } from '../../check-server/testing.ts';
import { ALL, createHarness, until } from '../harness.ts';
import { said } from '../said.ts';
import { KEY, startOwnBackend, type OwnBackend } from './own-backends.ts';

const FOLLOWED = 11;

/** An example of docs/your-own-backend.md has no fault, and the app follows it over a restart: every change, and "Complete". */
export async function proveOwnBackend(name: OwnBackend, program: string): Promise<void> {
  const server = await startOwnBackend(name, program);
  const harness = await createHarness({ transports: ['sse'] });
  try {
    await server.change(5);
    const key = { header: 'X-API-Key', value: KEY };
    const report = await check(server.url, {
      credentials: { kind: 'key', key, userId: 'u42' },
      ms: 1_500,
      noHeartbeatMs: 20_000,
    });
    expect(faultsOf(report)).toEqual([]);
    expect(report.verdict).toBe('complete');

    const signedIn = await harness.core.handle('session:signIn', {
      server: server.url,
      username: 'u42',
      key,
    });
    expect(signedIn).toMatchObject({ ok: true });
    await complete(5);
    await harness.restart(() => server.change(4));
    await complete(9);
    await server.change(2);
    await until(async () => (await changes()) === FOLLOWED, 'the last changes', 20_000);
  } finally {
    await harness.close();
    await server.stop();
  }

  async function changes(): Promise<number> {
    const view = await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 50 } });
    return view.rows.reduce((sum, { version }) => sum + (version ?? 0), 0);
  }

  /** Their versions count the changes of each contract. */
  async function complete(count: number): Promise<void> {
    await until(() => harness.phase() === 'live', 'the stream', 30_000);
    await until(
      async () => (await changes()) === count && /Complete/.test(said(harness.window)),
      () => `${count} changes, and that they are complete; it says ${said(harness.window)}`,
      30_000,
    );
  }
}
