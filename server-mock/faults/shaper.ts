import type { ServerResponse } from 'node:http';

/** How a connection's bytes travel, as faults change it. */
export interface Shape {
  readonly oneByte: boolean;
  readonly delayMs: number;
  /** Bytes vanish as in a proxy that buffers for ever. */
  readonly swallow: boolean;
  /** Bytes are passed on whenever so many have come together; 0: at once. */
  readonly holdBytes: number;
}

export const PLAIN: Shape = { oneByte: false, delayMs: 0, swallow: false, holdBytes: 0 };

/** The last step before the socket. Without faults every write goes straight through. */
export interface Shaper {
  /** False: wait for `onDrain` before writing more. */
  write(data: string | Buffer): boolean;
  /** Bytes accepted and not yet taken by the system. */
  waiting(): number;
  setShape(shape: Shape): void;
  /** Ends or cuts the connection once everything written before is out. */
  finish(how: 'end' | 'cut'): void;
  dispose(): void;
}

const QUEUE_BOUND = 256 * 1024;

export function createShaper(response: ServerResponse, onDrain: () => void): Shaper {
  let shape = PLAIN;
  let queue: { data: Buffer; due: number; offset: number }[] = [];
  let queued = 0;
  let finishing: 'end' | 'cut' | null = null;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let disposed = false;
  let mustDrain = false;
  /** What is held back until there is enough of it. */
  let heldParts: Buffer[] = [];

  /** What of `data` and what was held is to go on now: whole buffers, as a proxy fills them; all of it where nothing is held any more. */
  function passOn(data: Buffer): Buffer {
    const all = Buffer.concat([...heldParts, data]);
    const size = shape.holdBytes;
    const full = size === 0 ? all.length : all.length - (all.length % size);
    heldParts = full === all.length ? [] : [all.subarray(full)];
    return all.subarray(0, full);
  }

  function isPlain(): boolean {
    return (
      !shape.oneByte &&
      shape.delayMs === 0 &&
      shape.holdBytes === 0 &&
      heldParts.length === 0 &&
      queue.length === 0
    );
  }

  function finishNow(): void {
    if (finishing === 'end') response.end();
    // Called back once the system has taken all earlier writes; destroying earlier would lose them.
    else if (finishing === 'cut') response.socket?.write('', () => response.destroy());
  }

  function pump(): void {
    timer = undefined;
    immediate = undefined;
    if (disposed) return;
    while (queue.length > 0) {
      const first = queue[0] as (typeof queue)[number];
      const wait = first.due - performance.now();
      if (wait > 0) {
        timer = setTimeout(pump, Math.ceil(wait));
        return;
      }
      const end = shape.oneByte ? first.offset + 1 : first.data.length;
      const free = response.write(first.data.subarray(first.offset, end));
      queued -= end - first.offset;
      first.offset = end;
      if (end >= first.data.length) queue.shift();
      if (!free) {
        mustDrain = true;
        return; // 'drain' goes on
      }
      if (shape.oneByte) {
        // A turn of the event loop for each byte, so that each is a chunk of its own.
        immediate = setImmediate(pump);
        return;
      }
    }
    if (finishing) finishNow();
    else onDrain();
  }

  response.on('drain', () => {
    mustDrain = false;
    // In a turn of its own: where the system takes all that is written, this is still the turn of the write, and a long replay
    // would let nobody else have one.
    immediate ??= setImmediate(drained);
  });

  function drained(): void {
    immediate = undefined;
    if (disposed) return;
    if (queue.length > 0) pump();
    else onDrain();
  }

  return {
    write(data) {
      if (disposed || finishing || shape.swallow) return true;
      if (isPlain()) {
        const free = response.write(data);
        mustDrain = !free;
        return free;
      }
      const bytes = passOn(Buffer.from(data));
      if (bytes.length === 0) return true;
      queue.push({ data: bytes, due: performance.now() + shape.delayMs, offset: 0 });
      queued += bytes.length;
      if (!timer && !immediate && !mustDrain) pump();
      return queued < QUEUE_BOUND && !mustDrain;
    },
    waiting: () => queued + response.writableLength,
    setShape(next) {
      shape = next;
    },
    finish(how) {
      if (finishing || disposed) return;
      finishing = how;
      if (queue.length === 0) finishNow();
    },
    dispose() {
      disposed = true;
      queue = [];
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
