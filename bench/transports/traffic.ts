import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

export interface Traffic {
  /** Since the process began: bytes on accepted sockets, both directions, and requests received. */
  read(): { readonly bytes: number; readonly requests: number };
}

/**
 * Counts on the server's own sockets, below HTTP, by Node's diagnostics channels
 * (https://nodejs.org/api/diagnostics_channel.html#built-in-channels). To be called before the server listens.
 */
export function countTraffic(): Traffic {
  const open = new Set<Socket>();
  let closedBytes = 0;
  let requests = 0;
  const bytesOf = (socket: Socket): number => socket.bytesRead + socket.bytesWritten;

  subscribe('net.server.socket', (message) => {
    const { socket } = message as { readonly socket: Socket };
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      closedBytes += bytesOf(socket);
    });
  });
  subscribe('http.server.request.start', () => requests++);

  return {
    read() {
      let bytes = closedBytes;
      for (const socket of open) bytes += bytesOf(socket);
      return { bytes, requests };
    },
  };
}
