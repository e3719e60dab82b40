import type { StreamItem } from './types.ts';

const LF = 10;
const SPACE = 32;
const COLON = 58;
const D = 100;
const E = 101;
const I = 105;
const DEL = 127;
const ATA = [97, 116, 97, COLON] as const;
const VENT = [118, 101, 110, 116, COLON] as const;
/** Longer ids are for the one who knows the bounds. */
const PLAIN_ID = 256;

/** Whether these bytes stand at `at`. */
function stands(bytes: Uint8Array, at: number, wanted: readonly number[]): boolean {
  for (let i = 0; i < wanted.length; i++) {
    if (bytes[at + i] !== wanted[i]) return false;
  }
  return true;
}

/** Where the value begins after the colon: one space before it is not part of it. */
function valueStart(bytes: Uint8Array, colon: number): number {
  return bytes[colon + 1] === SPACE ? colon + 2 : colon + 1;
}

/**
 * Reads whole blocks of what servers commonly send: lines that end with LF, one each of `id`, `event` and `data`, comments.
 * Adds their items and answers where it stopped: at the end, or where a block begins that is not of that kind, not whole, or
 * has a value of more than `maxValue` characters. Nothing of that block was read then.
 *
 * `text` is what `bytes` decode to, of the same length, so that each index means the same in both; LF-only, and ends with one.
 * Looking at bytes instead of characters halves the cost of a block (V8 asks at each character how its string is kept).
 */
export function readPlainBlocks(
  bytes: Uint8Array,
  text: string,
  from: number,
  maxValue: number,
  items: StreamItem[],
): number {
  const { length } = text;
  let block = from;
  let at = from;
  let id: string | null = null;
  let name = 'message';
  let data: string | null = null;
  while (at < length) {
    const first = bytes[at];
    let end: number;
    if (first === LF) {
      if (data !== null) items.push({ kind: 'event', id, name, data });
      else if (id !== null) items.push({ kind: 'id', id });
      id = data = null;
      name = 'message';
      end = at;
      block = at + 1;
    } else if (first === D && data === null && stands(bytes, at + 1, ATA)) {
      const start = valueStart(bytes, at + 4);
      end = text.indexOf('\n', start);
      if (end - start > maxValue) return block;
      data = text.slice(start, end);
    } else if (first === I && bytes[at + 1] === D && bytes[at + 2] === COLON) {
      const start = valueStart(bytes, at + 2);
      end = start;
      let code = bytes[end] as number;
      while (code >= SPACE && code !== DEL) code = bytes[++end] as number;
      // So is a control character in an id, or a blank at one of its ends.
      if (code !== LF || end - start > Math.min(maxValue, PLAIN_ID)) return block;
      if (bytes[start] === SPACE || bytes[end - 1] === SPACE) return block;
      id = text.slice(start, end);
    } else if (first === E && stands(bytes, at + 1, VENT)) {
      const start = valueStart(bytes, at + 5);
      end = text.indexOf('\n', start);
      if (end === start || end - start > maxValue) return block;
      name = text.slice(start, end);
    } else if (first === COLON) {
      end = text.indexOf('\n', at);
    } else {
      return block;
    }
    at = end + 1;
  }
  return block;
}
