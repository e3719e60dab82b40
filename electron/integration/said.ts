import type { ConnectionStatus } from '../../protocol/connection.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { connectionShort, connectionText } from '../../renderer/features/connection/connection-words.ts';
import { receiptHeadline } from '../../renderer/features/connection/receipt-words.ts';
import { createFormats } from '../../renderer/i18n/format.ts';
import { createI18n } from '../../renderer/i18n/i18n.ts';
import { isConnected } from '../../renderer/state/standing.ts';
import type { FakeWindow } from './harness.ts';

const { t } = createI18n('en');
const formats = createFormats('en-GB');

/** What a person reads, in the very words of the window (English); the proofs judge these, not the codes behind them. */
export function said(window: Pick<FakeWindow, 'connection' | 'receipt'>, now = Date.now()): string {
  const connection = window.connection();
  const receipt = window.receipt();
  return [
    connection === null ? '' : sayConnection(connection, now),
    receipt === null ? '' : sayReceipt(receipt, connection, now),
  ].join(' ');
}

/** Everything it has said of the connection and of completeness since message `from`, in order. */
export function everythingSaid(window: Pick<FakeWindow, 'messages'>, from = 0): readonly string[] {
  let connection: ConnectionStatus | null = null;
  return window.messages.flatMap(({ channel, message }, index) => {
    if (channel === 'connection:changed') connection = message as ConnectionStatus;
    if (index < from) return [];
    if (channel === 'connection:changed') return [sayConnection(message as ConnectionStatus, Date.now())];
    return channel === 'receipt:changed' ? [sayReceipt(message as Receipt, connection, Date.now())] : [];
  });
}

export function sayConnection(status: ConnectionStatus, now: number): string {
  const { what, more } = connectionShort(t, formats, status, now);
  return `${what}${more === null ? '' : `, ${more}`}. ${connectionText(t, formats, status, now)}`;
}

/** As the window: that something is being fetched is said only while it is connected. */
export function sayReceipt(receipt: Receipt, connection: ConnectionStatus | null, now: number): string {
  return receiptHeadline(t, formats, receipt, now, isConnected(connection));
}
