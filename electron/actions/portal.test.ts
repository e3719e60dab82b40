import { expect, test } from 'vitest';
import { portalAddress, referenceText } from './portal.ts';

const SERVER = 'https://contracts.example';
const at = (template: string, id = 'C-1', server = SERVER) =>
  portalAddress({ [SERVER]: template }, server, id);
const problem = (template: string, id?: string) => {
  const address = at(template, id);
  return address.ok ? address.url : address.problem;
};

test('the id stands percent-encoded wherever the template wants it', () => {
  expect(at('https://portal.example/c/{id}?ref={id}', 'Д/7 & $&')).toEqual({
    ok: true,
    url: 'https://portal.example/c/%D0%94%2F7%20%26%20%24%26?ref=%D0%94%2F7%20%26%20%24%26',
  });
});

test('the template is that of the server, whatever the path of its API', () => {
  expect(at('https://portal.example/{id}', 'C-1', `${SERVER}/tenant-a`).ok).toBe(true);
  expect(at('https://portal.example/{id}', 'C-1', 'https://other.example')).toEqual({
    ok: false,
    problem: 'no_template',
  });
  expect(portalAddress({}, 'constructor', 'C-1')).toEqual({ ok: false, problem: 'no_template' });
});

test('nothing but https', () => {
  for (const template of [
    'http://p.example/{id}',
    'javascript:alert("{id}")',
    'file:///{id}',
    'data:text/html,{id}',
  ])
    expect(problem(template)).toBe('not_https');
  expect(problem('not an address {id}')).toBe('refused');
});

test('an id never decides where it leads', () => {
  expect(problem('https://{id}/', 'evil.example')).toBe('refused');
  expect(problem('https://{id}.portal.example/', 'a')).toBe('refused');
  expect(problem('https://user:secret@portal.example/{id}')).toBe('refused');
  expect(problem('https://portal.example/contracts/{id}', '..')).toBe('refused');
  expect(problem('https://portal.example/contracts/{id}/view', '.')).toBe('refused');
  expect(problem('https://portal.example/contracts/{id}', '.')).toBe('refused');
  expect(problem('https://portal.example/contracts/{id}{id}/view', '.')).toBe('refused');
  expect(problem('https://portal.example/contracts/%2{id}/view', 'e')).toBe('refused');
  expect(problem('https://portal.example/contracts/{id}/', '')).toBe('refused');
  expect(problem('https://portal.example/?contract={id}', '..')).toBe('https://portal.example/?contract=..');
  expect(problem('https://portal.example/contracts/{id}', '\uD800')).toBe('refused');
  expect(problem('https://portal.example/c/{id}', '../../x')).toBe('https://portal.example/c/..%2F..%2Fx');
});

test('a reference is one line, and the address below it', () => {
  expect(referenceText('C-1', 'Lease of\nthe  warehouse', 'https://p.example/C-1')).toBe(
    'C-1 — Lease of the warehouse\nhttps://p.example/C-1',
  );
  expect(referenceText('C-1', '', null)).toBe('C-1');
  expect(referenceText('C-1', 'Lease\u202E\u0000\u001B[2J of', 'https://p.example/C-1')).toBe(
    'C-1 — Lease [2J of\nhttps://p.example/C-1',
  );
});
