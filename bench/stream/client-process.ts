import { CLIENTS } from './clients.ts';
import { serveClient } from './serve-client.ts';

/** One client in a process of its own. Argument: its name in CLIENTS. */

const name = process.argv[2] ?? '';
const client = await CLIENTS[name]?.();
if (client === undefined) throw new Error(`There is no client named "${name}".`);
serveClient(client);
