import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ALL, until } from './rig.ts';
import { createScene } from './scene.ts';
import type { Scene, SceneOptions } from './scene.ts';

let scene: Scene | null = null;

afterEach(async () => {
  await scene?.close();
  scene = null;
});

/** Stands in texts of every kind, so that it can be looked for. */
const MARK = 'Zwiebelfisch';

async function begin(options?: SceneOptions): Promise<Scene> {
  scene = await createScene(options);
  await scene.rig.signIn(scene.server.url);
  await scene.live();
  for (let n = 0; n < 40; n += 1)
    scene.server.control.publish(scene.userId, {
      contractId: `C-${MARK}-${n % 8}`,
      title: `${MARK} ${n}`,
      reason: `because of ${MARK}`,
      actionRequired: true,
    });
  await scene.complete();
  return scene;
}

/** Every file in the app's folder that holds one of these, as UTF-8 or UTF-16. */
async function filesWith({ rig }: Scene, words: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await readdir(rig.folder)) {
    const bytes = await readFile(join(rig.folder, name));
    if (words.some((word) => bytes.includes(word) || bytes.includes(Buffer.from(word, 'utf16le'))))
      found.push(name);
  }
  return found;
}

const TRACES = [MARK, MARK.toLowerCase(), 'u42', 'anna', 'Anna', 'eyJ'];

test('sign out and erase leaves nothing of the account: not in the file, the journal, the vault, or what was set aside', async () => {
  let erased = 0;
  const made = await begin({ world: { eraseTraces: async () => void (erased += 1) } });
  const { rig, server } = made;
  const contractIds = [`C-${MARK}-1`];
  await rig.core.handle('contract:open', { contractId: `C-${MARK}-1` });
  await rig.core.handle('contracts:do', { contractIds, deed: { do: 'snooze', until: null } });
  await rig.core.handle('contracts:do', { contractIds, deed: { do: 'mute', muted: true } });
  // Also from the words of the search, which are filled behind the writes.
  const looked = { filter: { view: 'all', text: 'zwieb' }, range: { offset: 0, limit: 5 } } as const;
  await until(async () => (await rig.core.handle('view:open', looked)).total === 8, 'found');
  await writeFile(`${rig.world.ledgerPath}.damaged-2026-01-01`, `old ${MARK}`);
  await writeFile(`${rig.world.ledgerPath}.set-aside-2026-01-01-wal`, `old ${MARK}`);
  expect((await filesWith(made, TRACES)).length).toBeGreaterThan(2);

  await rig.core.handle('session:signOutAndErase', undefined);

  expect(rig.window.session()).toEqual({
    state: 'signed_out',
    server: '',
    username: '',
    ended: 'by_user',
  });
  expect(await filesWith(made, TRACES)).toEqual([]);
  expect((await rig.world.vault.read()).state).toBe('absent');
  expect(erased).toBe(1);
  expect(rig.window.badge).toBe(0);
  expect(server.control.requests().some((request) => request.path === '/api/logout')).toBe(true);
  const { text } = await rig.core.handle('app:diagnostics', undefined);
  expect(text).not.toContain(`:${new URL(server.url).port}`);
  await rig.restart();
  await until(() => (rig.window.session()?.state ?? 'restoring') !== 'restoring', 'the start');
  expect(rig.window.session()).toMatchObject({ state: 'signed_out', username: '', ended: 'none' });
  expect(await filesWith(made, TRACES)).toEqual([]);
});

test('a server that does not answer, or a sign-in that ended before, does not stop the erasing', async () => {
  const made = await begin();
  const { rig, server, userId } = made;
  server.control.setFaults([{ kind: 'refuse' }]);
  await rig.core.handle('session:signOutAndErase', undefined);
  expect(await filesWith(made, TRACES)).toEqual([]);
  server.control.setFaults([]);

  await rig.signIn(server.url);
  await made.live();
  expect((await filesWith(made, [MARK])).length).toBeGreaterThan(0);
  server.control.revoke(userId);
  await until(() => rig.phase() === 'sign_in_needed', 'the end of the session');
  await rig.core.handle('session:signOutAndErase', undefined);
  expect(await filesWith(made, TRACES)).toEqual([]);
});

test('the other account of this computer keeps everything, and one can come back and begin anew', async () => {
  const made = await begin();
  const { rig, server } = made;
  const page = { filter: ALL, range: { offset: 0, limit: 5 } };
  const before = (await rig.core.handle('view:open', page)).total;
  await rig.core.handle('session:signOut', undefined);
  await rig.signIn(server.url, 'ben', 'ben-demo');
  await made.live();
  await rig.core.handle('session:signOutAndErase', undefined);
  await rig.signIn(server.url);
  await made.live();
  expect((await rig.core.handle('view:open', page)).total).toBe(before);
  await rig.core.handle('session:signOutAndErase', undefined);
  await rig.signIn(server.url);
  await made.live();
  const anew = await rig.core.handle('view:open', page);
  expect(anew.total).toBe(before);
  expect(anew.counts.unread).toBe(0);
});

test('what cannot be removed is said; the rest is gone', async () => {
  const made = await begin({
    world: { eraseTraces: () => Promise.reject(new Error('the log is in use')) },
  });
  const { rig } = made;
  await expect(rig.core.handle('session:signOutAndErase', undefined)).rejects.toMatchObject({
    failure: { code: 'eraseRest', detail: 'the log is in use' },
  });
  expect(await filesWith(made, TRACES)).toEqual([]);
});
