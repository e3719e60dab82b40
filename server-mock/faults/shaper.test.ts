import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createShaper, PLAIN } from './shaper.ts';

const BATCH = 'x'.repeat(64 * 1024);
const BATCHES = 100;

test('a reader that takes all that is written leaves other requests their turn', async () => {
  let written = 0;
  const server = createServer((_request, response) => {
    response.flushHeaders();
    const shaper = createShaper(response, writeMore);
    shaper.setShape(PLAIN);
    function writeMore(): void {
      written += 1;
      if (written === BATCHES) shaper.finish('end');
      else if (shaper.write(BATCH)) setImmediate(writeMore);
    }
    writeMore();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ended = new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port }, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
  let most = 0;
  for (let before = 0; before < BATCHES; before = written) {
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, written - before);
  }
  await ended;
  server.close();
  expect(most).toBeLessThanOrEqual(2);
});
