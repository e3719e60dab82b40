/**
 * Messages of D-Bus, as far as the app speaks it: https://dbus.freedesktop.org/doc/dbus-specification.html (Message Protocol).
 * Arguments are strings, numbers (u) and booleans; answers are read back as booleans and lists of strings.
 */
export const MESSAGE = { call: 1, answer: 2, error: 3 } as const;

export interface BusMessage {
  readonly type: number;
  readonly serial: number;
  /** Of the call that this answers; 0: it answers none. */
  readonly replyTo: number;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly destination: string;
  readonly sender: string;
  readonly signature: string;
  readonly body: Buffer;
  readonly littleEndian: boolean;
}

/** Far above any answer that is asked for here. Bytes. */
const MAX_MESSAGE = 1_000_000;
const FIELDS = {
  path: 1,
  interface: 2,
  member: 3,
  replyTo: 5,
  destination: 6,
  sender: 7,
  signature: 8,
} as const;

/** `variant`: a boolean in a variant, as the value of a property comes. */
export type BusValue = string | number | boolean | { readonly variant: boolean };

function createWriter() {
  const bytes: number[] = [];
  const align = (size: number): void => {
    while (bytes.length % size !== 0) bytes.push(0);
  };
  const number = (value: number): void => {
    align(4);
    bytes.push(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255);
  };
  return {
    bytes,
    align,
    number,
    byte: (value: number): void => void bytes.push(value),
    string(text: string): void {
      const encoded = Buffer.from(text);
      number(encoded.length);
      bytes.push(...encoded, 0);
    },
    signature(text: string): void {
      bytes.push(text.length, ...Buffer.from(text), 0);
    },
  };
}

function signatureOf(value: BusValue): string {
  if (typeof value === 'object') return 'v';
  if (typeof value === 'string') return 's';
  return typeof value === 'number' ? 'u' : 'b';
}

export function encodeMessage(message: {
  readonly type: number;
  readonly serial: number;
  readonly replyTo?: number;
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly destination?: string;
  readonly values?: readonly BusValue[];
}): Buffer {
  const values = message.values ?? [];
  const body = createWriter();
  for (const value of values) {
    if (typeof value === 'string') body.string(value);
    else if (typeof value === 'object') {
      body.signature('b');
      body.number(Number(value.variant));
    } else body.number(Number(value));
  }
  const fields = createWriter();
  const field = (code: number, signature: string, write: () => void): void => {
    fields.align(8);
    fields.byte(code);
    fields.signature(signature);
    write();
  };
  for (const name of ['path', 'interface', 'member', 'destination'] as const) {
    const text = message[name];
    if (text !== undefined) field(FIELDS[name], name === 'path' ? 'o' : 's', () => fields.string(text));
  }
  const { replyTo } = message;
  if (replyTo !== undefined) field(FIELDS.replyTo, 'u', () => fields.number(replyTo));
  if (values.length > 0)
    field(FIELDS.signature, 'g', () => fields.signature(values.map(signatureOf).join('')));

  const head = createWriter();
  head.bytes.push('l'.charCodeAt(0), message.type, 0, 1);
  head.number(body.bytes.length);
  head.number(message.serial);
  head.number(fields.bytes.length);
  head.bytes.push(...fields.bytes);
  head.align(8);
  return Buffer.from([...head.bytes, ...body.bytes]);
}

const aligned = (at: number, size: number): number => Math.ceil(at / size) * size;

/** The first message of the bytes, and what follows it; null while it is not whole. @throws Error for what is no message */
export function readMessage(bytes: Buffer): { readonly message: BusMessage; readonly rest: Buffer } | null {
  if (bytes.length < 16) return null;
  const littleEndian = bytes[0] === 'l'.charCodeAt(0);
  const number = (at: number): number => (littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const fieldsEnd = 16 + number(12);
  const bodyAt = aligned(fieldsEnd, 8);
  const end = bodyAt + number(4);
  if (end > MAX_MESSAGE) throw new Error('a message of the session bus is too long');
  if (bytes.length < end) return null;

  const numbers = new Map<number, number>();
  const texts = new Map<number, string>();
  let at = 16;
  while (at < fieldsEnd) {
    at = aligned(at, 8);
    const code = bytes.readUInt8(at);
    const kind = String.fromCharCode(bytes.readUInt8(at + 2));
    at += 4;
    if (kind === 'u') {
      at = aligned(at, 4);
      numbers.set(code, number(at));
      at += 4;
      continue;
    }
    if (kind !== 'g') at = aligned(at, 4);
    const length = kind === 'g' ? bytes.readUInt8(at) : number(at);
    at += kind === 'g' ? 1 : 4;
    texts.set(code, bytes.toString('utf8', at, at + length));
    at += length + 1;
  }
  const text = (code: number): string => texts.get(code) ?? '';
  return {
    message: {
      type: bytes.readUInt8(1),
      serial: number(8),
      replyTo: numbers.get(FIELDS.replyTo) ?? 0,
      path: text(FIELDS.path),
      interface: text(FIELDS.interface),
      member: text(FIELDS.member),
      destination: text(FIELDS.destination),
      sender: text(FIELDS.sender),
      signature: text(FIELDS.signature),
      body: bytes.subarray(bodyAt, end),
      littleEndian,
    },
    rest: bytes.subarray(end),
  };
}

/** The boolean of a message that holds one, in a variant or not; null for any other. */
export function readBoolean({ signature, body, littleEndian }: BusMessage): boolean | null {
  const at = signature === 'b' ? 0 : signature === 'v' && body[0] === 1 && body[1] === 98 ? 4 : -1;
  if (at < 0 || body.length < at + 4) return null;
  return (littleEndian ? body.readUInt32LE(at) : body.readUInt32BE(at)) === 1;
}

/** The strings of a message that holds a list of them; null for any other. */
export function readStrings({ signature, body, littleEndian }: BusMessage): readonly string[] | null {
  if (signature !== 'as' || body.length < 4) return null;
  const number = (at: number): number => (littleEndian ? body.readUInt32LE(at) : body.readUInt32BE(at));
  const strings: string[] = [];
  const end = Math.min(4 + number(0), body.length);
  for (let at = 4; at + 4 <= end;) {
    const length = number(at);
    strings.push(body.toString('utf8', at + 4, Math.min(at + 4 + length, end)));
    at = aligned(at + 4 + length + 1, 4);
  }
  return strings;
}
