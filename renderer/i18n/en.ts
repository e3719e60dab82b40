import { app } from './en/app.ts';
import { connection } from './en/connection.ts';
import { contracts } from './en/contracts.ts';
import { failures } from './en/failures.ts';
import { pane } from './en/pane.ts';
import { list } from './en/list.ts';

/** English. The shape of this object is what every language must have; plural forms may differ in number. */
export const en = { ...app, ...contracts, ...connection, ...list, ...pane, ...failures };
