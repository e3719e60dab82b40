import { STATUSES } from '../../../protocol/statuses.ts';
import type { StatusCode } from '../../../protocol/statuses.ts';
import type { Published } from './published.ts';
import type { ServerContract } from './server-traits.ts';
import type { Carried, Reply, ServerRequest } from './wire.ts';

const PAGE = 4;

/** What a server's lists are made of. */
export interface ListSource {
  readonly published: readonly Published[];
  contracts(): ReadonlyMap<string, ServerContract>;
  head(): string | null;
  /** Of the log, what is after this cursor. */
  after(cursor: string): readonly Published[];
  isoNow(): string;
}

export interface ServerLists {
  /** False where its first page is of another life, or never was asked for. */
  snapshot(request: ServerRequest, reply: Reply): boolean;
  preview(request: ServerRequest, reply: Reply): void;
  history(request: ServerRequest, reply: Reply): void;
  /** Pages of before are no longer given. */
  forget(): void;
}

/** Snapshot, preview and history, as a server answers them. */
export function createServerLists(source: ListSource): ServerLists {
  /** Pages of one snapshot belong to the moment of page one. */
  let pages: {
    readonly items: readonly string[];
    readonly head: string | null;
    readonly at: string;
    readonly published: number;
  } | null = null;

  function snapshot(request: ServerRequest, reply: Reply): boolean {
    const next = Number(request.url.searchParams.get('next') ?? 0);
    if (next === 0) {
      const items = [...source.contracts().values()].map(
        ({ title, contractId, version, status, since, last }) =>
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
      pages = { items, head: source.head(), at: source.isoNow(), published: source.published.length };
    }
    if (pages === null) return false;
    const part = pages.items.slice(next, next + PAGE);
    const last = next + PAGE >= pages.items.length;
    const after = last ? null : String(next + PAGE);
    reply.head(200, 'application/json');
    reply.write(
      `{"asOf":${JSON.stringify(pages.head)},"at":"${pages.at}","total":${pages.items.length},"contracts":[${part.join()}],"next":${JSON.stringify(after)}}`,
      [{ what: 'snapshot', id: pages.head, time: Date.parse(pages.at), published: pages.published, last }],
    );
    reply.end();
    return true;
  }

  function preview(request: ServerRequest, reply: Reply): void {
    const since = request.url.searchParams.get('since') ?? '';
    const changed = new Set(source.after(since).map((event) => event.contractId));
    const items = [...source.contracts().values()]
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
        asOf: source.head(),
        at: source.isoNow(),
        since,
        total: items.length,
        contracts: items,
        next: null,
      }),
      [
        {
          what: 'preview',
          id: source.head(),
          time: Date.parse(source.isoNow()),
          published: source.published.length,
        },
      ],
    );
    reply.end();
  }

  function history(request: ServerRequest, reply: Reply): void {
    const events = source.published.filter(
      (event) => event.contractId === request.contractId && !event.gone && !event.undone,
    );
    reply.head(200, 'application/json');
    reply.write(
      `{"events":[${events.map((event) => event.envelope).join()}],"next":null}`,
      events.map((event): Carried => ({ what: 'event', event, garbled: false })),
    );
    reply.end();
  }

  return { snapshot, preview, history, forget: () => void (pages = null) };
}
