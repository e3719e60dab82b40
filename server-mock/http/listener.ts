import http from 'node:http';
import https from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import type { AddressInfo, Socket } from 'node:net';
import type { RequestListener } from 'node:http';

/** A socket server that can go down and come back on the same port, and that can cut what is connected. */
export interface Listener {
  readonly server: http.Server;
  /** The port. Rejects with the system's error (EADDRINUSE, EACCES). */
  listen(): Promise<number>;
  /** Stops listening, cuts all sockets, and is back on the same port after `downMs`; calls while down join the first. */
  restart(downMs: number): Promise<void>;
  /** For good. */
  close(): Promise<void>;
}

export interface ListenerOptions {
  readonly port: number;
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** True: the TCP connection is closed as soon as it is accepted. */
  readonly refuses: () => boolean;
  readonly onLine: (line: string) => void;
}

const HOST = '127.0.0.1';
/** How often, and how many times, a port that somebody took while we were down is asked for again. */
const TAKEN_MS = 50;
const TAKEN_TRIES = 600;

export function createListener(handler: RequestListener, options: ListenerOptions): Listener {
  const sockets = new Set<Socket>();
  const server = options.tls ? https.createServer(options.tls, handler) : http.createServer(handler);
  const closing = new AbortController();
  let port = options.port;
  let restarting: Promise<void> | undefined;

  server.on('connection', (socket: Socket) => {
    if (options.refuses()) return void socket.destroy();
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
  });

  function listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, () => {
        server.off('error', reject);
        ({ port } = server.address() as AddressInfo);
        resolve(port);
      });
    });
  }

  function stop(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  }

  async function goDown(downMs: number): Promise<void> {
    await stop();
    await wait(downMs, undefined, { signal: closing.signal }).catch(() => {});
    for (let tries = 0; !closing.signal.aborted; tries += 1) {
      try {
        await listen();
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tries === TAKEN_TRIES) throw error;
        if (tries === 0) options.onLine(`port ${port} was taken meanwhile: waiting for it`);
        await wait(TAKEN_MS, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  return {
    server,
    listen,
    restart(downMs) {
      restarting ??= goDown(downMs).finally(() => (restarting = undefined));
      return restarting;
    },
    async close() {
      closing.abort();
      await restarting?.catch(() => {});
      await stop();
    },
  };
}
