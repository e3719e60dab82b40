import type { Connection } from './connection.ts';

/** A long poll that waits for something to say. */
export interface Waiter {
  readonly userId: string;
  readonly sessionId: string | null;
  /** Answers with what there is now. */
  answer(): void;
  cut(): void;
}

/** Who listens to which user's log. */
export interface Hub {
  add(connection: Connection): void;
  remove(connection: Connection): void;
  addWaiter(waiter: Waiter): void;
  removeWaiter(waiter: Waiter): void;
  /** The log has grown: told once a burst, after it. */
  wake(userId: string): void;
  connections(userId?: string): readonly Connection[];
  waiters(userId?: string): readonly Waiter[];
  endSession(sessionId: string): void;
}

export function createHub(): Hub {
  const connections = new Map<string, Set<Connection>>();
  const waiters = new Set<Waiter>();
  const awake = new Set<string>();

  function connectionsOf(userId?: string): readonly Connection[] {
    if (userId !== undefined) return [...(connections.get(userId) ?? [])];
    return [...connections.values()].flatMap((set) => [...set]);
  }
  function waitersOf(userId?: string): readonly Waiter[] {
    return [...waiters].filter((waiter) => userId === undefined || waiter.userId === userId);
  }

  return {
    add(connection) {
      const set = connections.get(connection.userId);
      if (set) set.add(connection);
      else connections.set(connection.userId, new Set([connection]));
    },
    remove: (connection) => void connections.get(connection.userId)?.delete(connection),
    addWaiter: (waiter) => void waiters.add(waiter),
    removeWaiter: (waiter) => void waiters.delete(waiter),
    wake(userId) {
      if (awake.has(userId)) return;
      awake.add(userId);
      queueMicrotask(() => {
        awake.delete(userId);
        for (const connection of connectionsOf(userId)) connection.wake();
        for (const waiter of waitersOf(userId)) waiter.answer();
      });
    },
    connections: connectionsOf,
    waiters: waitersOf,
    endSession(sessionId) {
      for (const connection of connectionsOf()) if (connection.sessionId === sessionId) connection.end();
      for (const waiter of waitersOf()) if (waiter.sessionId === sessionId) waiter.answer();
    },
  };
}
