import type { Texts, Whole } from './en.ts';
import { app } from './ru/app.ts';
import { check } from './ru/check.ts';
import { connection } from './ru/connection.ts';
import { contracts } from './ru/contracts.ts';
import { findings } from './ru/findings.ts';
import { failures } from './ru/failures.ts';
import { pane } from './ru/pane.ts';
import { list } from './ru/list.ts';
import { settings } from './ru/settings.ts';

/** Русский. Написан, а не переведён дословно; формы множественного числа: one, few, many, other. */
export const ru = {
  ...app,
  ...contracts,
  ...connection,
  ...list,
  ...pane,
  ...settings,
  ...failures,
  ...check,
  ...findings,
};

/** Does not compile while this language lacks a text that English has. */
export type Russian = Whole<Texts<typeof ru>>;
