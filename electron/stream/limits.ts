import type { StreamLimits } from './types.ts';

const defaults: StreamLimits = {
  maxEventBytes: 1 << 20,
  idleMs: 90_000,
  headersMs: 20_000,
  slowMs: 120_000,
  retryMs: 1_000,
  minRetryMs: 500,
  maxRetryMs: 60_000,
  livedMs: 1_000,
  healthyMs: 5_000,
  shortMs: 30_000,
  maxRedirects: 5,
  firstByteMs: 30_000,
  pollWaitS: 25,
  maxPollBytes: 16 << 20,
  returnMs: 300_000,
};

export function resolveLimits(given: Partial<StreamLimits> | undefined): StreamLimits {
  return { ...defaults, ...given };
}
