import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/i18n/en.ts';
import { chooseWords } from '../../shell/words.ts';
import { SENTENCES } from './sentences/table.ts';

type Texts = { readonly [key: string]: string | Texts };

/** The keys as they are asked for: the plural's form is i18next's choice. */
function keysOf(texts: Texts, path: string): readonly string[] {
  return Object.entries(texts).flatMap(([name, value]) => {
    const key = `${path}.${name.replace(/_(zero|one|two|few|many|other)$/, '')}`;
    return typeof value === 'string' ? [key] : keysOf(value, key);
  });
}

test('every key that can be said has its line in the table, and no other has', () => {
  const { connection, receipt, toast, away, fetching, acknowledgement, contract, empty, signIn } = en;
  const keys = new Set([
    ...keysOf(connection, 'connection'),
    ...keysOf(receipt, 'receipt'),
    ...keysOf(toast, 'toast'),
    ...keysOf(away, 'away'),
    ...keysOf(fetching, 'fetching'),
    ...keysOf(acknowledgement, 'acknowledgement'),
    ...keysOf(contract.action, 'contract.action'),
    'contract.incomplete',
    'contract.gap',
    ...keysOf(empty.first, 'empty.first'),
    ...keysOf(empty.before, 'empty.before'),
    ...keysOf(empty.doubt, 'empty.doubt'),
    ...keysOf(empty.notForYou, 'empty.notForYou'),
    ...keysOf(signIn.ended, 'signIn.ended'),
    ...keysOf(chooseWords('en').tray, 'tray'),
    'notify.change',
    'notify.back',
    'notify.digest',
    'notify.changed',
  ]);
  expect(Object.keys(SENTENCES).sort()).toEqual([...keys].sort());
});

test('a sentence whose truth another test proves names a test that is there', () => {
  for (const [key, sentence] of Object.entries(SENTENCES)) {
    if (!('provedBy' in sentence)) continue;
    const path = fileURLToPath(new URL(`../../../${sentence.provedBy}`, import.meta.url));
    expect(existsSync(path), `${key}: ${sentence.provedBy}`).toBe(true);
  }
});

test('a sentence bound with another is one of those by which that other one’s bound is kept', () => {
  for (const [key, sentence] of Object.entries(SENTENCES)) {
    if (!('means' in sentence) || sentence.boundWith === undefined) continue;
    const other = SENTENCES[sentence.boundWith];
    expect('means' in other && other.must?.or, `${key}: ${sentence.boundWith}`).toContain(key);
  }
});

test('most claims have a bound of their own, and a reason stands where one has none', () => {
  const claims = Object.values(SENTENCES).filter((sentence) => 'means' in sentence);
  for (const { unbound } of claims) expect((unbound ?? 'a reason of some words').length).toBeGreaterThan(20);
  const own = claims.filter(({ must }) => must !== undefined);
  expect(own.length).toBeGreaterThan(claims.length * 0.7);
});
