import { openTestCore } from './fixture.ts';
import { change, head, idOf, KEY, START } from './make.ts';

/** Appends to the file of its argument from its cursor on, in batches, until it is killed. */
const [, , path] = process.argv;
const core = openTestCore(path ?? '');
const account = await core.account(KEY);
process.send?.({ problem: core.problem, cursor: account.cursor });
let next = account.cursor === null ? 1 : Number(account.cursor.slice(3)) + 1;
for (;;) {
  const first = next;
  const items = Array.from({ length: 400 }, (_, i) => {
    const sequence = first + i;
    return change(sequence, `C-${sequence % 40}`, Math.floor(sequence / 40) + 1);
  });
  next += items.length;
  const { cursor } = await core.append(account.accountId, [...items, head(idOf(next - 1))], START);
  process.send?.({ cursor });
}
