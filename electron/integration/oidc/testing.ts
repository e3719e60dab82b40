import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SignInResult } from '../../../protocol/ipc.ts';
import type { CoreDependencies } from '../../app/core-types.ts';
import { systemClock } from '../../ports/clock.ts';
import { createNodeHttp } from '../../ports/node-http.ts';
import { createHarness, type Harness } from '../harness.ts';
import { createBrowser, signInAndAgree, type TestBrowser } from './browser.ts';
import { startIssuer, type Issuer } from './issuer.ts';
import { oidcProfile, startProtectedServer } from './protected-server.ts';

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

export type More = Parameters<typeof oidcProfile>[2];

type Keep = <T extends { close(): Promise<void> }>(one: T) => T;

/** Each is kept, to be closed at the end of the test. `more`: of the credentials, by the issuer's address. */
export async function begin(
  keep: Keep,
  more: (issuer: string) => More = () => ({}),
  given: Partial<CoreDependencies> = {},
  configuration?: Parameters<typeof startIssuer>[0],
) {
  const issuer = keep(await startIssuer(configuration));
  const server = keep(await startProtectedServer(issuer));
  const profile = oidcProfile(server.url, issuer.url, more(issuer.url));
  const harness = keep(await createBrowserHarness(issuer, profile, given));
  return { issuer, server, harness };
}

/** Its waits of five minutes end when it is told so. */
export function impatientClock() {
  let ring = (): void => {};
  const clock: CoreDependencies['clock'] = {
    ...systemClock,
    after(ms, run) {
      if (ms !== 300_000) return systemClock.after(ms, run);
      ring = run;
      return () => {};
    },
  };
  return { clock, ring: () => ring() };
}

export const onLocalhost = (url: string): string => url.replace('127.0.0.1', 'localhost');

export const tokenCalls = ({ requests }: Issuer): number =>
  requests.filter((each) => each === 'POST /token').length;
