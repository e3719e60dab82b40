import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SignInResult } from '../../../protocol/ipc.ts';
import type { CoreDependencies } from '../../app/core-types.ts';
import { createNodeHttp } from '../../ports/node-http.ts';
import { createHarness, type Harness } from '../harness.ts';
import { createBrowser, signInAndAgree, type TestBrowser } from './browser.ts';
import type { Issuer } from './issuer.ts';

export interface BrowserHarness extends Harness {
  /** Chooses the profile and signs in by the browser, which does as `person` says. */
  enter(person?: (url: string, browser: TestBrowser) => Promise<unknown>): Promise<SignInResult>;
  /** What the person was asked outside the window. */
  readonly questions: unknown[];
}

export async function createBrowserHarness(
  issuer: Pick<Issuer, 'ca'>,
  profile: object,
  given: Partial<CoreDependencies> = {},
): Promise<BrowserHarness> {
  let path = '';
  let person = (_url: string): Promise<unknown> => Promise.resolve();
  const questions: unknown[] = [];
  let fail = (_error: unknown): void => {};
  const harness = await createHarness({
    createHttp: () => createNodeHttp({ ca: issuer.ca }),
    chooseFile: async () => path,
    confirm: async (question) => questions.push(question) > 0,
    async openExternal(url) {
      // The browser is a program of its own: what happens there is not waited for.
      person(url).catch((error: unknown) => fail(error));
    },
    ...given,
  });
  path = join(harness.folder, 'server.json');
  await writeFile(path, JSON.stringify(profile));
  return Object.assign(harness, {
    questions,
    async enter(how = (url: string, browser: TestBrowser) => signInAndAgree(browser, url, 'u7')) {
      person = (url) => how(url, createBrowser(issuer.ca));
      const chosen = await harness.core.handle('session:chooseProfile', undefined);
      if (chosen === null || 'problem' in chosen) throw new Error(`no profile: ${JSON.stringify(chosen)}`);
      const failure = new Promise<never>((_resolve, reject) => (fail = reject));
      const request = { server: chosen.origin, username: '', browser: true } as const;
      return Promise.race([harness.core.handle('session:signIn', request), failure]);
    },
  });
}
