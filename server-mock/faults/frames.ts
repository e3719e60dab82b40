import { eventName } from '../../protocol/control.ts';
import type { Random } from '../random.ts';
import type { Frame, Wire } from '../stream/wire.ts';
import type { Fault } from './types.ts';

/** One fault at work on one connection: gets each frame, hands on none, one or several. */
export interface FrameStage {
  push(frame: Frame, next: (frame: Frame) => void): void;
  /** Hands on what it holds back. */
  flush(next: (frame: Frame) => void): void;
}

export interface FrameContext {
  readonly userId: string;
  readonly wire: Wire;
  readonly random: Random;
  /** Counts a fault that was applied. */
  readonly applied: (kind: Fault['kind']) => void;
}

const REORDER_WINDOW_MS = 50;
const noFlush = () => {};

/** The stages of those faults that work on single messages, in the order of the list. */
export function createFrameStages(faults: readonly Fault[], context: FrameContext): readonly FrameStage[] {
  return faults.flatMap((fault) => createStage(fault, context) ?? []);
}

function createStage(fault: Fault, context: FrameContext): FrameStage | undefined {
  switch (fault.kind) {
    case 'drop':
      return eventStage(context, fault, (frame, next) => next(cutFrame(frame, fault.where ?? 'between')));
    case 'duplicate':
      return eventStage(context, fault, (frame, next) => {
        next(frame);
        next(frame);
      });
    case 'omit':
      return fault.last ? omitLast(context) : eventStage(context, fault, noFlush);
    case 'giant':
      return eventStage(context, fault, (frame, next) => next(padFrame(frame, fault.bytes, context)));
    case 'garbage':
      return eventStage(context, fault, (frame, next) => {
        if (fault.variant === 'own') return next(spoilFrame(frame, context));
        next(makeGarbage(context));
        next(frame);
      });
    case 'reorder':
      return reorder(fault.probability, context);
    case 'stall':
      return stallAfter(fault.afterEvents, fault.probability ?? 1, context);
    default:
      return undefined;
  }
}

interface Choice {
  readonly kind: Fault['kind'];
  readonly probability?: number;
  readonly sequences?: readonly number[];
}

/** Applies `act` to the events that are chosen by sequence or by chance; all else passes. */
function eventStage(
  { random, applied }: FrameContext,
  { kind, probability, sequences }: Choice,
  act: (frame: Frame, next: (frame: Frame) => void) => void,
): FrameStage {
  const chosen = sequences && new Set(sequences);
  const share = probability ?? (sequences ? 0 : 1);
  return {
    push(frame, next) {
      const hit =
        frame.event !== null && (chosen?.has(sequenceOf(frame.event.id)) === true || random.chance(share));
      if (!hit) return next(frame);
      applied(kind);
      act(frame, next);
    },
    flush: noFlush,
  };
}

/** The number at the end of an id of ours (`e1-00000000007`) or of the foreign form (`1712:7`). */
function sequenceOf(id: string): number {
  return Number(/\d+$/.exec(id)?.[0] ?? Number.NaN);
}

function cutFrame(frame: Frame, where: 'between' | 'line' | 'character'): Frame {
  if (where === 'between') return { ...frame, cut: true };
  const bytes = Buffer.from(frame.bytes);
  const middle = Math.floor(bytes.length / 2);
  // 0xc0 and above begin a character of several bytes; cut after its first byte.
  const character = where === 'character' ? bytes.findIndex((byte) => byte >= 0xc0) : -1;
  return { ...frame, bytes: bytes.subarray(0, character >= 0 ? character + 1 : middle), cut: true };
}

function padFrame(frame: Frame, bytes: number, { userId, wire }: FrameContext): Frame {
  if (!frame.event) return frame;
  const plain = JSON.stringify(frame.event);
  const missing = bytes - Buffer.byteLength(plain) - ',"padding":""'.length;
  if (missing <= 0) return frame;
  const json = `${plain.slice(0, -1)},"padding":"${'x'.repeat(missing)}"}`;
  return { ...frame, bytes: wire.event(userId, frame.event.id, json) };
}

/** The true event is still in the log and in history, so a client can repair what it could not read. */
function spoilFrame(frame: Frame, { userId, wire, random }: FrameContext): Frame {
  if (!frame.event) return frame;
  const json = random.pick([
    '{"specversion":"1.0","id":',
    `{"specversion":"1.0","id":${JSON.stringify(frame.event.id)},"data":null}`,
    '\u0000\u0001<html>not an event</html>',
  ]);
  return { ...frame, bytes: wire.event(userId, frame.event.id, json) };
}

function makeGarbage({ userId, wire, random }: FrameContext): Frame {
  const own = eventName(userId, 'ContractStatusChanged');
  const bytes = random.pick<() => string | Buffer>([
    () => wire.broken(own),
    () => wire.control('nobody_ContractStatusChanged', { specversion: '1.0', id: 'x', data: 7 }),
    () => wire.control(eventName(userId, 'StreamHead'), { head: 7, at: 'never' }),
    // Bytes that are no UTF-8 and no field of any kind; the line ends so that what follows is whole.
    () =>
      wire.beat() === ''
        ? wire.broken(own)
        : Buffer.concat([Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x80, 0x00, 0x7b]), Buffer.from('\n\n')]),
  ])();
  return { bytes, event: null };
}

function omitLast({ applied }: FrameContext): FrameStage {
  let held: Frame | null = null;
  return {
    push(frame, next) {
      if (!frame.event) return next(frame);
      if (held) next(held);
      held = frame;
      applied('omit');
    },
    flush: noFlush,
  };
}

function reorder(probability: number, { random, applied }: FrameContext): FrameStage {
  let held: Frame | null = null;
  let timer: NodeJS.Timeout | undefined;
  function release(next: (frame: Frame) => void): void {
    clearTimeout(timer);
    const frame = held;
    held = null;
    if (frame) next(frame);
  }
  return {
    push(frame, next) {
      if (frame.event && held) {
        applied('reorder');
        next(frame);
        return release(next);
      }
      if (frame.event && random.chance(probability)) {
        held = frame;
        timer = setTimeout(() => release(next), REORDER_WINDOW_MS);
        return;
      }
      // A head must not overtake the event it names.
      release(next);
      next(frame);
    },
    flush: release,
  };
}

function stallAfter(afterEvents: number, probability: number, { random, applied }: FrameContext): FrameStage {
  if (!random.chance(probability)) return { push: (frame, next) => next(frame), flush: noFlush };
  let passed = 0;
  let said = false;
  return {
    push(frame, next) {
      if (passed < afterEvents) {
        if (frame.event) passed += 1;
        return next(frame);
      }
      if (!said) applied('stall');
      said = true;
    },
    flush: noFlush,
  };
}
