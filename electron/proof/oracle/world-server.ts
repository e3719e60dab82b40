import { formatPosition } from '../../../protocol/cursor.ts';
import { eventName } from '../../../protocol/control.ts';
import { STATUSES } from '../../../protocol/statuses.ts';
import type { StatusCode } from '../../../protocol/statuses.ts';
import type { Published } from './published.ts';
import type { Carried, Reply, ServerRequest } from './wire.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a server can do, and how it numbers; each combination is some real server's. */
export interface ServerTraits {
  /** `own`: EPOCH-SEQUENCE. `counter`: 1, 2, 3 … `opaque`: ids without an order. */
  readonly ids: 'own' | 'counter' | 'opaque';
  readonly heads: boolean;
  /** Comments (and heads) so often; null: nothing is heard between events. */
  readonly heartbeatMs: number | null;
  readonly snapshot: boolean;
  readonly history: boolean;
  readonly replay: boolean;
  readonly polls: boolean;
  readonly acknowledges: boolean;
  readonly preview: boolean;
}

/** How a server's log begins again. */
export type NewLife =
  /** The process only was away. */
  | { readonly kind: 'same' }
  /** A new epoch (own ids) or new ids: the log is empty, history stays. */
  | { readonly kind: 'new_log' }
  /** The same ids are given once more, from the first, for other events. */
  | { readonly kind: 'reused' }
  /** Back to a backup: the newest changes have not happened. */
  | { readonly kind: 'lost_tail'; readonly lost: number };

export interface WorldServer {
  readonly traits: ServerTraits;
  /** Everything ever published for this user, in the order in which it happened. */
  readonly published: readonly Published[];
  readonly userId: string;
  readonly life: number;
  /** The contract as the server has it now. */
  contracts(): ReadonlyMap<string, ServerContract>;
  /** Id of the newest event of the log; null while it is empty. */
  head(): string | null;
  /** When lives began, true time; the first is the server's beginning. */
  readonly lives: readonly { readonly at: number; readonly kind: NewLife['kind'] }[];
  /** Access tokens that were refused by the token endpoint itself. */
  readonly revokedAt: number | null;
  publish(what?: {
    readonly form?: Published['form'];
    readonly withhold?: boolean;
    readonly contractId?: string;
  }): Published;
  /** To another user's name, or without a name, by mistake. */
  publishForeign(name: string): void;
  beginLife(next: NewLife): void;
  /** Only the newest of the log are kept for replay. */
  truncate(keep: number): void;
  endStreams(): void;
  expireAccess(): void;
  /** While true, no access token is known, however new. */
  refuseAll(refuses: boolean): void;
  /** While true, the account may not receive changes. */
  forbid(forbids: boolean): void;
  revoke(): void;
  /** Stands for the person's right to be there again after `revoke`. */
  allow(): void;
  serve(request: ServerRequest, reply: Reply): void;
}

export interface ServerContract {
  readonly contractId: string;
  readonly title: string;
  version: number;
  status: string;
  since: number;
  last: Published;
  acknowledged: number;
  acknowledgedBy: string | null;
}

const USER = { id: 'u42', name: 'Anna', locale: 'en' };
const CONTRACTS = 6;
const PAGE = 4;
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
  let access = 0;
  let refresh = 0;
  let allowed = true;
  let refusing = false;
  let forbidding = false;
  let revokedAt: number | null = null;
  const accessTokens = new Set<string>();
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
    const envelope = JSON.stringify({
      specversion: '1.0',
      id,
      source: `/streams/${USER.id}`,
      type: 'app.contracts.status.changed.v1',
      subject: `contract/${contractId}`,
      // Business time: some happened long before they are told.
      time: new Date(clock.now() - (random() < 0.3 ? 3_600_000 : 0)).toISOString(),
      ...(traits.ids === 'own' ? { sequence: String(sequence).padStart(11, '0') } : {}),
      data: {
        contract: {
          id: contractId,
          title,
          version: form === 'unreadable' ? 'many' : version,
          counterparties: [],
        },
        change: { from, to, actor: { id: 'a1', name: 'Boris' }, reason: { code: 'n', text: `n=${n}` } },
        severity: STATUSES[to].severity,
        actionRequired,
      },
    });
    const event: Published = {
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
      envelope,
      at: clock.now(),
      form,
      gone: false,
      undone: false,
    };
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
    const data = { head: head(), at: isoNow(), heartbeatMs: traits.heartbeatMs ?? 15_000 };
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
    for (const contract of contracts.values())
      if (contract.acknowledged > 0) tellAcknowledged(reply, contract);
    if (traits.heads) writeHead(reply);
    let cancel = (): void => {};
    const beat = (): void => {
      const { heartbeatMs } = traits;
      if (heartbeatMs === null) return;
      cancel = clock.after(heartbeatMs, () => {
        reply.write(': still here\n\n');
        if (traits.heads) writeHead(reply);
        beat();
      });
    };
    beat();
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
  ): void {
    const by = { id: USER.id, name: acknowledgedBy ?? USER.name };
    const data = { contractId, eventId: last.id, version: acknowledged, at: isoNow(), by };
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

  /** Pages of one snapshot belong to the moment of page one. */
  let pages: {
    readonly items: readonly string[];
    readonly head: string | null;
    readonly at: string;
    readonly published: number;
  } | null = null;

  function snapshot(request: ServerRequest, reply: Reply): void {
    const next = Number(request.url.searchParams.get('next') ?? 0);
    if (next === 0) {
      const items = [...contracts.values()].map(({ title, contractId, version, status, since, last }) =>
        JSON.stringify({
          contract: { id: contractId, title, version },
          status,
          since: new Date(since).toISOString(),
          severity: STATUSES[status as StatusCode].severity,
          actionRequired: last.actionRequired,
          lastEventId: last.id,
          lastEvent: null,
        }),
      );
      pages = { items, head: head(), at: isoNow(), published: published.length };
    }
    if (pages === null) return refuse(reply, 410);
    const part = pages.items.slice(next, next + PAGE);
    const last = next + PAGE >= pages.items.length;
    const after = last ? null : String(next + PAGE);
    reply.head(200, 'application/json');
    reply.write(
      `{"asOf":${JSON.stringify(pages.head)},"at":"${pages.at}","total":${pages.items.length},"contracts":[${part.join()}],"next":${JSON.stringify(after)}}`,
      [{ what: 'snapshot', id: pages.head, time: Date.parse(pages.at), published: pages.published, last }],
    );
    reply.end();
  }

  function preview(request: ServerRequest, reply: Reply): void {
    const since = request.url.searchParams.get('since') ?? '';
    const place = placeOf(since);
    const changed = new Set(log.slice(place.from).map((event) => event.contractId));
    const items = [...contracts.values()]
      .filter(({ contractId }) => changed.has(contractId))
      .sort((a, b) => b.last.n - a.last.n)
      .map(({ title, contractId, version, status, since: from, last }) => ({
        contract: { id: contractId, title, version },
        status,
        since: new Date(from).toISOString(),
        severity: STATUSES[status as StatusCode].severity,
        actionRequired: last.actionRequired,
        lastEventId: last.id,
        lastEvent: null,
      }));
    reply.head(200, 'application/json');
    reply.write(
      JSON.stringify({
        asOf: head(),
        at: isoNow(),
        since,
        total: items.length,
        contracts: items,
        next: null,
      }),
      [{ what: 'preview', id: head(), time: Date.parse(isoNow()), published: published.length }],
    );
    reply.end();
  }

  function history(request: ServerRequest, reply: Reply): void {
    const events = published.filter(
      (event) => event.contractId === request.contractId && !event.gone && !event.undone,
    );
    reply.head(200, 'application/json');
    reply.write(
      `{"events":[${events.map((event) => event.envelope).join()}],"next":null}`,
      events.map((event): Carried => ({ what: 'event', event, garbled: false })),
    );
    reply.end();
  }

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
    if (contract !== undefined && status === 201) {
      contract.acknowledged = version;
      contract.acknowledgedBy = USER.name;
    }
    reply.head(status, status < 300 ? 'application/json' : 'application/problem+json');
    reply.write('{}', [{ what: 'ack', contractId: request.contractId ?? '', version, status }]);
    reply.end();
    if (contract !== undefined && status === 201)
      for (const stream of streams) tellAcknowledged(stream.reply, contract);
  }

  function giveTokens(): object {
    access += 1;
    refresh += 1;
    accessTokens.add(`a${access}`);
    return { accessToken: `a${access}`, refreshToken: `r${refresh}`, expiresIn: 3600 };
  }

  function refuse(reply: Reply, status: number, problem: object = {}): void {
    reply.head(status, 'application/problem+json');
    reply.write(JSON.stringify({ title: 'refused', status, ...problem }));
    reply.end();
  }

  function json(reply: Reply, status: number, value: object): void {
    reply.head(status, 'application/json');
    reply.write(JSON.stringify(value));
    reply.end();
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
      return revokedAt;
    },
    contracts: () => contracts,
    head,
    publish,
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
      pages = null;
    },
    truncate(keep) {
      firstKept = Math.max(firstKept, log.length - keep);
    },
    endStreams() {
      for (const { reply } of streams) reply.cut();
    },
    expireAccess: () => accessTokens.clear(),
    forbid(next) {
      forbidding = next;
    },
    refuseAll(next) {
      refusing = next;
    },
    revoke() {
      allowed = false;
      accessTokens.clear();
      for (const { reply } of streams) reply.cut();
    },
    allow() {
      allowed = true;
    },
    serve(request, reply) {
      const { kind } = request;
      if (kind === 'login') return json(reply, 200, { ...giveTokens(), user: USER });
      if (kind === 'refresh') {
        if (allowed) return json(reply, 200, giveTokens());
        revokedAt = clock.now();
        return refuse(reply, 400, { error: 'invalid_grant' });
      }
      const token =
        /^Bearer (.+)$/.exec(
          request.headers['authorization'] ?? request.headers['Authorization'] ?? '',
        )?.[1] ?? '';
      if (refusing || !accessTokens.has(token)) return refuse(reply, 401);
      if (forbidding && (kind === 'stream' || kind === 'poll' || kind === 'snapshot'))
        return refuse(reply, 403);
      if (kind === 'stream') return openStream(request, reply);
      if (kind === 'poll') return traits.polls ? poll(request, reply) : refuse(reply, 406);
      if (kind === 'snapshot' && traits.snapshot) return snapshot(request, reply);
      if (kind === 'preview' && traits.snapshot)
        return traits.preview ? preview(request, reply) : snapshot(request, reply);
      if (kind === 'history' && traits.history) return history(request, reply);
      if (kind === 'acknowledge' && traits.acknowledges) return acknowledge(request, reply);
      if (kind === 'logout') return json(reply, 204, {});
      return refuse(reply, 404);
    },
  };

  /** The contracts as the changes that have happened made them. */
  function contractsAsOf(events: readonly Published[]): Map<string, ServerContract> {
    const then = new Map<string, ServerContract>();
    for (const event of events) {
      if (event.undone) continue;
      const { contractId, title, version, to, at } = event;
      then.set(contractId, {
        contractId,
        title,
        version,
        status: to,
        since: at,
        last: event,
        acknowledged: 0,
        acknowledgedBy: null,
      });
    }
    return then;
  }
}
