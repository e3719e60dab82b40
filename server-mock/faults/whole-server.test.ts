import { describe, expect, it } from 'vitest';
import { eventually } from '../testing/client.ts';
import { hasHead, prepareFaulty as prepare } from '../testing/faulty.ts';

describe('faults of the whole server', () => {
  it('new_epoch, truncate, expire_tokens, revoke and restart happen again and again', async () => {
    const { server, open, publish, lines } = await prepare([{ kind: 'new_epoch', everyMs: 20 }]);
    publish(1);
    await eventually(() => server.control.head('u42') === null, 'the log is empty again');

    server.control.setFaults([{ kind: 'truncate', everyMs: 20, keep: 1 }]);
    const ids = publish(3);
    await eventually(() => server.control.published('u42').length === 4, 'published');
    let stream = await open({ 'last-event-id': ids[0] ?? '' });
    const deadline = performance.now() + 60_000;
    while (!stream.bytes().includes('StreamStale') && performance.now() < deadline) {
      stream.close();
      stream = await open({ 'last-event-id': ids[0] ?? '' });
      await stream.until(() => stream.blocks().length > 0);
    }
    expect(stream.bytes().includes('StreamStale')).toBe(true);

    server.control.setFaults([{ kind: 'restart', everyMs: 20, downMs: 1 }]);
    expect(await stream.ended).toBe('cut');
    server.control.setFaults([{ kind: 'expire_tokens', everyMs: 20 }]);
    await eventually(() => lines.includes('all access tokens expired'), 'tokens expire');
    server.control.setFaults([{ kind: 'revoke', everyMs: 20 }]);
    await eventually(() => lines.includes('sessions revoked: u7'), 'sessions are revoked');
    server.control.setFaults([]);
  });

  it('are said in single lines, not one for each event', async () => {
    const { open, publish, lines } = await prepare([{ kind: 'duplicate', probability: 1 }]);
    const ids = publish(500);
    const stream = await open();
    await stream.until(hasHead(ids.at(-1)));
    expect(lines.filter((line) => line.startsWith('fault applied')).length).toBeLessThan(5);
    expect(lines).toContain('faults in force: duplicate');
  });

  it('hit alike with the same seed', async () => {
    const run = async () => {
      const { open, publish } = await prepare([{ kind: 'omit', probability: 0.3 }], { seed: 77 });
      const ids = publish(100);
      const stream = await open();
      await stream.until(hasHead(ids.at(-1)));
      return stream.ids();
    };
    const first = await run();
    expect(first.length).toBeLessThan(90);
    expect(await run()).toEqual(first);
  });
});

describe('faults on polls', () => {
  it('drop cuts the answer, giant and duplicate change it', async () => {
    const { server, publish, poll } = await prepare([{ kind: 'drop', probability: 1, where: 'character' }]);
    const [id] = publish(1);
    await expect(poll('wait=0')).rejects.toThrow('aborted');
    server.control.setFaults([
      { kind: 'duplicate', probability: 1 },
      { kind: 'giant', sequences: [1], bytes: 5000 },
    ]);
    const answer = await poll('wait=0');
    expect(answer.events.map((event) => event.id)).toEqual([id, id]);
    expect(JSON.stringify(answer.events[0])).toHaveLength(
      5000 - countMoreBytes(JSON.stringify(answer.events[0])),
    );
  });
});

function countMoreBytes(text: string): number {
  return Buffer.byteLength(text) - text.length;
}
