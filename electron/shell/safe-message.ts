import { RequestError, type Failure } from '../../protocol/failures.ts';
import type { Answer } from '../../protocol/ipc.ts';
import type { Log } from '../ports/log.ts';

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

/** Runs a request of the window: what goes back is an answer in any case, never an error of ours as it is. */
export async function answerRequest<T>(channel: string, log: Log, run: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    log.warn(`request ${channel} failed: ${describeError(error)}`);
    return { ok: false, failure: toFailure(error) };
  }
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
