import { appendFileSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../ports/log.ts';
import { removeFile, renameFileBriefly } from '../ports/replace-file.ts';
import { createSerial } from '../ports/serial.ts';

/** Two files of this size at most are kept. */
const MAX_BYTES = 1024 * 1024;
const MAX_LINE = 1000;
/** Lines waiting for the disk; a flood beyond is counted, not kept. */
const MAX_WAITING = 1000;
const FLUSH_MS = 300;
/** Through no link; Windows knows no such flag. */
const APPENDING = {
  mode: 0o600,
  flag: constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0),
};

export interface LogFile extends Log {
  /** Writes what waits, at once; for the end of the process. */
  flush(): void;
  /** Removes all that was written, and what waits; then it goes on anew. */
  erase(): Promise<void>;
}

/** The last net: no caller logs credentials, and one that slipped through is not written. */
export function censor(line: string): string {
  return line
    .replaceAll(/\bBearer\s+\S+/gi, 'Bearer …')
    .replaceAll(/\beyJ[\w-]{8,}(?:\.[\w-]+){1,4}/g, '…')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, MAX_LINE);
}

/**
 * `main.log` in `folder`, bounded to 1 MiB with one older file (`main.old.log`) beside it. A disk that does not take it is no reason
 * to fail: lines are then dropped.
 */
export function openLogFile(folder: string, now: () => number = Date.now): LogFile {
  const path = join(folder, 'main.log');
  let waiting: string[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | null = null;
  let size = readSize(path);
  const writing = createSerial();

  function take(): string {
    if (dropped > 0) waiting.push(`${new Date(now()).toISOString()} warn ${dropped} lines dropped\n`);
    const text = waiting.join('');
    waiting = [];
    dropped = 0;
    if (size + text.length > MAX_BYTES) rotate();
    size += text.length;
    return text;
  }

  function rotate(): void {
    try {
      renameFileBriefly(path, join(folder, 'main.old.log'));
    } catch {
      // Nothing written yet, or the folder is gone: the next write says so by failing.
    }
    size = 0;
  }

  function put(level: string, line: string): void {
    if (waiting.length >= MAX_WAITING) {
      dropped += 1;
      return;
    }
    waiting.push(`${new Date(now()).toISOString()} ${level} ${censor(line)}\n`);
    timer ??= setTimeout(() => {
      timer = null;
      writing.run(() => appendFile(path, take(), APPENDING)).catch(() => undefined);
    }, FLUSH_MS);
  }

  return {
    info: (line) => put('info', line),
    warn: (line) => put('warn', line),
    async erase() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      waiting = [];
      dropped = 0;
      await writing.settled();
      for (const name of ['main.log', 'main.old.log']) await removeFile(join(folder, name));
      size = 0;
    },
    flush() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (waiting.length === 0) return;
      try {
        // First: it may begin a new file.
        const text = take();
        const file = openSync(path, APPENDING.flag, APPENDING.mode);
        try {
          appendFileSync(file, text);
        } finally {
          closeSync(file);
        }
      } catch {
        // As above: a log that cannot be written is given up, not the app.
      }
    },
  };
}

function readSize(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
