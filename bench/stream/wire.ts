/** How the flood looks on the wire. */
export interface Shape {
  /** Of one event block: id, event, data, blank line; all ASCII. */
  readonly eventBytes: number;
  /**
   * `batched`: many events in one HTTP chunk of about 64 KiB. `each`: every event in an HTTP chunk of its own, as a server
   * sends that calls write() for each.
   */
  readonly mode: 'batched' | 'each';
}

export const EVENT_NAME = 'u42_ContractStatusChanged';
/** The same events come round again: about 1 MiB is made once, so that making them costs nothing while measuring. */
const LAP_BYTES = 1 << 20;
const CHUNK_BYTES = 1 << 16;
/** One write to the socket. */
const PIECE_BYTES = 1 << 18;

export function eventsPerLap({ eventBytes }: Shape): number {
  return Math.ceil(LAP_BYTES / eventBytes);
}

export function eventId(number: number): string {
  return `e1-${String(number).padStart(11, '0')}`;
}

/** Throws a RangeError when there is no room for the fields. */
export function makeEvent(number: number, eventBytes: number): string {
  const before = `id: ${eventId(number)}\nevent: ${EVENT_NAME}\ndata: {"contract":"C-2026-${number}","text":"`;
  const after = '"}\n\n';
  const room = eventBytes - before.length - after.length;
  if (room < 0) throw new RangeError(`An event of ${eventBytes} bytes has no room for its fields.`);
  return before + 'supply of office paper, '.repeat(Math.ceil(room / 24)).slice(0, room) + after;
}

/** The data of that event, as a client must hand it over. */
export function dataOf(number: number, eventBytes: number): string {
  const event = makeEvent(number, eventBytes);
  return event.slice(event.indexOf('data: ') + 6, -2);
}

/** One lap as HTTP/1.1 chunks (RFC 9112, section 7.1), cut into buffers for writing. */
export function makeLap(shape: Shape): readonly Buffer[] {
  const { eventBytes, mode } = shape;
  const perChunk = mode === 'each' ? 1 : Math.floor(CHUNK_BYTES / eventBytes);
  const total = eventsPerLap(shape);
  const pieces: Buffer[] = [];
  let piece = '';
  for (let first = 1; first <= total; first += perChunk) {
    let chunk = '';
    for (let number = first; number < first + perChunk && number <= total; number++) {
      chunk += makeEvent(number, eventBytes);
    }
    piece += `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
    if (piece.length >= PIECE_BYTES || first + perChunk > total) {
      pieces.push(Buffer.from(piece, 'latin1'));
      piece = '';
    }
  }
  return pieces;
}
