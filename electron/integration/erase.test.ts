import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ALL, until } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

let scenario: Scenario | null = null;

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

/** Stands in texts of every kind, so that it can be looked for. */
const MARK = 'Zwiebelfisch';

async function begin(options?: ScenarioOptions): Promise<Scenario> {
  scenario = await createScenario(options);
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  for (let n = 0; n < 40; n += 1)
    scenario.server.control.publish(scenario.userId, {
      contractId: `C-${MARK}-${n % 8}`,
      title: `${MARK} ${n}`,
      reason: `because of ${MARK}`,
      actionRequired: true,
    });
  await scenario.complete();
  return scenario;
}

/** Every file in the app's folder that holds one of these, as UTF-8 or UTF-16. */
async function filesWith({ harness }: Scenario, words: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await readdir(harness.folder)) {
    const bytes = await readFile(join(harness.folder, name));
    if (words.some((word) => bytes.includes(word) || bytes.includes(Buffer.from(word, 'utf16le'))))
      found.push(name);
  }
  return found;
}

const TRACES = [MARK, MARK.toLowerCase(), 'u42', 'anna', 'Anna', 'eyJ'];

test('sign out and erase leaves nothing of the account: not in the file, the journal, the vault, or what was set aside', async () => {
  let erased = 0;
  const made = await begin({ deps: { eraseTraces: async () => void (erased += 1) } });
  const { harness, server } = made;
  const contractIds = [`C-${MARK}-1`];
  const portals = {
    [server.url]: 'https://portal.example/{id}',
    'https://other.example': 'https://p.example/{id}',
  };
  await harness.core.handle('settings:change', { portals: { [server.url]: portals[server.url] } });
  await harness.core.handle('settings:change', { portals });
  await harness.core.handle('contract:open', { contractId: `C-${MARK}-1` });
  await harness.core.handle('actions:perform', { contractIds, action: { do: 'snooze', until: null } });
  await harness.core.handle('actions:perform', { contractIds, action: { do: 'mute', muted: true } });
  // Also from the words of the search, which are filled behind the writes.
  const looked = { filter: { view: 'all', text: 'zwieb' }, range: { offset: 0, limit: 5 } } as const;
  await until(async () => (await harness.core.handle('view:open', looked)).total === 8, 'found');
  await writeFile(`${harness.deps.ledgerPath}.damaged-2026-01-01`, `old ${MARK}`);
  await writeFile(`${harness.deps.settingsPath}.damaged-2026-01-01`, `{"portals":{"${server.url}":`);
  await writeFile(`${harness.deps.ledgerPath}.set-aside-2026-01-01-wal`, `old ${MARK}`);
  const traces = [...TRACES, new URL(server.url).host];
  expect((await filesWith(made, traces)).length).toBeGreaterThan(2);

  await harness.core.handle('session:signOutAndErase', undefined);

  expect(harness.window.session()).toEqual({
    state: 'signed_out',
    server: '',
    username: '',
    ended: 'by_user',
  });
  expect(await filesWith(made, traces)).toEqual([]);
  expect((await harness.deps.vault.read()).state).toBe('absent');
  expect(erased).toBe(1);
  expect(harness.window.badge).toBe(0);
  expect(server.control.requests().some((request) => request.path === '/api/logout')).toBe(true);
  const { text } = await harness.core.handle('app:diagnostics', undefined);
  expect(text).not.toContain(`:${new URL(server.url).port}`);
  await harness.restart();
  await until(() => (harness.window.session()?.state ?? 'restoring') !== 'restoring', 'the start');
  expect(harness.window.session()).toMatchObject({ state: 'signed_out', username: '', ended: 'none' });
  expect(await filesWith(made, traces)).toEqual([]);
});

test('a server that does not answer, or a sign-in that ended before, does not stop the erasing', async () => {
  const made = await begin();
  const { harness, server, userId } = made;
  server.control.setFaults([{ kind: 'refuse' }]);
  await harness.core.handle('session:signOutAndErase', undefined);
  expect(await filesWith(made, TRACES)).toEqual([]);
  server.control.setFaults([]);

  await harness.signIn(server.url);
  await made.live();
  expect((await filesWith(made, [MARK])).length).toBeGreaterThan(0);
  server.control.revoke(userId);
  await until(() => harness.phase() === 'sign_in_needed', 'the end of the session');
  await harness.core.handle('session:signOutAndErase', undefined);
  expect(await filesWith(made, TRACES)).toEqual([]);
});

test('the other account of this computer keeps everything, and one can come back and begin anew', async () => {
  const made = await begin();
  const { harness, server } = made;
  const page = { filter: ALL, range: { offset: 0, limit: 5 } };
  const before = (await harness.core.handle('view:open', page)).total;
  await harness.core.handle('session:signOut', undefined);
  await harness.signIn(server.url, 'ben', 'ben-demo');
  await made.live();
  await harness.core.handle('session:signOutAndErase', undefined);
  await harness.signIn(server.url);
  await made.live();
  expect((await harness.core.handle('view:open', page)).total).toBe(before);
  await harness.core.handle('session:signOutAndErase', undefined);
  await harness.signIn(server.url);
  await made.live();
  const anew = await harness.core.handle('view:open', page);
  expect(anew.total).toBe(before);
  expect(anew.counts.unread).toBe(0);
});

test('what cannot be removed is said; the rest is gone', async () => {
  const made = await begin({
    deps: { eraseTraces: () => Promise.reject(new Error('the log is in use')) },
  });
  const { harness } = made;
  await expect(harness.core.handle('session:signOutAndErase', undefined)).rejects.toMatchObject({
    failure: { code: 'eraseRest', detail: 'the log is in use' },
  });
  expect(await filesWith(made, TRACES)).toEqual([]);
});
