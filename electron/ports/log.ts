/** One line a call; never a token, a password or a contract's text. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
}

export const silentLog: Log = { info() {}, warn() {} };

/** Reasons of parsers quote what they could not read, and that may be a contract's text: not for logs and support. */
export function withoutQuotes(reason: string): string {
  return reason.replaceAll(/"[^"]*"?/g, '"…"');
}
