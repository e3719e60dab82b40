import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findWindowFile, makePolicy, readWindowFile } from './window-files.ts';

const find = (path: string) => findWindowFile('/srv/out/renderer', `app://contract-pulse${path}`);

describe('findWindowFile', () => {
  it('finds the page and its parts', () => {
    expect(find('/')).toEqual({ path: '/srv/out/renderer/index.html', type: 'text/html; charset=utf-8' });
    expect(find('/assets/index-1.js?x#y')).toEqual({
      path: '/srv/out/renderer/assets/index-1.js',
      type: 'text/javascript; charset=utf-8',
    });
  });

  it.each([
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/%2e%2e%2f%2e%2e%2fetc%2fsecret.json',
    '/..%5csecret.js',
    '/a.js%00.html',
    '/%E0%A4%A.js',
    '/..%2frenderer-other/x.js',
    '/.env',
    '/',
  ])('never leaves its folder: %s', (path) => {
    const found = find(path);
    if (found !== null) expect(found.path.startsWith('/srv/out/renderer/')).toBe(true);
  });

  it('refuses what lies outside, is of no known kind, or of another host', () => {
    expect(find('/..%2fsecret.js')).toBeNull();
    expect(find('/..%2frenderer-other/x.js')).toBeNull();
    expect(find('/.env')).toBeNull();
    expect(findWindowFile('/srv', 'app://elsewhere/index.html')).toBeNull();
    expect(findWindowFile('/srv', 'file:///etc/index.html')).toBeNull();
  });
});

describe('makePolicy', () => {
  it('gives the window no network and no foreign code', () => {
    expect(makePolicy(null)).toBe(
      "default-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
    );
  });

  it('lets only the development server in, in development', () => {
    expect(makePolicy('http://127.0.0.1:5173')).toContain(
      'connect-src http://127.0.0.1:5173 ws://127.0.0.1:5173;',
    );
  });
});

describe('readWindowFile', () => {
  it('gives the policy with each answer, found or not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'window-files-'));
    await writeFile(join(folder, 'index.html'), 'page');
    const read = async (method: string, path: string) => {
      const { status, headers, body } = await readWindowFile(folder, method, `app://contract-pulse${path}`);
      return [status, body?.toString() ?? null, headers['content-security-policy']];
    };
    const policy = makePolicy(null);
    expect(await read('GET', '/index.html')).toEqual([200, 'page', policy]);
    expect(await read('GET', '/none.js')).toEqual([404, null, policy]);
    expect(await read('POST', '/index.html')).toEqual([404, null, policy]);
    await rm(folder, { recursive: true });
  });
});
