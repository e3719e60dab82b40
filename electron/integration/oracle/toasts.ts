import { notifyWords } from '../../notifications/words.ts';
import type { Shown } from './app.ts';
import { countSaid } from './judge.ts';
import type { Counts, Violation } from './judge.ts';
import { isGood } from './missing.ts';
import type { Model } from './model.ts';
import { isCopyOf } from './published.ts';
import type { Published } from './published.ts';

/** Toasts are said once: each new one is compared with what was published; and none that is owed stays away. */
export interface ToastJudge {
  look(model: Model, shown: Shown): readonly Violation[];
  /** The app has ended, and with it what it remembered to tell. */
  reset(): void;
}

/** A change that needs the person is told, alone or in a summary, so long after it was stored over a living connection. */
const WITHIN_MS = 75_000;

/**
 * It happened after the first look; or that came late, while the server was listened to already: then the place stands up to which
 * the stream had come. What it brings is news, as if there had been no look, and so is what happened while it was listened to,
 * though it left that out.
 */
function isNews({ baseline, wire }: Model, event: Published): boolean {
  if (event.n > (baseline ?? 0)) return true;
  const looked = wire.heard.find(({ part }) => part.what === 'snapshot' && part.last)?.at ?? Infinity;
  const listenedTo = wire.log.filter(
    ({ kind, answer }) => (kind === 'stream' || kind === 'poll') && isGood(answer) && answer.at < looked,
  );
  return (
    listenedTo.some(({ answer }) => (answer?.at ?? Infinity) < event.at) ||
    wire.heard.some(
      ({ exchange, part }) =>
        part.what === 'event' &&
        part.event === event &&
        listenedTo.some(({ kind }) => kind === exchange.kind),
    )
  );
}

export function createToastJudge(counts: Counts): ToastJudge {
  const words = notifyWords('en');
  /** With the time at which the toast was shown. */
  const told = new Map<Published, number>();
  const owed = new Map<Published, number>();
  const seen = new Set<Published>();
  const reported = new Set<string>();
  let looked = 0;
  let lastStored: ReadonlySet<Published> | null = null;

  const untrue = (key: string, text: string): Violation => ({ key, fault: 'untrue', text });

  function judgeChange(model: Model, contractId: string, title: string, body: string): Violation | null {
    const all = model.server.published.filter(
      (event) =>
        event.contractId === contractId &&
        event.title === title &&
        words.change(event.from, event.to, null) === body.split('\n')[0],
    );
    const event = all.findLast((one) => !told.has(one) && model.file.stored.has(one));
    if (event !== undefined) {
      told.set(event, model.now);
      return isNews(model, event)
        ? null
        : untrue('notify.change', `a toast for ${event.id}, which was known from the first look`);
    }
    const why =
      all.length === 0
        ? 'never happened'
        : all.every((one) => told.has(one))
          ? 'was told before'
          : 'is not stored';
    return untrue('notify.change', `a toast “${title}: ${body}” of a change that ${why}`);
  }

  function judgeDigest(model: Model, title: string): Violation | null {
    const count = [...model.file.contracts.values()].filter(
      ({ needsAction, muted }) => needsAction && !muted,
    ).length;
    const near = [count - 1, count, count + 1].map((one) => words.digest(Math.max(0, one)).title);
    return near.includes(title)
      ? null
      : untrue('notify.digest', `a toast “${title}”, while ${count} contracts need the person`);
  }

  function lookAtNew(model: Model, shown: Shown): Violation | null {
    for (; looked < shown.toasts.length; looked += 1) {
      const { tag, title, body, contractId } = (shown.toasts[looked] as Shown['toasts'][number]).toast;
      const key = tag === 'digest' ? 'notify.digest' : 'notify.change';
      countSaid(counts, key);
      // Whatever was told, or summed up, is owed no longer.
      for (const [event] of owed) if (tag === 'digest' || event.contractId === contractId) owed.delete(event);
      const violation =
        contractId === null ? judgeDigest(model, title) : judgeChange(model, contractId, title, body);
      if (violation !== null) {
        looked += 1;
        return violation;
      }
    }
    return null;
  }

  const isSteady = (model: Model): boolean => (model.connectedMs ?? 0) > 30_000 && model.waitingMs === 0;

  /** Before the toasts are looked at: one may be shown in the moment in which its change is stored. */
  function noteStored(model: Model): void {
    if (model.file.stored === lastStored) return;
    lastStored = model.file.stored;
    for (const event of model.file.stored) {
      if (seen.has(event)) continue;
      const isCopy = [...seen].some((other) => isCopyOf(event, other));
      seen.add(event);
      const isNew =
        !isCopy &&
        event.actionRequired &&
        !event.undone &&
        event.at > model.now - 20_000 &&
        model.file.receivedAt.has(event);
      if (isNew && isSteady(model)) owed.set(event, model.now);
    }
  }

  function lookAtOwed(model: Model): Violation | null {
    for (const [event, since] of owed) {
      const contract = model.file.contracts.get(event.contractId);
      const isOver =
        contract?.version !== event.version ||
        !contract.needsAction ||
        model.file.outbox.has(event.contractId);
      if (isOver || !isSteady(model) || toldLately(model, event)) owed.delete(event);
      else if (model.now - since > WITHIN_MS) {
        owed.delete(event);
        const what = `${event.id} needs the person, was stored ${model.now - since} ms ago, and no toast was shown`;
        return { key: 'notify.change', fault: 'unsaid', text: what };
      }
    }
    return null;
  }

  /** At most one toast a contract and minute. */
  const toldLately = (model: Model, event: Published): boolean =>
    [...told].some(
      ([other, at]) => other.contractId === event.contractId && model.now - at < WITHIN_MS + 65_000,
    );

  return {
    look(model, shown) {
      noteStored(model);
      const found = [lookAtNew(model, shown), lookAtOwed(model)].filter((one) => one !== null);
      return found.filter(({ key, fault }) => {
        const isFirst = !reported.has(`${key} ${fault}`);
        reported.add(`${key} ${fault}`);
        return isFirst;
      });
    },
    reset() {
      owed.clear();
    },
  };
}
