import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ServerProfile } from '../../protocol/profile/profile.ts';
import { receiptHeadline } from '../../renderer/features/connection/receipt-words.ts';
import { createFormats } from '../../renderer/i18n/format.ts';
import { createI18n } from '../../renderer/i18n/i18n.ts';
import { startServer } from '../../server-mock/index.ts';
import { ALL, createHarness, until, type Harness } from './harness.ts';
import { startPlainServer } from './plain-server.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

function keep<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one);
  return one;
}

const plainProfile = (origin: string): ServerProfile => ({
  profile: 1,
  name: 'Plain',
  origin,
  stream: { path: '/events?for={userId}' },
  events: ['', 'contract'],
  mapping: {
    identity: 'sse-id',
    version: 'arrival',
    contractId: '/id',
    status: { at: '/status', values: { SENT: 'sent', SIGNED: 'signed', DECLINED: 'declined' } },
  },
  capabilities: { snapshot: false, history: false, acknowledge: false },
});

/** An app whose person chooses this file, whatever stands in it. */
async function begin(content: object | string, onExport = (_text: string): void => {}): Promise<Harness> {
  let path = '';
  const harness = keep(
    await createHarness({
      chooseFile: async () => path,
      async saveFile(name, write) {
        // A dialog answers later.
        await Promise.resolve();
        await write(async (text) => onExport(text));
        return name;
      },
    }),
  );
  path = join(harness.folder, 'server.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return harness;
}

async function signIn(harness: Harness, server: string): Promise<unknown> {
  const chosen = await harness.core.handle('session:chooseProfile', undefined);
  expect(chosen).toMatchObject({ origin: server });
  const key = { header: 'X-API-Key', value: 'k-1' };
  return harness.core.handle('session:signIn', { server, username: 'u7', key, profile: true });
}

/** Contracts with their statuses and the number of their changes, as the window reads them. */
async function rowsOf(harness: Harness): Promise<string[]> {
  const { rows } = await harness.core.handle('view:open', { filter: ALL, range: { offset: 0, limit: 50 } });
  return rows.map((row) => `${row.contractId} ${row.to} ${row.version}`).toSorted();
}

async function rowsAre(harness: Harness, rows: string[]): Promise<void> {
  let last: string[] = [];
  await until(
    async () => JSON.stringify((last = await rowsOf(harness))) === JSON.stringify(rows),
    () => `the rows are ${last.join(', ')}, not ${rows.join(', ')}`,
    15_000,
  );
}

test('a server with a stream and a key alone is followed by its profile, and asked for nothing else', async () => {
  const server = keep(
    await startPlainServer('k-1', (lastId) =>
      lastId === '3' ? 'id: 4\ndata: {"id":"C-2","status":"SIGNED"}\n\n' : '',
    ),
  );
  const harness = await begin(plainProfile(server.url));
  expect(await signIn(harness, server.url)).toEqual({ ok: true });
  await until(() => harness.phase() === 'connected', 'the stream');
  server.send('id: 1\ndata: {"id":"C-1","status":"SENT"}');
  server.send('id: 2\nevent: contract\ndata: {"id": "C-1", "status":"DECLINED"}');
  server.send('id: 3\ndata: {"id":"C-2","status":"SENT"}');
  await rowsAre(harness, ['C-1 declined 2', 'C-2 sent 1']);
  await until(() => harness.window.receipt()?.verdict === 'no_list', 'the receipt');
  const receipt = harness.window.receipt();
  if (receipt === null) throw new Error('no receipt');
  const { t } = createI18n('en');
  expect(receiptHeadline(t, createFormats('en-GB'), receipt, Date.now(), true)).toMatch(/offers no list/);
  expect(receipt.canFetch).toBe(false);

  await harness.restart();
  await until(() => harness.phase() === 'connected', 'the stream after the restart');
  await rowsAre(harness, ['C-1 declined 2', 'C-2 signed 2']);
  // A copy of what is known changes nothing; a status that comes once more does.
  server.send('id: 4\ndata: {"id":"C-2","status":"SIGNED"}');
  server.send('id: 5\ndata: {"id":"C-1","status":"SENT"}');
  server.send('id: 6\ndata: {"id":"C-1","status":"DECLINED"}');
  await rowsAre(harness, ['C-1 declined 4', 'C-2 signed 2']);
  expect(harness.window.receipt()).toMatchObject({ verdict: 'no_list', openGaps: [], restartedAt: null });
  expect(new Set(server.requests.map((request) => request.replace(/@\d$/, '')))).toEqual(
    new Set(['GET /events?for=u7']),
  );
  expect(server.requests).toContain('GET /events?for=u7@3');
});

test('without any id each event counts as it comes, and the raw text stays as it was sent', async () => {
  const server = keep(await startPlainServer('k-1'));
  const profile = plainProfile(server.url);
  let exported = '';
  const harness = await begin(profile, (text) => (exported += text));
  expect(await signIn(harness, server.url)).toEqual({ ok: true });
  await until(() => harness.phase() === 'connected', 'the stream');
  const text = '{ "id":"C-1",  "status":"SENT", "status":"SIGNED", "sum": 1.10 }';
  for (let i = 0; i < 3; i++) server.send(`data: ${text}`);
  await rowsAre(harness, ['C-1 signed 3']);
  await harness.core.handle('view:export', { filter: ALL, format: 'json' });
  expect(exported).toContain(text);
  await harness.restart();
  await until(() => server.open() === 1, 'the stream after the restart');
  server.send('data: {"id":"C-1","status":"DECLINED"}');
  await rowsAre(harness, ['C-1 declined 4']);
  const detail = await harness.core.handle('contract:open', { contractId: 'C-1' });
  expect(detail?.row).toMatchObject({ title: 'C-1', severity: 'error', actionRequired: true });
  expect(detail?.timeline.map(({ to }) => to)).toEqual(['declined', 'signed', 'signed', 'signed']);
});

test('what cannot be mapped is set aside with the reason, and the rest goes on', async () => {
  const server = keep(await startPlainServer('k-1'));
  const harness = await begin(plainProfile(server.url));
  await signIn(harness, server.url);
  await until(() => harness.phase() === 'connected', 'the stream');
  server.send('id: 1\ndata: connected');
  server.send('id: 2\ndata: {"hello":1}');
  server.send('id: 3\ndata: {"id":"C-1","status":"SENT"}');
  await rowsAre(harness, ['C-1 sent 1']);
  await until(
    () => harness.window.receipt()?.missing === 2,
    () => `what was set aside: ${JSON.stringify(harness.window.receipt())}`,
    10_000,
  );
  const kinds = harness.window.receipt()?.openGaps.map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['quarantine']));
  const { text } = await harness.core.handle('app:diagnostics', undefined);
  expect(text).toContain("the profile's contractId: nothing of use at /id");
  expect(new Set(server.requests)).toEqual(new Set(['GET /events?for=u7']));
});

test('a server that counts anew from 1 with other events loses none of them', async () => {
  const server = keep(await startPlainServer('k-1'));
  const harness = await begin(plainProfile(server.url));
  await signIn(harness, server.url);
  await until(() => harness.phase() === 'connected', 'the stream');
  server.send('id: 1\ndata: {"id":"C-1","status":"SENT"}');
  server.send('id: 2\ndata: {"id":"C-1","status":"SIGNED"}');
  await rowsAre(harness, ['C-1 signed 2']);
  server.cut();
  await until(() => server.open() === 1, 'the next stream');
  server.send('id: 1\ndata: {"id":"C-1","status":"DECLINED"}');
  server.send('id: 2\ndata: {"id":"C-2","status":"SENT"}');
  await rowsAre(harness, ['C-1 declined 3', 'C-2 sent 1']);
});

test('nothing is acknowledged at a server that takes no acknowledgements', async () => {
  const server = keep(await startPlainServer('k-1'));
  const harness = await begin(plainProfile(server.url));
  await signIn(harness, server.url);
  expect(harness.window.session()).toMatchObject({ state: 'signed_in', cannotAcknowledge: true });
  await until(() => harness.phase() === 'connected', 'the stream');
  server.send('id: 1\ndata: {"id":"C-1","status":"DECLINED"}');
  await rowsAre(harness, ['C-1 declined 1']);
  const acknowledge = { contractIds: ['C-1'], action: { do: 'acknowledge' } };
  await expect(harness.core.handle('actions:perform', acknowledge)).rejects.toMatchObject({
    failure: { code: 'notTaken' },
  });
});

test('a key goes to the origin of the profile alone, and a wrong one or a wrong path is told', async () => {
  const server = keep(await startPlainServer('k-1'));
  const other = keep(await startPlainServer('k-1'));
  const harness = await begin(plainProfile(server.url));
  await harness.core.handle('session:chooseProfile', undefined);
  const at = (url: string, value: string) =>
    harness.core.handle('session:signIn', {
      server: url,
      username: 'u7',
      key: { header: 'X-API-Key', value },
      profile: true,
    });
  expect(await at(other.url, 'k-1')).toMatchObject({ ok: false, problem: { code: 'bad_profile' } });
  expect(other.requests).toEqual([]);
  expect(await at(server.url, 'guess')).toMatchObject({ ok: false, problem: { code: 'wrong_key' } });
  const astray = await begin({ ...plainProfile(server.url), stream: { path: '/elsewhere' } });
  expect(await signIn(astray, server.url)).toMatchObject({ ok: false, problem: { code: 'not_conforming' } });
});

test.each(['{', '{"profile":2}', 'x'.repeat(400_000)])(
  'a file that is no profile is refused',
  async (text) => {
    const harness = await begin(text);
    expect(await harness.core.handle('session:chooseProfile', undefined)).toMatchObject({
      problem: { code: 'bad_profile' },
    });
  },
);

test('a profile may change names and path alone: the list, the history and acknowledgements are as ever', async () => {
  const server = keep(
    await startServer({ port: 0, contracts: 2, heartbeatMs: 100, retryMs: 20, apiKeys: { 'k-1': 'u7' } }),
  );
  const harness = await begin({
    ...plainProfile(server.url),
    stream: { path: '/api/events?of=contracts' },
    events: ['{userId}_ContractStatusChanged', 'other'],
    mapping: 'contract-pulse',
    capabilities: { snapshot: true, history: true, acknowledge: true },
  });
  expect(await signIn(harness, server.url)).toEqual({ ok: true });
  await until(() => harness.phase() === 'live', 'the stream');
  expect(harness.window.session()).not.toHaveProperty('cannotAcknowledge');
  expect(await rowsOf(harness)).not.toEqual([]);
  await until(() => harness.window.receipt()?.verdict === 'complete', 'the receipt');
});
