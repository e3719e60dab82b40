import type { StatusChanged } from '../../protocol/event.ts';
import { eventName } from '../../protocol/control.ts';

/** How events and control messages look on one transport. Every method returns whole, self-contained text. */
export interface Wire {
  /** `json` may be something else than the event's true JSON: faults use it. */
  event(userId: string, id: string, json: string): string;
  control(name: string, data: unknown): string;
  notice(text: string): string;
  /** What a stream begins with. */
  open(retryMs: number): string;
  /** Proves life, says nothing. */
  beat(): string;
  /** A block without an id under this name whose data is no JSON. */
  broken(name: string): string;
}

/** WHATWG "Server-sent events": https://html.spec.whatwg.org/multipage/server-sent-events.html */
export const sseWire: Wire = {
  event: (userId, id, json) =>
    `id: ${id}\nevent: ${eventName(userId, 'ContractStatusChanged')}\ndata: ${json}\n\n`,
  control: (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`,
  notice: (text) => `data: ${JSON.stringify({ kind: 'notice', text })}\n\n`,
  open: (retryMs) => `retry: ${retryMs}\n\n`,
  beat: () => ': heartbeat\n\n',
  broken: (name) => `event: ${name}\ndata: {"specversion":"1.0","id":\n\n`,
};

/** One JSON object a line: the envelope itself, or a control event wrapped; a blank line as heartbeat. */
export const ndjsonWire: Wire = {
  event: (_userId, _id, json) => `${json}\n`,
  control: (name, data) => `${JSON.stringify({ event: name, data })}\n`,
  notice: (text) => `${JSON.stringify({ event: 'message', data: { kind: 'notice', text } })}\n`,
  open: () => '',
  beat: () => '\n',
  broken: () => '{"specversion":"1.0","id":\n',
};

/** One element of a long poll's `events`. The answer as a whole stays JSON, so garbage is a string in its place. */
export const pollWire: Wire = {
  event: (_userId, _id, json) => (isJson(json) ? json : JSON.stringify(json)),
  control: (name, data) => JSON.stringify({ event: name, data }),
  notice: (text) => JSON.stringify({ event: 'message', data: { kind: 'notice', text } }),
  open: () => '',
  beat: () => '',
  broken: (name) => JSON.stringify({ event: name, data: '{"specversion":"1.0","id":' }),
};

function isJson(text: string): boolean {
  return text.endsWith('}');
}

/** One message on its way out. `event` is null for control messages and heartbeats. */
export interface Frame {
  readonly bytes: string | Buffer;
  readonly event: StatusChanged | null;
  /** The socket is cut once `bytes` are out. */
  readonly cut?: boolean;
}
