import { toFailure } from '../state/api.ts';
import type { PulseApi, RequestChannel } from '../../protocol/ipc.ts';
import { NO_COUNTS, type ContractRow, type ViewBatch, type ViewRange } from '../../protocol/view.ts';
import { fakeRow } from './fake-data.ts';

/** For unit tests: rows, batches, and a `window.pulse` whose answers the test gives itself. */

export const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);

export function rowsOf(...indices: number[]): ContractRow[] {
  return indices.map((index) => fakeRow(index, NOW));
}

export function batchOf(rows: readonly ContractRow[], over: Partial<ViewBatch> = {}): ViewBatch {
  return {
    viewId: 1,
    seq: 1,
    total: rows.length,
    offset: 0,
    rows,
    waiting: 0,
    held: false,
    counts: { ...NO_COUNTS, all: rows.length },
    received: 0,
    ...over,
  };
}

export interface Asked {
  readonly channel: RequestChannel;
  readonly argument: unknown;
  readonly range: ViewRange | undefined;
  answer(response: unknown): Promise<void>;
  refuse(error: Error): Promise<void>;
}

/** Lets everything that was resolved run to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

/** Every request waits in `asked` until the test answers it. */
export function scriptedPulse(): { pulse: PulseApi; asked: Asked[]; next(channel: RequestChannel): Asked } {
  const asked: Asked[] = [];
  const pulse: PulseApi = {
    request(channel, ...rest) {
      const [argument] = rest;
      return new Promise((resolve) => {
        asked.push({
          channel,
          argument,
          range: (argument as { range?: ViewRange } | undefined)?.range,
          answer: (response) => {
            resolve({ ok: true, value: response as never });
            return settle();
          },
          refuse: (error) => {
            resolve({ ok: false, failure: toFailure(error) });
            return settle();
          },
        });
      });
    },
    on: () => () => undefined,
  };
  return {
    pulse,
    asked,
    next(channel) {
      const found = asked.shift();
      if (found?.channel !== channel) throw new Error(`expected ${channel}, was asked ${found?.channel}`);
      return found;
    },
  };
}
