import { FAILURES } from '../../protocol/failures.ts';

/** Errors whose message was written to be shown. Names, since a bundle may hold a class twice and a worker's error is made anew. */
const SHOWN = new Set(['Error', 'LedgerError', 'HttpTrouble', 'RequestError']);
const MAX_LENGTH = 300;

/** What the window may be told of an error: its own words where they were written for people, none of a programming error's. */
export function toSafeMessage(error: unknown): string {
  if (error instanceof Error && SHOWN.has(error.name)) {
    const line = error.message.split('\n')[0]?.trim() ?? '';
    if (line !== '') return line.slice(0, MAX_LENGTH);
  }
  return FAILURES.ownFault;
}

/** For the log: kind and place of an error, not its message, which may quote what a person typed. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 3)
    .map((line) => line.trim());
  return `${error.name} ${frames.join(' ')}`;
}
