/** One line a call; never a token, a password or a contract's text. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
}

export const silentLog: Log = { info() {}, warn() {} };
