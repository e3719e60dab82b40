import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { test } from './fixtures/app.ts';
import { expectPhase, openContract, pressSignIn, rowOf } from './fixtures/window.ts';

test('a person with a key and a profile file gets from the sign-in screen to live rows', async ({
  launch,
  newProfile,
}) => {
  const streams = new Set<ServerResponse>();
  const asked = new Set<string>();
  const server = createServer((request, response) => {
    asked.add(`${request.method} ${request.url}`);
    if (request.headers['x-api-key'] !== 'k-1') return void response.writeHead(401).end();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = (id: number, payload: object): void => {
    for (const stream of streams) stream.write(`id: ${id}\ndata: ${JSON.stringify(payload)}\n\n`);
  };
  const path = join(await newProfile(), 'their-server.json');
  await writeFile(
    path,
    JSON.stringify({
      profile: 1,
      name: 'Their server',
      origin,
      stream: { path: '/stream' },
      events: [''],
      mapping: {
        identity: 'sse-id',
        version: 'arrival',
        contractId: '/id',
        title: '/name',
        status: { at: '/status', values: { REFUSED: 'declined' } },
      },
      capabilities: { snapshot: false, history: false, acknowledge: false },
    }),
  );

  const { window, computer } = await launch();
  await window.getByRole('button', { name: 'Use a key or token' }).click();
  await computer.chooseOpened(path);
  await window.getByRole('button', { name: 'From a profile file…' }).click();
  await expect(window.getByLabel('Server address')).toHaveValue(origin);
  await expect(window.getByText('Profile “Their server”.')).toBeVisible();
  await window.getByLabel('User ID').fill('me');
  await window.getByLabel('Key or token', { exact: true }).fill('k-1');
  await pressSignIn(window);
  await expectPhase(window, 'connected');
  send(1, { id: 'C-1', name: 'Supply of steel', status: 'REFUSED' });
  await expect(rowOf(window, 'C-1')).toContainText('Supply of steel');
  await expect(rowOf(window, 'C-1')).toContainText('Declined');
  await openContract(window, 'C-1');
  await expect(window.getByRole('button', { name: 'Acknowledge' })).toHaveCount(0);
  expect([...asked]).toEqual(['GET /stream']);
  server.closeAllConnections();
  server.close();
});
