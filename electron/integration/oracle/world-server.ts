import { formatPosition } from '../../../protocol/cursor.ts';
import { eventName } from '../../../protocol/control.ts';
import type { StatusCode } from '../../../protocol/statuses.ts';
import { contractsAsOf } from './contracts-as-of.ts';
import { envelopeOf } from './published.ts';
import type { Published } from './published.ts';
import { createServerDoor, json, refuse, USER } from './server-door.ts';
import { createServerLists } from './server-lists.ts';
import { announcedHeartbeatMs } from './server-traits.ts';
import type { NewLife, ServerContract, ServerTraits, WorldServer } from './server-traits.ts';
import type { Carried, Reply, ServerRequest } from './wire.ts';
import type { VirtualClock } from './virtual-clock.ts';

const CONTRACTS = 6;
const WALK: readonly StatusCode[] = [
  'draft',
  'in_review',
  'approved',
  'sent',
  'viewed',
  'signed',
  'active',
  'amended',
];

interface OpenStream {
  readonly reply: Reply;
  cancel(): void;
}

export function createWorldServer(
  traits: ServerTraits,
  clock: VirtualClock,
  random: () => number,
): WorldServer {
  const published: Published[] = [];
  const lives: { at: number; kind: NewLife['kind'] }[] = [{ at: clock.now(), kind: 'same' }];
  let contracts = new Map<string, ServerContract>();
  let log: Published[] = [];
  let firstKept = 0;
  let sequence = 0;
  let epoch = 1;
  let made = 0;
  const door = createServerDoor(clock);
  const streams = new Set<OpenStream>();
  const polls = new Set<() => void>();
  const isoNow = (): string => new Date(clock.now()).toISOString();

  function nextId(): string {
    sequence += 1;
    if (traits.ids === 'own') return formatPosition({ epoch: `e${epoch}`, sequence });
    if (traits.ids === 'counter') return String(sequence);
    made += 1;
    return `evt_${Math.floor(random() * 2 ** 40).toString(36)}${made}`;
  }

  function publish(
    what: { form?: Published['form']; withhold?: boolean; contractId?: string } = {},
  ): Published {
    const { form = 'good', withhold = false } = what;
    const contractId = what.contractId ?? `C-${1 + Math.floor(random() * CONTRACTS)}`;
    const before = contracts.get(contractId);
    const version = (before?.version ?? 0) + 1;
    const from = before?.status ?? null;
    const to = WALK[version % WALK.length] as StatusCode;
    const id = nextId();
    const n = published.length + 1;
    const title = `Contract ${contractId}`;
    const actionRequired = random() < 0.4;
    const about: Published = {
      n,
      id,
      sequence,
      life: lives.length,
      contractId,
      version,
      title,
      from,
      to,
      actionRequired,
      envelope: '',
      at: clock.now(),
      form,
      gone: false,
      undone: false,
    };
    // Business time: some happened long before they are told.
    const happenedAt = clock.now() - (random() < 0.3 ? 3_600_000 : 0);
    const event = { ...about, envelope: envelopeOf(about, USER.id, traits.ids === 'own', happenedAt) };
    published.push(event);
    log.push(event);
    contracts.set(contractId, {
      contractId,
      title,
      version,
      status: to,
      since: clock.now(),
      last: event,
      acknowledged: before?.acknowledged ?? 0,
      acknowledgedBy: before?.acknowledgedBy ?? null,
    });
    if (!withhold) for (const { reply } of streams) writeEvent(reply, event);
    for (const wake of polls) wake();
    return event;
  }

  function writeEvent(reply: Reply, event: Published): void {
    const garbled = event.form === 'garbled';
    const data = garbled ? event.envelope.slice(0, -20) : event.envelope;
    reply.write(`id: ${event.id}\nevent: ${eventName(USER.id, 'ContractStatusChanged')}\ndata: ${data}\n\n`, [
      { what: 'event', event, garbled },
    ]);
  }

  function control(
    reply: Reply,
    kind: 'StreamHead' | 'StreamStale' | 'ContractAcknowledged',
    data: unknown,
    carried: readonly Carried[],
  ): void {
    reply.write(`event: ${eventName(USER.id, kind)}\ndata: ${JSON.stringify(data)}\n\n`, carried);
  }

  const head = (): string | null => log.at(-1)?.id ?? null;
  const headCarried = (): Carried => ({
    what: 'head',
    id: head(),
    time: Date.parse(isoNow()),
    published: published.length,
  });

  function writeHead(reply: Reply): void {
    const data = { head: head(), at: isoNow(), heartbeatMs: announcedHeartbeatMs(traits) };
    control(reply, 'StreamHead', data, [headCarried()]);
  }

  /** Where to go on after this cursor: an index into the log; `stale`: it is not known here. */
  function placeOf(cursor: string | null): { readonly from: number; readonly stale: boolean } {
    if (cursor === null) return { from: traits.replay ? firstKept : log.length, stale: false };
    const found = log.findIndex((event) => event.id === cursor);
    if (!traits.replay) return { from: log.length, stale: false };
    // A log that has begun anew, or no longer goes back so far: ours says so, others go on from where they are.
    const own = traits.ids === 'own' && traits.heads;
    if (found === -1 || found + 1 < firstKept) {
      return { from: traits.ids === 'counter' ? firstKept : log.length, stale: own };
    }
    return { from: found + 1, stale: false };
  }

  function openStream(request: ServerRequest, reply: Reply): void {
    const place = placeOf(request.headers['last-event-id'] ?? null);
    reply.head(200, 'text/event-stream');
    reply.write(': welcome\n\n');
    if (place.stale) {
      control(reply, 'StreamStale', { asOf: head(), oldest: log[firstKept]?.id ?? null }, [
        { what: 'stale' },
      ]);
    }
    for (const event of log.slice(place.stale ? log.length : place.from)) writeEvent(reply, event);
    for (const contract of contracts.values()) {
      if (contract.acknowledged > 0) tellAcknowledged(reply, contract);
      else if (contract.released !== undefined) tellAcknowledged(reply, contract, contract.released);
    }
    let cancel = (): void => {};
    if (traits.lookUpMs !== undefined) cancel = clock.after(traits.lookUpMs, begin);
    else begin();
    function begin(): void {
      if (traits.heads) writeHead(reply);
      beat();
    }
    function beat(): void {
      const { heartbeatMs } = traits;
      if (heartbeatMs === null) return;
      cancel = clock.after(heartbeatMs, () => {
        reply.write(': still here\n\n');
        if (traits.heads) writeHead(reply);
        beat();
      });
    }
    const stream: OpenStream = { reply, cancel: () => cancel() };
    streams.add(stream);
    reply.onClose(() => {
      cancel();
      streams.delete(stream);
    });
  }

  function tellAcknowledged(
    reply: Reply,
    { contractId, last, acknowledged, acknowledgedBy }: ServerContract,
    released?: number,
  ): void {
    const by = { id: USER.id, name: acknowledgedBy ?? USER.name };
    const state = released === undefined ? 'taken' : 'released';
    const version = released ?? acknowledged;
    const data = { contractId, eventId: last.id, version, state, at: isoNow(), by };
    control(reply, 'ContractAcknowledged', data, []);
  }

  function poll(request: ServerRequest, reply: Reply): void {
    const cursor = request.url.searchParams.get('after');
    const waitMs = Number(request.url.searchParams.get('wait')) * 1000;
    let done = false;
    let cancel = (): void => {};
    const answer = (): void => {
      if (done) return;
      done = true;
      cancel();
      polls.delete(look);
      const place = placeOf(cursor);
      const events = place.stale ? [] : log.slice(place.from);
      const stale = place.stale ? { asOf: head(), oldest: log[firstKept]?.id ?? null } : null;
      const carried: Carried[] = events.map((event) => ({ what: 'event', event, garbled: false }));
      reply.head(200, 'application/json');
      reply.write(
        `{"events":[${events.map((event) => event.envelope).join()}],"head":${JSON.stringify(head())},"at":"${isoNow()}","stale":${JSON.stringify(stale)}}`,
        [...(place.stale ? [{ what: 'stale' } as const] : []), ...carried, headCarried()],
      );
      reply.end();
    };
    const look = (): void => {
      const place = placeOf(cursor);
      if (place.stale || place.from < log.length) answer();
    };
    polls.add(look);
    reply.onClose(() => {
      done = true;
      cancel();
      polls.delete(look);
    });
    cancel = clock.after(waitMs, answer);
    look();
  }

  const lists = createServerLists({
    published,
    contracts: () => contracts,
    head,
    after: (cursor) => log.slice(placeOf(cursor).from),
    isoNow,
  });

  function acknowledge(request: ServerRequest, reply: Reply): void {
    const { version } = JSON.parse(request.body) as { version: number };
    const contract = contracts.get(request.contractId ?? '');
    const status =
      contract === undefined
        ? 404
        : contract.version > version
          ? 409
          : contract.acknowledged >= version
            ? 200
            : 201;
    if (contract !== undefined && status === 201) takeOn(contract, USER.name);
    reply.head(status, status < 300 ? 'application/json' : 'application/problem+json');
    reply.write('{}', [{ what: 'ack', contractId: request.contractId ?? '', version, status }]);
    reply.end();
    if (contract !== undefined && status === 201)
      for (const stream of streams) tellAcknowledged(stream.reply, contract);
  }

  function takeOn(contract: ServerContract, by: string): void {
    contract.acknowledged = contract.version;
    contract.acknowledgedBy = by;
    delete contract.released;
  }

  return {
    traits,
    published,
    userId: USER.id,
    lives,
    get life() {
      return lives.length;
    },
    get revokedAt() {
      return door.revokedAt;
    },
    contracts: () => contracts,
    head,
    publish,
    takeOnElsewhere(contractId) {
      const contract = contracts.get(contractId);
      if (contract === undefined || !contract.last.actionRequired) return;
      if (contract.acknowledged === contract.version) return;
      takeOn(contract, 'Somebody else');
      for (const { reply } of streams) tellAcknowledged(reply, contract);
    },
    handBackElsewhere(contractId) {
      const contract = contracts.get(contractId);
      if (contract === undefined || contract.acknowledged !== contract.version) return;
      contract.acknowledged = 0;
      contract.acknowledgedBy = null;
      contract.released = contract.version;
      for (const { reply } of streams) tellAcknowledged(reply, contract, contract.version);
    },
    publishForeign(name) {
      made += 1;
      for (const { reply } of streams) {
        reply.write(`${name === '' ? '' : `event: ${name}\n`}data: {"foreign":${made}}\n\n`, [
          { what: 'foreign', name },
        ]);
      }
    },
    beginLife(next) {
      if (next.kind !== 'same') lives.push({ at: clock.now(), kind: next.kind });
      if (next.kind === 'lost_tail') {
        const keep = Math.max(0, log.length - next.lost);
        for (const event of log.splice(keep)) event.undone = true;
        firstKept = Math.min(firstKept, log.length);
        sequence = log.at(-1)?.sequence ?? 0;
        contracts = contractsAsOf(published);
      } else if (next.kind !== 'same') {
        // What was in memory is gone; what history keeps is kept in a database.
        if (next.kind === 'reused') for (const event of log) event.gone = true;
        if (next.kind === 'new_log') epoch += 1;
        log = [];
        firstKept = 0;
        sequence = 0;
      }
      lists.forget();
    },
    truncate(keep) {
      firstKept = Math.max(firstKept, log.length - keep);
    },
    endStreams() {
      for (const { reply } of streams) reply.cut();
    },
    expireAccess: door.expireAccess,
    forbid: door.forbid,
    refuseAll: door.refuseAll,
    revoke() {
      door.revoke();
      for (const { reply } of streams) reply.cut();
    },
    allow: door.allow,
    serve(request, reply) {
      const { kind } = request;
      if (door.answers(request, reply)) return;
      if (kind === 'stream') return openStream(request, reply);
      if (kind === 'poll') return traits.polls ? poll(request, reply) : refuse(reply, 406);
      if (kind === 'preview' && traits.preview) return lists.preview(request, reply);
      // Who does not know of previews answers with all contracts.
      if ((kind === 'snapshot' || kind === 'preview') && traits.snapshot)
        return lists.snapshot(request, reply) ? undefined : refuse(reply, 410);
      if (kind === 'history' && traits.history) return lists.history(request, reply);
      if (kind === 'acknowledge' && traits.acknowledges) return acknowledge(request, reply);
      if (kind === 'logout') return json(reply, 204, {});
      return refuse(reply, 404);
    },
  };
}
