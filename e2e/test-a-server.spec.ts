import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'playwright/test';
import { test as base } from './fixtures/app.ts';
import { findFlaws } from './fixtures/axe.ts';
import { expectPhase, rowOf } from './fixtures/window.ts';

interface Foreign {
  readonly url: string;
  /** Method and address of each request that had the key. */
  readonly asked: ReadonlySet<string>;
  send(payload: object): void;
}

/** A server of somebody's: a key, a stream of its own names and payloads, a comment now and then. */
const test = base.extend<{ foreign: Foreign }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from the pattern
  foreign: async ({}, use) => {
    const streams = new Set<ServerResponse>();
    const asked = new Set<string>();
    const blocks: string[] = [];
    const server: Server = createServer((request, response) => {
      if (request.headers['x-api-key'] !== 'k-1') return void response.writeHead(401).end();
      asked.add(`${request.method} ${request.url}`);
      if (request.url !== '/stream') return void response.writeHead(404).end('Not found');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`: hello\n\n${blocks.slice(Number(request.headers['last-event-id'] ?? 0)).join('')}`);
      streams.add(response);
      const beat = setInterval(() => response.write(': beat\n\n'), 200);
      response.on('close', () => {
        clearInterval(beat);
        streams.delete(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const send = (payload: object): void => {
      const block = `id: ${blocks.length + 1}\nevent: doc\ndata: ${JSON.stringify(payload)}\n\n`;
      blocks.push(block);
      for (const stream of streams) stream.write(block);
    };
    for (const [at, state] of ['SENT', 'REFUSED', 'AT_NOTARY', 'SENT'].entries())
      send({ doc: { id: `D-${at + 1}`, name: `Lease ${at + 1}` }, state });
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, send });
    server.closeAllConnections();
    server.close();
  },
});

test('who has an address and a key alone gets to live rows: test, propose, correct, use', async ({
  launch,
  foreign,
}) => {
  const { window, computer } = await launch();
  const questions = await computer.answerQuestions(true);
  await window.getByRole('button', { name: 'Use a key or token' }).click();
  await window.getByLabel('Server address').fill(foreign.url);
  await window.getByLabel('Key or token', { exact: true }).fill('k-1');
  // From here on without a mouse.
  await window.getByRole('button', { name: 'Test this server' }).focus();
  await window.keyboard.press('Enter');
  const dialog = window.getByTestId('server-check');
  await expect(dialog.locator('[data-step="stream"]')).toContainText('/stream');
  await expect(dialog.locator('[data-step="events"]')).toContainText('none is called as expected');
  const editor = dialog.getByTestId('profile-editor');
  await expect(editor.getByTestId('preview').first()).toContainText('Lease 1');
  expect(
    (await findFlaws(window)).filter(({ impact }) => impact === 'serious' || impact === 'critical'),
  ).toEqual([]);
  const row = editor.getByTestId('preview').filter({ hasText: 'Lease 3' });
  await expect(row).toContainText('AT_NOTARY');
  const meaning = editor.getByLabel('AT_NOTARY');
  await meaning.focus();
  await window.keyboard.type('In review');
  await expect(row.locator('.chip')).toContainText('In review');
  await dialog.getByRole('button', { name: 'Copy report' }).focus();
  await window.keyboard.press('Enter');
  await expect(dialog.getByText('The report is on the clipboard.')).toBeVisible();
  const report = await computer.readClipboard();
  expect(report).toContain('Proposed profile:');
  expect(report).not.toMatch(/k-1|Lease/);
  await editor.getByRole('button', { name: 'Use this and sign in' }).focus();
  await window.keyboard.press('Enter');
  await expectPhase(window, 'connected');
  await expect(rowOf(window, 'D-3')).toContainText('In review');
  // A list under the pointer holds still.
  await window.mouse.move(0, 0);
  foreign.send({ doc: { id: 'D-9', name: 'Fresh' }, state: 'REFUSED' });
  await expect(rowOf(window, 'D-9')).toContainText('Declined');
  // Asked once, by its origin, before anything went there.
  expect((await questions()).filter((question) => question.includes(foreign.url))).toHaveLength(1);
  expect([...foreign.asked].filter((request) => !request.startsWith('GET '))).toEqual([]);
});
