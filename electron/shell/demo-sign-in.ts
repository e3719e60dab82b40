import type { Core } from '../app/core-types.ts';
import type { Progress } from './progress.ts';
import type { StartOptions } from './start-options.ts';

/** Signs a demo user in when the start was asked to and nobody is signed in. */
export async function signInDemo(core: Core, start: StartOptions, progress: Progress): Promise<void> {
  if (start.demo === null) return;
  const { session } = await core.handle('app:bootstrap', undefined);
  if (session.state === 'signed_in') return;
  const result = await core.handle('session:signIn', { server: start.suggestedServer, ...start.demo });
  if (!result.ok) progress.tell(`could not sign in: ${result.problem.code.replaceAll('_', ' ')}`);
}
