import type { Sentence, SentenceKey } from '../sentence.ts';
import { TOAST_SENTENCES, TRAY_SENTENCES } from './around.ts';
import { CONNECTION_SENTENCES } from './connection.ts';
import { CONTRACT_SENTENCES } from './contract.ts';
import { LIST_SENTENCES } from './list.ts';
import { RECEIPT_SENTENCES } from './receipt.ts';

/** Every sentence about completeness, connection, delivery and safety, with the condition under which it is true. */
export const SENTENCES: Record<SentenceKey, Sentence> = {
  ...CONNECTION_SENTENCES,
  ...RECEIPT_SENTENCES,
  ...CONTRACT_SENTENCES,
  ...LIST_SENTENCES,
  ...TOAST_SENTENCES,
  ...TRAY_SENTENCES,
};
