import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test('no window weakens what Electron protects by itself', () => {
  const sources = readdirSync(join(ROOT, 'electron'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => read(join('electron', name)));
  expect(sources.length).toBeGreaterThan(100);
  const weakening =
    /\b(?:webSecurity|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|allowpopups|nodeIntegrationIn\w+|enablePreferredSizeMode|setCertificateVerifyProc|certificate-error|disable-web-security)\b/;
  expect(sources.filter((text) => weakening.test(text))).toEqual([]);
  // Whoever makes a window says all of this.
  for (const text of sources.filter((each) =>
    /new (?:BrowserWindow|BrowserView|WebContentsView)\(/.test(each),
  )) {
    for (const line of [
      'sandbox: true',
      'contextIsolation: true',
      'nodeIntegration: false',
      'webviewTag: false',
    ])
      expect(text).toContain(line);
  }
});

test('every one of the twenty points names a test that is there', () => {
  const rows = [...read('SECURITY.md').matchAll(/^\| (\d+) .*\| `([^`]+)`: (.+?) +\|$/gm)];
  expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  for (const [, number, file = '', title = ''] of rows) expect(read(file), number).toContain(title);
});
