import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFixture, type Fixture } from '../testing/fixture.ts';
import { change, START } from '../testing/make.ts';
import { openDatabase } from './database.ts';
import { openSearchIndex } from './search-index.ts';
import { createStore } from './store.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.dispose());

test('words are taken in one text at a time, and the thread is asked for after each', async () => {
  await fixture.append(
    ...[1, 2, 3].map((n) => change(n, `C-${n}`, 1, { reason: `Reason ${n}` })),
    change(4, 'C-1', 2, { title: 'Another title' }),
  );
  fixture.close();
  const { db } = openDatabase(fixture.path, START);
  try {
    const store = createStore(db);
    const index = openSearchIndex(store);
    const taken = (): number =>
      Number(
        store
          .sql(
            'SELECT (SELECT count(*) FROM contract_words_docsize) + (SELECT count(*) FROM reason_words_docsize) AS n',
          )
          .get()?.['n'],
      );
    const steps: number[] = [];
    while (!index.step(() => true)) steps.push(taken());
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 6]);
    expect(index.contracts('another')).toHaveLength(1);
    expect(index.reasons('reason')).toHaveLength(3);
  } finally {
    db.close();
  }
});
