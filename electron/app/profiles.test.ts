import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, statusChangedSchema } from '../../protocol/event.ts';
import { mapEvent } from '../../protocol/profile/map-event.ts';
import {
  MAX_PROFILE_LENGTH,
  needsUserId,
  readProfile,
  streamPath,
  type Mapping,
} from '../../protocol/profile/profile.ts';

const FOLDER = new URL('../../docs/profiles/', import.meta.url);
const textOf = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const PLAIN = JSON.parse(textOf('plain-status.json')) as Readonly<Record<string, unknown>>;

function profileOf(name: string) {
  const read = readProfile(textOf(name));
  if (!read.ok) throw new Error(read.reason);
  return read.value;
}

function mappingOf(name: string): Mapping {
  const { mapping } = profileOf(name);
  if (mapping === 'contract-pulse') throw new Error('it maps nothing');
  return mapping;
}

const oidc = (change: object): object => ({
  kind: 'oidc',
  issuer: 'https://login.example.com',
  clientId: 'desk',
  ...change,
});

test('the examples of the documentation are profiles, and the smallest one stands in the text', () => {
  const names = readdirSync(FOLDER);
  expect(names.toSorted()).toEqual(['company-sign-in.json', 'document-workflow.json', 'plain-status.json']);
  for (const name of names) expect(readProfile(textOf(name))).toMatchObject({ ok: true });
  const page = readFileSync(new URL('../server-profiles.md', FOLDER), 'utf8');
  expect(page).toContain(textOf('plain-status.json').trim());
});

test.each([
  [{ profile: 2 }, /^profile: must be 1/],
  [{ name: ' ' }, /^name: must not be empty/],
  [{ origin: 'https://a.example/api' }, /^origin: give scheme and host alone/],
  [{ origin: 'http://a.example' }, /^origin: .*this machine only/],
  [{ origin: 'https://me@a.example' }, /^origin: /],
  [{ stream: { path: 'events' } }, /^stream\.path: begins with "\/"/],
  [{ stream: { path: '/events/{user}' } }, /^stream\.path: may hold \{userId\}/],
  [{ events: [] }, /^events: name one kind of event at least/],
  [{ credentials: oidc({ kind: 'saml' }) }, /^credentials\.kind: is "oidc" so far/],
  [{ credentials: oidc({ issuer: 'http://login.example' }) }, /^credentials\.issuer: .*this machine only/],
  [{ credentials: oidc({ issuer: 'https://login.example?tenant=a' }) }, /^credentials\.issuer: give/],
  [{ credentials: oidc({ issuer: 'https://me@login.example' }) }, /^credentials\.issuer: give/],
  [{ credentials: oidc({ clientId: '' }) }, /^credentials\.clientId: has 1 to 500/],
  [{ credentials: oidc({ clientSecret: 'x' }) }, /^credentials\.clientSecret: is not known here/],
  [{ credentials: oidc({ scopes: ['profile'] }) }, /^credentials\.scopes: must have "openid"/],
  [{ credentials: oidc({ origins: ['https://a.example/token'] }) }, /^credentials\.origins\.0: give scheme/],
  [
    { credentials: oidc({ parameters: { redirect_uri: 'x' } }) },
    /^credentials\.parameters\..*set by the app/,
  ],
  [{ token: 'secret' }, /^token: is not known here; take it out/],
  [{ mapping: 'ours' }, /^mapping: give "contract-pulse", or an object/],
  [{ mapping: { ...mappingOf('plain-status.json'), stauts: '/s' } }, /^mapping\.stauts: is not known here/],
  [
    { mapping: { ...mappingOf('plain-status.json'), status: 'status' } },
    /^mapping\.status: is no JSON Pointer/,
  ],
  [
    { mapping: { identity: 'sse-id', version: 'arrival', contractId: '/id' } },
    /^mapping\.status: is missing/,
  ],
  [
    { capabilities: { snapshot: true, history: false, acknowledge: false } },
    /^capabilities: with a mapping of your own/,
  ],
])('%j is refused, with the field and what belongs there', (change, reason) => {
  const read = readProfile(JSON.stringify({ ...PLAIN, ...change }));
  expect(read.ok ? 'a profile' : read.reason).toMatch(reason);
});

test('any text is a profile or a reason, and never a throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), mutilated()), (text) => {
      const read = readProfile(text);
      if (read.ok) expect(new URL(read.value.origin).origin).toBe(read.value.origin.toLowerCase());
      else expect(read.reason).not.toBe('');
    }),
  );
  expect(readProfile(' '.repeat(MAX_PROFILE_LENGTH + 1)).ok).toBe(false);
  expect(readProfile(`\uFEFF${textOf('plain-status.json')}`).ok).toBe(true);
});

/** A good profile with one value replaced by anything. */
function mutilated(): fc.Arbitrary<string> {
  const anything = fc.oneof(fc.jsonValue(), fc.constantFrom('/', '//', '/~2', '{userId}', 'https://a.b'));
  return fc
    .tuple(fc.constantFrom(...Object.keys(PLAIN)), anything)
    .map(([key, value]) => JSON.stringify({ ...PLAIN, [key]: value }));
}

test('the user’s id stays within its place in the address', () => {
  const profile = profileOf('document-workflow.json');
  expect(needsUserId(profile)).toBe(true);
  expect(needsUserId(profileOf('plain-status.json'))).toBe(false);
  expect(streamPath(profile, 'a/../$&?b#c')).toBe(
    '/api/v2/users/a%2F..%2F%24%26%3Fb%23c/stream?only=documents',
  );
});

test('a full payload is read value by value', () => {
  const payload = `{"eventId":9007199254740993123,"document":{"id":7,"revision":"3","name":"Supply","state":"REJECTED",
    "total":1250000.10,"signBy":"2026-10-05"},"previousState":"OPENED","priority":"high","needsAction":true,
    "occurredAt":1790000000,"changedBy":{"fullName":"Anna P."},"recipients":[{"name":"Romashka","email":"r@example.com"},{}],
    "comment":"price"}`;
  const mapped = mapEvent(mappingOf('document-workflow.json'), payload, 'sse-1', 0);
  expect(mapped.ok && decode(statusChangedSchema, mapped.value)).toMatchObject({
    ok: true,
    value: {
      id: '9007199254740993123',
      time: '2026-09-21T14:13:20.000Z',
      data: {
        contract: {
          id: '7',
          title: 'Supply',
          version: 3,
          counterparties: [{ id: 'r@example.com', name: 'Romashka' }],
          amount: { value: '1250000.10', currency: 'EUR' },
        },
        change: { from: 'viewed', to: 'declined', actor: { name: 'Anna P.' }, reason: { text: 'price' } },
        severity: 'error',
        actionRequired: true,
      },
    },
  });
});

test('whatever is sent, it is mapped to an event that only lacks what the order of arrival gives, or there is a reason', () => {
  const mapping = mappingOf('plain-status.json');
  const payload = fc.oneof(
    fc.json(),
    fc.string(),
    fc.record({ id: fc.jsonValue(), status: fc.jsonValue() }).map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(payload, fc.option(fc.string()), (json, sseId) => {
      const mapped = mapEvent(mapping, json, sseId, 1_790_000_000_000);
      if (!mapped.ok) {
        expect(mapped.reason).not.toBe('');
        return;
      }
      const { contract, change } = mapped.value.data;
      expect(mapped.value.id).toBe(sseId === null || sseId === '' ? undefined : sseId);
      expect(contract.version).toBeUndefined();
      expect([typeof contract.id, typeof change.to]).toEqual(['string', 'string']);
    }),
  );
});
