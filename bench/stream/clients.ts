import { get } from 'node:http';
import { systemClock } from '../../electron/ports/clock.ts';
import type { HttpPort } from '../../electron/ports/http.ts';
import { createNodeHttp } from '../../electron/ports/node-http.ts';
import { openStream } from '../../electron/stream/open-stream.ts';
import type { StreamItem } from '../../electron/stream/types.ts';
import type { Role } from '../harness/types.ts';
import { EVENT_NAME } from './wire.ts';

/** Opens the stream and calls `onEvent` with whatever this client hands over, until the returned close. */
type Open<E> = (url: string, onEvent: (event: E) => void) => Promise<() => void | Promise<void>>;

interface Received {
  readonly id: string | null;
  readonly data: string;
}

/** A client of the flood. `read` is for checking that it does its work; it is not called while measuring. */
export interface Client {
  readonly role: Role;
  /** `bytes`: it counts bytes and knows no events. */
  readonly hands: 'events' | 'bytes';
  open(
    url: string,
    onEvent: (amount: number) => void,
    onReceived: ((one: Received) => void) | null,
  ): Promise<() => void | Promise<void>>;
}

function eventClient<E>(role: Role, open: Open<E>, read: (event: E) => Received): Client {
  return {
    role,
    hands: 'events',
    open: (url, onEvent, onReceived) =>
      open(url, onReceived === null ? () => onEvent(1) : (event) => onReceived(read(event))),
  };
}

const readMessage = (event: PeerMessage): Received => ({ id: event.lastEventId, data: event.data });

function openEventSource(EventSource: new (url: string) => PeerEventSource): Open<PeerMessage> {
  return async (url, onEvent) => {
    const source = new EventSource(url);
    source.addEventListener(EVENT_NAME, onEvent);
    // Some throw what nobody listens for; the end of a counted flood is no failure here.
    source.addEventListener('error', () => {});
    return () => source.close();
  };
}

type CreateHttp = () => HttpPort & { close(): void };

async function openOurs(
  createHttp: CreateHttp,
  url: string,
  onEvent: (item: StreamItem) => void,
): Promise<() => Promise<void>> {
  const http = createHttp();
  const stream = openStream({
    url,
    http,
    clock: systemClock,
    random: Math.random,
    headers: async () => ({}),
    cursor: () => null,
    onItems(items) {
      for (const item of items) onEvent(item);
    },
    onState() {},
  });
  return async () => {
    await stream.close();
    http.close();
  };
}

const openFetchEventSource: Open<{ readonly id: string; readonly data: string }> = async (url, onEvent) => {
  // It is written for browsers and asks for these two even where they do nothing.
  Object.assign(globalThis, {
    window: globalThis,
    document: { hidden: false, addEventListener() {}, removeEventListener() {} },
  });
  const { fetchEventSource } = await import('@microsoft/fetch-event-source');
  const controller = new AbortController();
  const { signal } = controller;
  void fetchEventSource(url, { signal, openWhenHidden: true, fetch, onmessage: onEvent });
  return () => controller.abort();
};

const openParser: Open<{ readonly id?: string; readonly data: string }> = async (url, onEvent) => {
  const { createParser } = await import('eventsource-parser');
  const request = get(url, (response) => {
    const parser = createParser({ onEvent });
    response.setEncoding('utf8');
    response.on('data', (text: string) => parser.feed(text));
    response.on('error', () => {});
  });
  request.on('error', () => {});
  return () => void request.destroy();
};

/** The same bytes by the same adapter, only counted. */
async function openFloor(
  createHttp: CreateHttp,
  url: string,
  onBytes: (bytes: number) => void,
): Promise<() => void> {
  const http = createHttp();
  const controller = new AbortController();
  const answer = await http.request({
    url,
    method: 'GET',
    headers: { accept: 'text/event-stream' },
    signal: controller.signal,
  });
  async function read(): Promise<void> {
    for await (const chunk of answer.body) onBytes(chunk.length);
  }
  // An aborted body ends with the abort's own reason.
  read().catch((error: unknown) => {
    if (!controller.signal.aborted) throw error;
  });
  return () => {
    controller.abort();
    http.close();
  };
}

export const OURS = 'Contract Pulse openStream';
export const FLOOR = 'same bytes, not parsed';

/** Ours over this HTTP. */
export function makeOurs(createHttp: CreateHttp): Client {
  return eventClient(
    'ours',
    (url, onEvent) => openOurs(createHttp, url, onEvent),
    (item: StreamItem) => ({ id: item.id, data: item.kind === 'event' ? item.data : '' }),
  );
}

export function makeFloor(createHttp: CreateHttp): Client {
  return { role: 'floor', hands: 'bytes', open: (url, onBytes) => openFloor(createHttp, url, onBytes) };
}

/** By name; a peer is loaded only when it is asked for. */
export const CLIENTS: Readonly<Record<string, () => Promise<Client>>> = {
  [OURS]: async () => makeOurs(createNodeHttp),
  eventsource: async () =>
    eventClient('peer', openEventSource((await import('eventsource')).EventSource), readMessage),
  '@microsoft/fetch-event-source': async () => eventClient('peer', openFetchEventSource, (event) => event),
  undici: async () => eventClient('peer', openEventSource((await import('undici')).EventSource), readMessage),
  'launchdarkly-eventsource': async () =>
    eventClient('peer', openEventSource((await import('launchdarkly-eventsource')).EventSource), readMessage),
  'http.get + eventsource-parser': async () =>
    eventClient('reference', openParser, ({ id, data }) => ({ id: id ?? null, data })),
  [FLOOR]: async () => makeFloor(createNodeHttp),
};
