import { app } from 'electron';
import { createNetHttp } from '../../electron/shell/net-http.ts';
import { FLOOR, makeFloor, makeOurs, OURS } from './clients.ts';
import { serveClient } from './serve-client.ts';

/** One client in an Electron main process, over the app's own HTTP. BENCH_CLIENT: OURS or FLOOR. */

const MAKERS: Readonly<Record<string, typeof makeOurs>> = { [OURS]: makeOurs, [FLOOR]: makeFloor };
const make = MAKERS[process.env['BENCH_CLIENT'] ?? ''];
if (make === undefined) throw new Error('BENCH_CLIENT names no client.');

app.on('window-all-closed', () => undefined);
// Not awaited: Electron holds `ready` back until this module is done.
void app.whenReady().then(() => serveClient(make(() => createNetHttp('bench'))));
