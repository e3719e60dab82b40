import type { Sessions } from '../auth/sessions.ts';
import type { Faults } from '../faults/state.ts';
import type { Listener } from '../http/listener.ts';
import type { SeenRequests } from '../http/seen.ts';
import type { Hub } from '../stream/hub.ts';
import type { SideMessages } from '../stream/side-messages.ts';
import type { Control } from '../types.ts';
import type { World } from '../world.ts';

export interface ControlContext {
  readonly userIds: readonly string[];
  readonly world: World;
  readonly hub: Hub;
  readonly sessions: Sessions;
  readonly faults: Faults;
  readonly sideMessages: SideMessages;
  readonly seen: SeenRequests;
  readonly listener: Listener;
  readonly setClockSkew: (ms: number) => void;
  readonly onLine: (line: string) => void;
}

/** What tests may do to the server. Unknown user ids are a RangeError. */
export function createControl(context: ControlContext): Control {
  const { userIds, world, hub, sessions, faults, sideMessages, onLine } = context;

  function usersOf(userId: string | undefined): readonly string[] {
    if (userId === undefined) return userIds;
    world.log(userId); // throws for an unknown one
    return [userId];
  }

  return {
    publish: (userId, event = {}) => world.publish(userId, event),
    advance: (count, userId) => world.advance(count, userId),
    sendRaw(userId, bytes) {
      for (const id of usersOf(userId))
        for (const connection of hub.connections(id)) connection.sendRaw(bytes);
    },
    published: (userId) => world.log(userId).record.slice(),
    head: (userId) => world.log(userId).head(),
    openStreams: (userId) => hub.connections(userId).length,
    requests: () => context.seen.list(),
    dropConnections(userId) {
      const open = [...hub.connections(userId), ...hub.waiters(userId)];
      for (const one of open) one.cut();
      onLine(`connections cut: ${open.length}`);
      return open.length;
    },
    setFaults: (list) => faults.replace(list),
    newEpoch(userId) {
      for (const id of usersOf(userId)) world.log(id).newEpoch();
      onLine(`new epoch: ${usersOf(userId).join(', ')}`);
    },
    restartLog(userId) {
      for (const id of usersOf(userId)) world.log(id).restart();
      onLine(`log counts from 1 again: ${usersOf(userId).join(', ')}`);
    },
    truncate: (userId, keep) => world.log(userId).truncate(keep),
    expireTokens() {
      sessions.expireAccessTokens();
      for (const connection of hub.connections()) connection.check();
      onLine('all access tokens expired');
    },
    revoke(userId) {
      for (const id of usersOf(userId)) sessions.revokeUser(id);
      onLine(`sessions revoked: ${userId}`);
    },
    async restart(downMs) {
      onLine(`down for ${downMs} ms`);
      await context.listener.restart(downMs);
      onLine('up again');
    },
    setClockSkew(ms) {
      context.setClockSkew(ms);
      onLine(`server clock: ${ms} ms ahead of real time`);
    },
    notice(text) {
      for (const id of userIds) sideMessages.addNotice(id, text);
      for (const connection of hub.connections()) connection.sendNotice(text);
      for (const waiter of hub.waiters()) waiter.answer();
    },
  };
}
