import { RequestError, type Failure } from '../../protocol/failures.ts';

/** Errors whose message quotes nothing that a person typed. */
const SAFE = new Set(['Error', 'HttpError']);
const MAX_LENGTH = 300;

/** What the window is told of an error: its reason where that is known; of others a detail for whoever helps, none of a programming error's. */
export function toFailure(error: unknown): Failure {
  if (error instanceof RequestError) {
    const { failure } = error;
    return { ...failure, detail: bounded(failure.detail) };
  }
  const isSafe = error instanceof Error && SAFE.has(error.name);
  return { code: 'ownFault', params: {}, detail: isSafe ? bounded(error.message) : '' };
}

function bounded(text: string): string {
  return (text.split('\n')[0] ?? '').trim().slice(0, MAX_LENGTH);
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
