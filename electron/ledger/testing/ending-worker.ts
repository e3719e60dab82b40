import { BroadcastChannel } from 'node:worker_threads';
import '../worker/worker.ts';
import { END_CHANNEL } from './end-channel.ts';

/** The ledger's thread, which ends in the middle of whatever it does as soon as something is said on END_CHANNEL. */
const channel = new BroadcastChannel(END_CHANNEL);
channel.addEventListener('message', () => process.exit(7));
channel.unref();
