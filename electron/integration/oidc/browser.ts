import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** A browser without a screen: keeps cookies, follows redirects, fills in forms. */
export interface TestBrowser {
  /** `at`: asked before each address; null ends the way there. */
  go(
    url: string,
    form?: Readonly<Record<string, string>>,
    at?: (url: string) => string | null,
  ): Promise<Page>;
}

export function createBrowser(ca: string): TestBrowser {
  const jars = new Map<string, Map<string, string>>();

  function ask(url: URL, body: string | null): Promise<Page & { readonly location: string | undefined }> {
    const jar = jars.get(url.host) ?? new Map<string, string>();
    jars.set(url.host, jar);
    const headers = {
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      ...(body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      const outgoing = send(url, { method: body === null ? 'GET' : 'POST', headers, ca, agent: false });
      outgoing.on('error', reject);
      outgoing.on('response', (answer) => {
        for (const cookie of answer.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
          if (value === '') jar.delete(name);
          else jar.set(name, value);
        }
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ url: url.href, status: answer.statusCode ?? 0, text, location: answer.headers.location });
        });
      });
      outgoing.end(body ?? undefined);
    });
  }

  return {
    async go(start, form, at = (url) => url) {
      let url = start;
      let body = form === undefined ? null : new URLSearchParams(form).toString();
      for (let hops = 0; hops < 20; hops++) {
        const next = at(url);
        if (next === null) return { url, status: 0, text: '' };
        const { location, ...page } = await ask(new URL(next), body);
        if (location === undefined) return page;
        url = new URL(location, next).href;
        body = null;
      }
      throw new Error('the redirects do not end');
    },
  };
}

/** Signs in with this name and agrees, as a person does on the provider's own pages. `at` as in `go`. */
export async function signInAndAgree(
  browser: TestBrowser,
  url: string,
  name: string,
  at?: (url: string) => string | null,
): Promise<Page> {
  let page = await browser.go(url, undefined, at);
  for (let pages = 0; page.status === 200 && page.text.includes('<form') && pages < 5; pages++) {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const prompt = /name="prompt" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const fields = prompt === 'login' ? { prompt, login: name, password: 'any' } : { prompt };
    page = await browser.go(new URL(action, page.url).href, fields, at);
  }
  return page;
}
