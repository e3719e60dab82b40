import type { en } from '../../../renderer/i18n/en.ts';
import type { Words } from '../../shell/words.ts';
import type { Model } from './model.ts';
import type { Args } from './said.ts';

/** Every sentence is one of these. */
export type Sentence = Claim | Plain | ProvedElsewhere;

/** It says something that can be untrue. */
export type Claim = Condition & Bound;

export interface Condition {
  /** The condition in words. */
  readonly means: string;
  /** True while it may be said. */
  when(model: Model, args: Args, others: Others): boolean;
  /** So long it may still stand after it has ceased to be true; what is told on its way to the window takes that long. Default 2 s. */
  readonly graceMs?: number;
}

/** When it has to be said. */
export type Bound =
  | { readonly must: Must; readonly boundWith?: never; readonly unbound?: never }
  /** The bound of this sentence holds for it too: that one demands itself or one of others, of which this is one. */
  | { readonly boundWith: SentenceKey; readonly must?: never; readonly unbound?: never }
  /** Why it may stay unsaid. */
  | { readonly unbound: string; readonly must?: never; readonly boundWith?: never };

export interface Must {
  /** It has to be said while this holds ... */
  when(model: Model): boolean;
  /** ... after so long at the latest ... */
  readonly withinMs: number;
  /** ... or one of these in its place. */
  readonly or?: readonly SentenceKey[];
}

/** It claims nothing: a label, a button, a heading. */
export interface Plain {
  readonly plain: string;
}

/** Its truth is another test's: the file that proves it. */
export interface ProvedElsewhere {
  readonly provedBy: string;
}

/** What else is being said at the same time. */
export interface Others {
  has(key: SentenceKey): boolean;
}

type Counted = '_zero' | '_one' | '_two' | '_few' | '_many' | '_other';
/** i18next chooses the plural's form: one key for all of them. */
type Base<K extends string> = K extends `${infer Start}${Counted}` ? Start : K;
type Keys<T, Path extends string> = {
  [K in keyof T & string]: T[K] extends string ? `${Path}.${Base<K>}` : Keys<T[K], `${Path}.${Base<K>}`>;
}[keyof T & string];

type En = typeof en;
export type ConnectionKey = Keys<En['connection'], 'connection'>;
export type ReceiptKey = Keys<En['receipt'], 'receipt'>;
export type ContractKey =
  | Keys<En['contract']['action'], 'contract.action'>
  | Keys<En['acknowledgement'], 'acknowledgement'>
  | 'contract.incomplete'
  | 'contract.gap';
export type ListKey =
  | Keys<En['empty']['first'], 'empty.first'>
  | Keys<En['empty']['before'], 'empty.before'>
  | Keys<En['empty']['doubt'], 'empty.doubt'>
  | Keys<En['empty']['notForYou'], 'empty.notForYou'>
  | Keys<En['fetching'], 'fetching'>
  | Keys<En['away'], 'away'>
  | Keys<En['signIn']['ended'], 'signIn.ended'>;
export type ToastKey =
  Keys<En['toast'], 'toast'> | 'notify.change' | 'notify.back' | 'notify.digest' | 'notify.changed';
export type TrayKey = Keys<Words['tray'], 'tray'>;
export type SentenceKey = ConnectionKey | ReceiptKey | ContractKey | ListKey | ToastKey | TrayKey;
