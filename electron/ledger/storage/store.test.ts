import { DatabaseSync } from './sqlite.ts';
import { expect, test } from 'vitest';
import { blankContract } from './contract-record.ts';
import { createStore } from './store.ts';

test('what a transaction that failed has noted of contracts is to be read again, not believed', () => {
  const store = createStore(new DatabaseSync(':memory:'));
  const record = blankContract(7, 'C-7');
  store.transaction('normal', () => store.noteRecords(1, [record]));
  expect(store.takeWritten()).toEqual({ rowids: new Set(), records: [{ accountId: 1, record }] });
  const failing = (): void =>
    store.transaction('normal', () => {
      store.noteRecords(1, [record]);
      throw new Error('disk full');
    });
  expect(failing).toThrow('disk full');
  expect(store.takeWritten()).toEqual({ rowids: new Set([7]), records: [] });
});

test('so many written contracts are told as any', () => {
  const store = createStore(new DatabaseSync(':memory:'));
  const records = Array.from({ length: 20_001 }, (_, i) => blankContract(i, `C-${i}`));
  store.noteRecords(1, records);
  expect(store.takeWritten()).toBeNull();
});
