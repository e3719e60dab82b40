import type { ServerResponse } from 'node:http';
import { eventName, type Acknowledged } from '../../protocol/control.ts';
import type { FrameStage } from '../faults/frames.ts';
import { createShaper } from '../faults/shaper.ts';
import type { Faults } from '../faults/state.ts';
import type { UserLog } from '../log.ts';
import type { Frame, Wire } from './wire.ts';

/** One open stream. It reads the log by a pointer: whatever is behind stays in the log, not in a queue of its own. */
export interface Connection {
  readonly userId: string;
  readonly sessionId: string | null;
  /** The log has grown. */
  wake(): void;
  sendNotice(text: string): void;
  /** While the log is still being replayed it is left to the replay's end. */
  sendAcknowledged(done: Acknowledged): void;
  sendRaw(bytes: string | Uint8Array): void;
  /** Ends as a server does that has said what it had to say. */
  end(): void;
  /** Cuts the socket at once. */
  cut(): void;
  /** Ends the stream if its credentials are no longer good. */
  check(): void;
  /** Takes up the faults now in force. */
  applyFaults(): void;
}

export interface ConnectionContext {
  readonly log: UserLog;
  readonly wire: Wire;
  readonly cursor: string | null;
  readonly sessionId: string | null;
  readonly heartbeatMs: number;
  readonly retryMs: number;
  readonly maxBufferedBytes: number;
  /** How long a consumer may have more than `maxBufferedBytes` waiting, ms. */
  readonly slowGraceMs: number;
  /** No StreamHead, no StreamStale. */
  readonly foreign: boolean;
  readonly faults: Faults;
  /** What the user has acknowledged, told at the end of replay. */
  readonly acknowledged: () => readonly Acknowledged[];
  /** Server time, RFC 3339. */
  readonly at: () => string;
  /** False once the credentials are no longer good. */
  readonly isAllowed: () => boolean;
  readonly onLine: (line: string) => void;
  readonly onClose: () => void;
}

const BATCH_BYTES = 64 * 1024;

/** Takes over `response`, whose head is not written yet. */
export function createConnection(
  response: ServerResponse,
  headers: Readonly<Record<string, string | number | string[]>>,
  context: ConnectionContext,
): Connection {
  const { log, wire, faults } = context;
  const { userId } = log;
  const place = log.place(context.cursor);
  const headersHeld = faults.holdsHeaders();

  let next = Math.max(log.firstKept(), place.from - (context.cursor === null ? 0 : faults.replayEarly()));
  let live = false;
  let blocked = false;
  // Bytes of the events in next … counted - 1, which came while the socket took no more.
  let waitingBytes = 0;
  let counted = 0;
  let slowTimer: NodeJS.Timeout | undefined;
  let closed = false;
  let scheduled = false;
  let stages: readonly FrameStage[] = [];
  let batch: (string | Buffer)[] | null = null;

  const shaper = createShaper(response, () => {
    blocked = false;
    pump();
  });

  function applyFaults(isOpening = false): void {
    stages.forEach((stage, index) => stage.flush((frame) => emit(frame, index + 1)));
    // Whether a stall hits before the headers was decided above; an open stream stalls where it is.
    stages = faults.frameStages(
      userId,
      wire,
      (fault) => isOpening && fault.kind === 'stall' && fault.afterEvents === 0,
    );
    shaper.setShape(faults.shape());
  }

  function write(data: string | Buffer): void {
    if (!closed && !headersHeld && data.length > 0 && !shaper.write(data)) blocked = true;
  }

  /** The end of the chain of faults. */
  function deliver(frame: Frame): void {
    if (closed) return;
    if (batch) batch.push(frame.bytes);
    else write(frame.bytes);
    if (!frame.cut) return;
    flushBatch();
    shaper.finish('cut');
  }

  function flushBatch(): void {
    const parts = batch;
    batch = null;
    if (!parts || parts.length === 0) return;
    if (parts.every((part) => typeof part === 'string')) return write(parts.join(''));
    for (const part of parts) write(part);
  }

  function emit(frame: Frame, stageIndex = 0): void {
    const stage = stages[stageIndex];
    if (!stage) return deliver(frame);
    stage.push(frame, (passed) => emit(passed, stageIndex + 1));
  }

  function sendHead(): void {
    if (context.foreign) return;
    const data = { head: log.head(), at: context.at(), heartbeatMs: context.heartbeatMs };
    emit({ bytes: wire.control(eventName(userId, 'StreamHead'), data), event: null });
  }

  function acknowledgedText(done: Acknowledged): string {
    return wire.control(eventName(userId, 'ContractAcknowledged'), done);
  }

  /** Sends what the log has, one batch a turn of the event loop, for as long as the socket takes it. */
  function pump(): void {
    if (closed || blocked || scheduled || headersHeld) return;
    let bytes = 0;
    batch = [];
    while (next < log.record.length && bytes < BATCH_BYTES) {
      const event = log.record[next];
      if (!event) break;
      const text = wire.event(userId, event.id, log.json(next));
      if (next < counted) waitingBytes -= Buffer.byteLength(log.json(next));
      next += 1;
      bytes += text.length;
      emit({ bytes: text, event });
      if (batch === null) return; // a fault has cut the connection
    }
    watchSlowness();
    if (next >= log.record.length && !live) {
      live = true;
      for (const done of context.acknowledged()) emit({ bytes: acknowledgedText(done), event: null });
      sendHead();
    }
    flushBatch();
    if (next < log.record.length && !blocked) {
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        pump();
      });
    }
  }

  /** Over the bound is a matter of time: a burst is no slow consumer. */
  function watchSlowness(): void {
    const isOver = waitingBytes + shaper.waiting() > context.maxBufferedBytes;
    if (isOver === (slowTimer !== undefined)) return;
    clearTimeout(slowTimer);
    slowTimer = isOver
      ? setTimeout(() => {
          context.onLine(
            `stream cut: ${userId} reads too slowly (over ${context.maxBufferedBytes} bytes waiting)`,
          );
          response.destroy();
        }, context.slowGraceMs)
      : undefined;
  }

  function countWaiting(): void {
    if (!live) return;
    for (counted = Math.max(counted, next); counted < log.record.length; counted += 1)
      waitingBytes += Buffer.byteLength(log.json(counted));
    watchSlowness();
  }

  function check(): boolean {
    if (context.isAllowed()) return true;
    context.onLine(`stream ended: ${userId}, the credentials are no longer good`);
    shaper.finish('end');
    return false;
  }

  function beat(): void {
    if (!check() || blocked) return;
    emit({ bytes: wire.beat(), event: null });
    // During replay a head would name events that are still to come.
    if (live && next >= log.record.length) sendHead();
  }

  const heartbeat = setInterval(beat, context.heartbeatMs);

  response.on('close', () => {
    closed = true;
    clearInterval(heartbeat);
    clearTimeout(slowTimer);
    shaper.dispose();
    for (const stage of stages) stage.flush(() => {});
    context.onClose();
  });
  response.on('error', () => response.destroy());

  if (!headersHeld) {
    response.writeHead(200, headers);
    response.flushHeaders();
  }
  applyFaults(true);
  emit({ bytes: wire.open(context.retryMs), event: null });
  if (place.stale) {
    const data = { asOf: log.head(), oldest: log.oldest() };
    emit({ bytes: wire.control(eventName(userId, 'StreamStale'), data), event: null });
  }
  pump();

  function send(text: string): void {
    emit({ bytes: text, event: null });
    if (blocked) watchSlowness();
  }

  return {
    userId,
    sessionId: context.sessionId,
    wake() {
      if (blocked) countWaiting();
      else pump();
    },
    sendNotice: (text) => send(wire.notice(text)),
    sendAcknowledged(done) {
      if (live) send(acknowledgedText(done));
    },
    sendRaw: (bytes) => write(typeof bytes === 'string' ? bytes : Buffer.from(bytes)),
    end: () => shaper.finish('end'),
    cut: () => response.destroy(),
    check,
    applyFaults: () => applyFaults(),
  };
}
