import { createScenario, describe } from '../scenario.ts';
import type { Scenario, ScenarioOptions } from '../scenario.ts';
import { until } from '../harness.ts';
import { everythingSaid, said } from '../said.ts';
import { startNginx, STREAMED } from './nginx.ts';
import type { Nginx, NginxOptions } from './nginx.ts';

/** A scene whose app reaches its server through an nginx. */
export interface Behind extends Scenario {
  readonly nginx: Nginx;
  /** Waits until the window's words match; fails with what it says instead. */
  says(words: RegExp, withinMs?: number): Promise<void>;
  /** Waits until nginx has given this answer so many times more, e.g. `GET /api/events 503`. */
  answered(request: string, times: number): Promise<void>;
  /** Everything said since the last call, in order. */
  sayings(): readonly string[];
  /** Publishes `count` changes, one each `everyMs`, and answers how late each was in the ledger's file or the window, ms. */
  steady(count: number, everyMs: number): Promise<readonly number[]>;
}

export async function createBehind(
  nginxOptions: Omit<NginxOptions, 'upstream'> = {},
  sceneOptions: ScenarioOptions = {},
): Promise<Behind> {
  const scenario = await createScenario({
    ...sceneOptions,
    deps: {
      transports: ['sse', 'long_poll'],
      ...sceneOptions.deps,
    },
  });
  const { harness, server, userId } = scenario;
  const nginx = await startNginx({ location: STREAMED, ...nginxOptions, upstream: server.url }).catch(
    async (error: unknown) => {
      await scenario.close();
      throw error;
    },
  );
  let heardUpTo = 0;

  return {
    ...scenario,
    nginx,
    says: (words, withinMs) =>
      until(
        () => words.test(said(harness.window)),
        () => `${words} to be said, but: ${said(harness.window)} ${describe(harness)}`,
        withinMs,
      ),
    async answered(request, times) {
      const count = async (): Promise<number> =>
        (await nginx.requests()).filter((line) => line.startsWith(request)).length;
      const before = await count();
      await until(
        async () => (await count()) >= before + times,
        () => `${times} times ${request}, but ${describe(harness)}`,
      );
    },
    sayings() {
      const from = heardUpTo;
      heardUpTo = harness.window.messages.length;
      return everythingSaid(harness.window, from);
    },
    async steady(count, everyMs) {
      const late: number[] = [];
      const waiting: Promise<void>[] = [];
      const begun = performance.now();
      for (let n = 0; n < count; n += 1) {
        const due = begun + n * everyMs;
        await until(() => performance.now() >= due, 'its turn');
        const contract = server.control.publish(userId).data.contract;
        const published = performance.now();
        waiting.push(
          until(
            () =>
              [...harness.window.rows.values()].some(
                (row) => row.contractId === contract.id && row.version >= contract.version,
              ),
            () => `change ${n + 1} of ${count} to be shown, but ${said(harness.window)} ${describe(harness)}`,
          ).then(() => void late.push(performance.now() - published)),
        );
      }
      await Promise.all(waiting);
      return late;
    },
    async close() {
      await scenario.close();
      await nginx.stop();
    },
  };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
