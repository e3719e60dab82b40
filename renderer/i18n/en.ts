import { app } from './en/app.ts';
import { check } from './en/check.ts';
import { connection } from './en/connection.ts';
import { contracts } from './en/contracts.ts';
import { findings } from './en/findings.ts';
import { failures } from './en/failures.ts';
import { pane } from './en/pane.ts';
import { list } from './en/list.ts';
import { settings } from './en/settings.ts';

/** English. The shape of this object is what every language must have; plural forms may differ in number. */
export const en = {
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

/** The keys of texts without their plural forms, of which languages have different ones. */
type Bare<K> = K extends `${infer Key}_${Intl.LDMLPluralRule}` ? Key : K;
export type Texts<T = typeof en> = {
  readonly [K in keyof T as Bare<K>]: T[K] extends string ? string : Texts<T[K]>;
};
/** `T` lacks no text. */
export type Whole<T extends Texts> = T;
