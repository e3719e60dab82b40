import type { ConnectionStatus } from '../../../protocol/connection.ts';
import type { MessageChannel, MessageMap } from '../../../protocol/ipc.ts';
import type { Receipt } from '../../../protocol/receipt.ts';
import type { ContractDetail } from '../../../protocol/view.ts';
import { absenceText } from '../../../renderer/features/connection/receipt-words.ts';
import { awayText } from '../../../renderer/i18n/standing-words.ts';
import type { Ledger } from '../../ledger/types.ts';
import type { Lie } from './play.ts';

/**
 * Lies as a fault in the app would tell them. Each is made anew for each world, because some remember what has happened.
 * The oracle is worth something only as long as it catches every one of them.
 */
export const LIES: readonly { readonly name: string; readonly plant: () => Omit<Lie, 'name'> }[] = [
  lie('complete, with an open gap', () =>
    receipts((receipt) =>
      receipt.verdict === 'gaps'
        ? { ...receipt, verdict: 'complete', upToTime: null, upToSequence: null, openGaps: [], missing: 0 }
        : receipt,
    ),
  ),
  lie('complete up to an event that the server has not named', () =>
    receipts((receipt) =>
      receipt.upToSequence === null ? receipt : { ...receipt, upToSequence: receipt.upToSequence + 1 },
    ),
  ),
  lie('complete up to now, whatever was named last', () =>
    receipts((receipt) =>
      receipt.upToTime === null ? receipt : { ...receipt, upToTime: receipt.upToTime + 1 },
    ),
  ),
  lie('no gap seen, where one was', () =>
    receipts((receipt) =>
      receipt.verdict === 'gaps' ? { ...receipt, verdict: 'no_gap_seen', openGaps: [] } : receipt,
    ),
  ),
  lie('a gap, where there is none', () =>
    receipts((receipt) =>
      receipt.verdict === 'complete' ? { ...receipt, verdict: 'gaps', missing: 1 } : receipt,
    ),
  ),
  lie('one change more today than there was', () =>
    receipts((receipt) => ({ ...receipt, changesToday: receipt.changesToday + 1 })),
  ),
  lie('none missing in an absence, while something is', () => ({
    words: {
      absenceText: (t, formats, receipt, now) => absenceText(t, formats, withNothingMissing(receipt), now),
      awayText: (t, formats, away, receipt, reach, now) =>
        awayText(t, formats, { ...away, missing: 0 }, receipt && withNothingMissing(receipt), reach, now),
    },
  })),
  lie('nothing received yet, for ever', () =>
    receipts((receipt) => ({ ...receipt, verdict: 'nothing_yet', openGaps: [] })),
  ),
  lie('live, while the connection is cut', () =>
    connections((status) =>
      status.state.phase === 'waiting' ? { ...status, state: { phase: 'live' } } : status,
    ),
  ),
  lie('live, while nothing is heard', () => {
    let lived = false;
    return connections((status) => {
      lived ||= status.state.phase === 'live';
      return lived ? { ...status, state: { phase: 'live' } } : status;
    });
  }),
  lie('catching up for ever', () =>
    connections((status) =>
      ['live', 'connected'].includes(status.state.phase)
        ? { ...status, state: { phase: 'catching_up', done: 0, total: null } }
        : status,
    ),
  ),
  lie('no connection, while there is one', () =>
    connections((status) =>
      status.state.phase === 'live'
        ? {
            ...status,
            state: {
              phase: 'waiting',
              retryAt: 0,
              attempt: 1,
              offline: false,
              failure: { code: 'closed', status: null, detail: '' },
            },
          }
        : status,
    ),
  ),
  lie('offline, while only the server is away', () =>
    connections((status) =>
      status.state.phase === 'waiting' ? { ...status, state: { ...status.state, offline: true } } : status,
    ),
  ),
  lie('sign in again, although nobody has refused', () =>
    connections((status) =>
      status.state.phase === 'waiting'
        ? { ...status, state: { phase: 'sign_in_needed', cause: 'revoked' } }
        : status,
    ),
  ),
  lie('nothing is lost, whatever the server can do', () =>
    connections((status) => ({ ...status, replay: 'proven' })),
  ),
  lie('nothing is lost, because it was not once', () => {
    let was = false;
    return connections((status) => {
      was ||= status.replay === 'proven';
      return was ? { ...status, replay: 'proven' } : status;
    });
  }),
  lie('not late, however late', () =>
    connections((status) =>
      status.state.phase === 'late' ? { ...status, state: { phase: 'live' } } : status,
    ),
  ),
  lie('acknowledged, before the server has it', () =>
    contracts((detail) => ({
      ...detail,
      acknowledgement:
        detail.acknowledgement.state === 'held'
          ? { ...detail.acknowledgement, state: 'sent' }
          : detail.acknowledgement,
    })),
  ),
  lie('sending, although it was sent long ago', () =>
    contracts((detail) => ({
      ...detail,
      acknowledgement:
        detail.acknowledgement.state === 'sent'
          ? { ...detail.acknowledgement, state: 'sending' }
          : detail.acknowledgement,
    })),
  ),
  lie('a change is missing from a contract that is whole', () =>
    contracts((detail) => ({ ...detail, hasGap: true })),
  ),
  lie('each toast twice', () => ({ tampering: { toast: (toast) => [toast, toast] } })),
  lie('no toasts', () => ({ tampering: { toast: () => [] } })),
  lie('one contract more needs you', () => ({ tampering: { badge: (count) => count + 1 } })),
  lie('nothing needs you', () => ({ tampering: { badge: () => 0 } })),
  lie('one event of five is left out, and the cursor goes on', () => ({
    tampering: { ledger: leaveOutEvents },
  })),
  lie('what was set aside opens no gap', () => ({ tampering: { ledger: hideGaps } })),
];

function lie(name: string, plant: () => Omit<Lie, 'name'>): (typeof LIES)[number] {
  return { name, plant };
}

/** The window is told another message than was meant for it. */
function message<C extends MessageChannel>(
  channel: C,
  change: (message: MessageMap[C]) => MessageMap[C],
): Omit<Lie, 'name'> {
  return {
    tampering: {
      message: (told, content) =>
        told === (channel as MessageChannel) ? (change(content as never) as never) : content,
    },
  };
}

const withNothingMissing = (receipt: Receipt): Receipt => ({
  ...receipt,
  verdict: 'complete',
  absence: receipt.absence && { ...receipt.absence, missing: 0 },
});

const receipts = (change: (receipt: Receipt) => Receipt) => message('receipt:changed', change);
const connections = (change: (status: ConnectionStatus) => ConnectionStatus) =>
  message('connection:changed', change);
const contracts = (change: (detail: ContractDetail) => ContractDetail) => message('contract:changed', change);

function leaveOutEvents(ledger: Ledger): Ledger {
  let seen = 0;
  return Object.assign(Object.create(ledger) as Ledger, {
    batch(): ReturnType<Ledger['batch']> {
      const batch = ledger.batch();
      return Object.assign(Object.create(batch) as typeof batch, {
        add(items: Parameters<typeof batch.add>[0]) {
          batch.add(
            items.map((item) => {
              const isChange = item.kind === 'event' && item.name.endsWith('_ContractStatusChanged');
              if (!isChange) return item;
              seen += 1;
              return seen % 5 === 0 ? { kind: 'id', id: item.id ?? '' } : item;
            }),
          );
        },
      });
    },
  });
}

function hideGaps(ledger: Ledger): Ledger {
  return Object.assign(Object.create(ledger) as Ledger, {
    async receipt(accountId: number, dayStart: number): Promise<Receipt> {
      const receipt = await ledger.receipt(accountId, dayStart);
      const openGaps = receipt.openGaps.filter(({ kind }) => kind !== 'quarantine');
      const verdict = receipt.verdict === 'gaps' && openGaps.length === 0 ? 'confirming' : receipt.verdict;
      return { ...receipt, openGaps, verdict };
    },
  });
}
