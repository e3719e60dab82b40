import type { ServerResponse } from 'node:http';
import type { StreamStale } from '../../protocol/control.ts';
import type { FrameStage } from '../faults/frames.ts';
import type { Faults } from '../faults/state.ts';
import type { UserLog } from '../log.ts';
import type { Frame } from './wire.ts';
import { pollWire } from './wire.ts';

const MAX_EVENTS = 1000;

export interface PollText {
  readonly body: string | Buffer;
  /** A fault cuts the connection inside or after the body. */
  readonly cut: boolean;
}

/** Whether a poll after this cursor has something to say at once. */
export function hasNews(log: UserLog, cursor: string | null): boolean {
  const place = log.place(cursor);
  return place.stale || place.from < log.record.length;
}

/**
 * `{events, head, at, stale, more}` with at most 1,000 events after the cursor and the side messages given (each one
 * element of JSON text). `more`: it was cut short, and the last event given is where to go on.
 */
export function makePollText(
  log: UserLog,
  cursor: string | null,
  at: string,
  sideMessages: readonly string[],
  faults: Faults,
): PollText {
  const place = log.place(cursor);
  const early = cursor !== null && place.from < log.record.length ? faults.replayEarly() : 0;
  const from = Math.max(log.firstKept(), place.from - early);
  const end = Math.min(log.record.length, from + MAX_EVENTS);
  const elements: string[] = [];
  let lastGiven: string | null = null;
  let torn: Buffer | null = null;

  const stages = faults.frameStages(log.userId, pollWire, (fault) => fault.kind === 'stall');
  function deliver(frame: Frame): void {
    if (torn) return;
    // Cut between events still cuts the answer: a poll is one message.
    if (frame.cut) torn = Buffer.from(frame.bytes);
    else {
      elements.push(frame.bytes.toString());
      lastGiven = frame.event?.id ?? lastGiven;
    }
  }
  function emit(frame: Frame, index = 0): void {
    const stage: FrameStage | undefined = stages[index];
    if (!stage) return deliver(frame);
    stage.push(frame, (passed) => emit(passed, index + 1));
  }
  for (let index = from; index < end; index += 1) {
    const event = log.record[index];
    if (event) emit({ bytes: pollWire.event(log.userId, event.id, log.json(index)), event });
  }
  for (const message of sideMessages) emit({ bytes: message, event: null });
  stages.forEach((stage, index) => stage.flush((frame) => emit(frame, index + 1)));

  const opening = `{"events":[${elements.join(',')}`;
  if (torn !== null)
    return {
      body: Buffer.concat([Buffer.from(elements.length > 0 ? `${opening},` : opening), torn]),
      cut: true,
    };
  const stale: StreamStale | null = place.stale ? { asOf: log.head(), oldest: log.oldest() } : null;
  // Where a fault left out the end, asking again from there would bring the same: then the head must tell.
  const more = end < log.record.length && lastGiven === log.record[end - 1]?.id;
  const rest = JSON.stringify({ head: log.head(), at, stale, more });
  return { body: `${opening}],${rest.slice(1)}`, cut: false };
}

/** Writes the answer, or as much of it as the fault lets through. */
export function sendPoll(
  response: ServerResponse,
  headers: Readonly<Record<string, string | number | string[]>>,
  text: PollText,
): void {
  response.writeHead(200, headers);
  if (!text.cut) response.end(text.body);
  else response.write(text.body, () => response.destroy());
}
