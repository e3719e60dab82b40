import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyLimit, propertyRuns } from '../integration/seed.ts';
import { openFixture } from './testing/fixture.ts';
import { envelope, snapshotItem, START, statusItem, type Envelope } from './testing/make.ts';

/** More of them by hand: `LEDGER_RUNS=2000 npx vitest run electron/ledger/lives-property`. */
const RUNS = Number(process.env['LEDGER_RUNS'] ?? 60);
const LIMIT_MS = propertyLimit(RUNS);

/**
 * Servers that nobody here wrote, behind one address: each numbers its events 1, 2, 3 … in memory, forgets all of them when it
 * restarts, replays what it has to whoever connects, and knows nothing of the other.
 */
interface Server {
  readonly name: string;
  log: Envelope[];
  readonly versions: Map<string, number>;
  restarts: number;
}

type Step =
  | { readonly do: 'publish'; readonly contracts: readonly number[] }
  | { readonly do: 'turn'; readonly to: number }
  | { readonly do: 'restart'; readonly keepsVersions: boolean }
  | { readonly do: 'reopen' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      contracts: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('turn' as const), to: fc.integer({ min: 0, max: 1 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('restart' as const), keepsVersions: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);

function publish(server: Server, contract: number): Envelope {
  const id = `C-${contract}`;
  const version = (server.versions.get(id) ?? 0) + 1;
  server.versions.set(id, version);
  // Statuses that tell the lives apart: two logs with the same content are one to everybody.
  const event = envelope(server.log.length + 1, id, version, {
    id: String(server.log.length + 1),
    to: `${server.name}${server.restarts}`,
  });
  server.log.push(event);
  return event;
}

const identity = ({ id, data: { contract, change } }: Envelope): string =>
  [id, contract.id, contract.version, change.to].join(' ');

test(
  'counters in memory, restarts and servers that take turns: every event once, unread, and never complete',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.boolean(),
        async (steps, snapshots) => {
          const fixture = await openFixture();
          const { accountId } = fixture;
          const servers = ['A', 'B'].map((name): Server => ({
            name,
            log: [],
            versions: new Map(),
            restarts: 0,
          }));
          let server = servers[0] as Server;
          const told = new Map<string, Envelope>();
          /** Lives of which an event has come. */
          const lives = new Set<string>();
          const last: { event: Envelope | null } = { event: null };
          const stream = async (events: readonly Envelope[]): Promise<void> => {
            const isNew = events.filter((event) => !told.has(identity(event)));
            for (const event of events) {
              if (!told.has(identity(event))) last.event = event;
              told.set(identity(event), event);
              lives.add(event.data.change.to);
            }
            const outcome = await fixture.append(...events.map((event) => statusItem(event)));
            expect(outcome).toMatchObject({ stored: isNew.length, quarantined: 0 });
            expect(outcome.fresh).toHaveLength(isNew.length);
          };
          try {
            if (snapshots) await fixture.snapshot('0', [snapshotItem(envelope(0, 'C-9', 1, { id: '0' }))]);
            else await fixture.core().markWithoutSnapshot(accountId);
            for (const each of steps) {
              if (each.do === 'publish') {
                await stream(each.contracts.map((contract) => publish(server, contract)));
              } else if (each.do === 'reopen') {
                await fixture.reopen();
                await stream(server.log);
              } else {
                if (each.do === 'turn') server = servers[each.to] as Server;
                else {
                  server.restarts++;
                  server.log = [];
                  if (!each.keepsVersions) server.versions.clear();
                }
                await stream(server.log);
              }
              const receipt = await fixture.core().receipt(accountId, 0);
              expect(receipt.verdict).not.toBe('complete');
              for (const id of ['C-0', 'C-1', 'C-2', 'C-3', 'C-4']) {
                const detail = await fixture.core().contract(accountId, id);
                if (detail?.hasGap === true) expect(receipt.verdict).toBe('gaps');
                // The last word on a contract that began anew is what the row shows, where no other server takes turns.
                const word = last.event?.data;
                const anew = word?.contract.id === id && word.contract.version === 1;
                if (anew && [...lives].every((life) => life.startsWith('A'))) {
                  expect(detail?.row.to).toBe(word.change.to);
                }
              }
            }
            const rows = fixture.query<{ of: string; envelope: string; unread: number }>(
              `SELECT event_id || ' ' || contract_id || ' ' || e.version || ' ' || e.to_status AS of, envelope, e.unread
               FROM event AS e JOIN contract USING (contract_rowid) JOIN raw_envelope USING (event_rowid)
               WHERE before_baseline = 0`,
            );
            expect(rows.map((row) => row.of).sort()).toEqual([...told.keys()].sort());
            expect(rows.every((row) => row.unread === 1)).toBe(true);
            for (const { of, envelope: text } of rows) expect(JSON.parse(text)).toEqual(told.get(of));
            const [account] = fixture.query<{ restarts: number; at: number | null }>(
              'SELECT restarts, restarted_at AS at FROM account',
            );
            expect(account?.restarts).toBeLessThanOrEqual(Math.max(0, lives.size - 1));
            // Two events under one id: the server began to count anew, and the account knows it.
            const ids = [...told.values()].map((event) => event.id);
            expect(account?.at).toBe(new Set(ids).size < ids.length ? START : null);
          } finally {
            fixture.dispose();
          }
        },
      ),
      propertyRuns('counters in memory', RUNS, LIMIT_MS),
    );
  },
  LIMIT_MS + 30_000,
);
