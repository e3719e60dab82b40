import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { createCore } from '../app/core.ts';
import { createTestDependencies } from './dependencies.ts';

/**
 * The app as a process of its own, to be killed: `node follower.ts FOLDER SERVER`. Signs in when nobody is, and
 * says each phase of the connection on its standard output, one a line.
 */
const [folder = '', server = ''] = process.argv.slice(2);
const core = await createCore(
  createTestDependencies(folder, {
    send(channel, message) {
      if (channel === 'connection:changed') say((message as { state: { phase: string } }).state.phase);
      if (channel === 'session:changed') void enter((message as { state: string }).state);
    },
  }),
);
// It would be written at an ordinary end, and this process is killed.
flushCompileCache();

async function enter(state: string): Promise<void> {
  say(state);
  if (state !== 'signed_out') return;
  const result = await core.handle('session:signIn', { server, username: 'anna', password: 'anna-demo' });
  if (!result.ok) say(`refused ${result.problem.code}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await once(process.stdin.resume(), 'end');
await core.close();
process.exit(0);
