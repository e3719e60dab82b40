const SPACE = 0x20;
const TAB = 0x09;
const DEL = 0x7f;

/** At most 6 KiB in a header. Servers commonly refuse lines of more than 8 KiB (nginx, Apache), Node a head of 16 KiB. */
const MAX_ID_CHARS = 2048;

/**
 * Whether `Last-Event-ID` can carry this id (a part of `text`) back as it was given: no control characters (the standard ignores an id with
 * NUL; a cursor that cannot be sent would stop the stream for ever), none too long, and no blanks at its ends, which HTTP
 * strips from a header's value (RFC 9110 §5.5), so that the server would get another id.
 */
export function isSendableId(text: string, start = 0, end = text.length): boolean {
  if (end - start > MAX_ID_CHARS) return false;
  if (isBlank(text.charCodeAt(start)) || isBlank(text.charCodeAt(end - 1))) return false;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if ((code < SPACE && code !== TAB) || code === DEL) return false;
  }
  return true;
}

const isBlank = (code: number): boolean => code === SPACE || code === TAB;
