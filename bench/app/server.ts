import type { Fault } from '../../server-mock/faults/types.ts';
import { startChild } from '../harness/child.ts';
import type { Long, Published, ServerRequest, ServerStart } from './protocol.ts';

/** The real server in a process of its own. */
export interface BenchServer {
  /** A fresh one in place of the former; resolves with its address. */
  start(options: ServerStart): Promise<string>;
  /** So many changes more for this user, at once; the id of the last. */
  advance(userId: string, events: number): Promise<string>;
  /** The simulator's changes for this user at an even pace, for `ms`. */
  run(userId: string, perS: number, ms: number): Promise<number>;
  head(userId: string): Promise<string>;
  /** When the newest stream was asked for, by the machine's clock, ms. */
  openedAt(): Promise<number>;
  publish(wish: Omit<Extract<ServerRequest, { kind: 'publish' }>, 'kind'>): Promise<readonly Published[]>;
  /** See ServerRequest. */
  publishLong(userId: string, wish: Long): Promise<string>;
  setFaults(faults: readonly Fault[]): Promise<void>;
  stop(): Promise<void>;
}

export async function withServer<T>(use: (server: BenchServer) => Promise<T>): Promise<T> {
  const child = startChild(new URL('server-process.ts', import.meta.url), {
    // A million events with all that belongs to them.
    execArgv: ['--max-old-space-size=6144'],
  });
  const ask = <A>(request: ServerRequest): Promise<A> => child.ask<A>(request);
  try {
    return await use({
      start: (options) => ask({ kind: 'start', options }),
      advance: (userId, events) => ask({ kind: 'advance', userId, events }),
      run: (userId, perS, ms) => ask({ kind: 'run', userId, perS, ms }),
      head: (userId) => ask({ kind: 'head', userId }),
      openedAt: () => ask({ kind: 'openedAt' }),
      publish: (wish) => ask({ kind: 'publish', ...wish }),
      publishLong: (userId, wish) => ask({ kind: 'publishLong', userId, wish }),
      setFaults: (faults) => ask({ kind: 'faults', faults }),
      stop: () => ask({ kind: 'stop' }),
    });
  } finally {
    await child.close();
  }
}
