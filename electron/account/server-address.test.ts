import { expect, test } from 'vitest';
import { normaliseServer } from './server-address.ts';

test.each([
  ['contracts.example.com', 'https://contracts.example.com'],
  ['  Contracts.Example.com/ ', 'https://contracts.example.com'],
  ['contracts.example.com:8443/pulse/', 'https://contracts.example.com:8443/pulse'],
  ['https://contracts.example.com/a/b//', 'https://contracts.example.com/a/b'],
  ['HTTPS://contracts.example.com:443', 'https://contracts.example.com'],
  ['договоры.рф', 'https://xn--b1abc4bbbo2g.xn--p1ai'],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
  ['http://localhost:4000/x', 'http://localhost:4000/x'],
  ['http://[::1]:4000', 'http://[::1]:4000'],
  ['http://app.localhost', 'http://app.localhost'],
  ['localhost:4000', 'https://localhost:4000'],
  ['intranet', 'https://intranet'],
  ['ftp:8021', 'https://ftp:8021'],
  ['https:contracts.example.com', 'https://contracts.example.com'],
  ['contracts.example.com:', 'https://contracts.example.com'],
  ['\u200bhttps://con\u00adtracts.example.com\ufeff\u202c', 'https://contracts.example.com'],
  ['\u00a0“contracts.example.com/pulse”,', 'https://contracts.example.com/pulse'],
  ['<https://contracts.example.com/>', 'https://contracts.example.com'],
  ['«договоры.рф».', 'https://xn--b1abc4bbbo2g.xn--p1ai'],
  ['https:/contracts.example.com/pulse', 'https://contracts.example.com/pulse'],
  ['contracts.example.com.', 'https://contracts.example.com'],
  ['contracts.example.com.:8443/pulse', 'https://contracts.example.com:8443/pulse'],
  ['https://contracts.example.com/pulse.', 'https://contracts.example.com/pulse'],
  ['"https://[::1]:4000"', 'https://[::1]:4000'],
])('%j is %s', (typed, server) => {
  expect(normaliseServer(typed)).toEqual({ ok: true, server });
});

test.each([
  ['', 'enter the address'],
  ['   ', 'enter the address'],
  ['two words.com', 'not an address'],
  ['https://', 'not an address'],
  ['ftp://example.com', 'ftp:// is not supported'],
  ['ftp:example.com', 'ftp:// is not supported'],
  ['ftp:/example.com', 'ftp:// is not supported'],
  ['ftp:', 'ftp:// is not supported'],
  ['WS://example.com', 'ws:// is not supported'],
  ['wss:example.com', 'wss:// is not supported'],
  ['data:text/plain,x', 'data:// is not supported'],
  ['coap+tcp://example.com', 'coap+tcp:// is not supported'],
  ['mailto:me@example.com', 'user name or password'],
  ['file:///etc/passwd', 'file:// is not supported'],
  ['http://contracts.example.com', 'clear text'],
  ['http://127.0.0.1.example.com', 'clear text'],
  ['http://notlocalhost', 'clear text'],
  ['me:secret@contracts.example.com', 'user name or password'],
  ['https://me@contracts.example.com', 'user name or password'],
  ['contracts.example.com?x=1', '“?” or “#”'],
  ['contracts.example.com/#top', '“?” or “#”'],
  ['x'.repeat(2001), 'too long'],
])('%j is refused: %s', (typed, detail) => {
  const result = normaliseServer(typed);
  expect(result).toMatchObject({ ok: false });
  expect(result.ok ? '' : result.detail).toContain(detail);
  expect(result.ok ? '' : result.detail).not.toContain('secret');
});
