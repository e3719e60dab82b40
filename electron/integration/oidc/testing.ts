import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { ServerProfile } from '../../../protocol/profile/profile.ts';
import type { SignInResult } from '../../../protocol/ipc.ts';
import type { CoreDependencies } from '../../app/core-types.ts';
import { createNodeHttp } from '../../ports/node-http.ts';
import { startTestServer } from '../../stream/testing.ts';
import { createHarness, type Harness } from '../harness.ts';
import { createBrowser, signInAndAgree, type TestBrowser } from './browser.ts';
import type { Issuer } from './issuer.ts';

/** Streams to whoever has a token that the issuer gave, and knows whose it is. */
export interface ProtectedServer {
  readonly url: string;
  /** Subject of each stream that was opened. */
  readonly streams: string[];
  readonly refused: () => number;
  send(block: string): void;
  /** Ends all streams. */
  cut(): void;
  close(): Promise<void>;
}

export async function startProtectedServer(issuer: Pick<Issuer, 'subjectOf'>): Promise<ProtectedServer> {
  const open = new Set<ServerResponse>();
  const streams: string[] = [];
  let refused = 0;
  const server = await startTestServer((request, response) => {
    void (async () => {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const subject = await issuer.subjectOf(token);
      if (subject === null) {
        refused += 1;
        response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
        return;
      }
      streams.push(subject);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      open.add(response);
      response.on('close', () => open.delete(response));
    })();
  });
  const cut = (): void => {
    for (const stream of open) stream.end();
    open.clear();
  };
  return {
    url: server.url,
    streams,
    refused: () => refused,
    send(block) {
      for (const stream of open) stream.write(`${block}\n\n`);
    },
    cut,
    async close() {
      cut();
      await server.close();
    },
  };
}

export function oidcProfile(
  origin: string,
  issuer: string,
  more: Partial<NonNullable<ServerProfile['credentials']>> = {},
): ServerProfile {
  return {
    profile: 1,
    name: 'Company',
    origin,
    credentials: { kind: 'oidc', issuer, clientId: 'desk', ...more },
    stream: { path: '/events?for={userId}' },
    events: [''],
    mapping: {
      identity: 'sse-id',
      version: 'arrival',
      contractId: '/id',
      status: { at: '/status', values: { SENT: 'sent', SIGNED: 'signed' } },
    },
    capabilities: { snapshot: false, history: false, acknowledge: false },
  };
}

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
