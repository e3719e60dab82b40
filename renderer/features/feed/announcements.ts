import type { TFunction } from 'i18next';
import type { Formats } from '../../i18n/format.ts';
import { nameInSentence, statusLabel } from '../../i18n/words.ts';
import type { ContractRow } from '../../../protocol/view.ts';
import { contractName } from '../../../protocol/wire-text.ts';
import { isPlain } from '../../state/filters.ts';
import { isConnected } from '../../state/standing.ts';
import { sameFilter } from '../../state/saved-store.ts';
import type { Stores } from '../../state/stores.ts';
import type { FeedState } from '../../state/feed-store.ts';
import { createAnnouncer, type AnnounceClock } from './announce.ts';

/** A connection that is back sooner is not worth a word, ms. */
export const LOST_AFTER_MS = 3000;
/** Who types goes on within this time, and the list may still be on its way, ms. */
export const FOUND_AFTER_MS = 500;

export interface Speaker {
  readonly t: TFunction;
  readonly formats: Formats;
  readonly clock: AnnounceClock;
  say(text: string): void;
}

type Counted = 'announce' | 'announceAtLeast' | 'announceNeeds' | 'count';

function counted({ t, formats }: Speaker, words: Counted, count: number): string {
  return t(`feed.${words}`, { count, n: formats.number(count) });
}

const needsPerson = (row: ContractRow): boolean =>
  row.actionRequired && row.acknowledgement === 'none' && row.snoozed === null;

/** Title, status, and whether it needs the person. */
function contractText(t: TFunction, row: ContractRow): string {
  const name = `${nameInSentence(contractName(row))}, ${statusLabel(t, row.to)}`;
  return needsPerson(row) ? `${name}. ${t('feed.needsYou')}` : name;
}

/** What came at the top, where it is a single contract. */
function soleArrival({ entered, rows }: FeedState): ContractRow | null {
  const row = rows.get(0);
  return entered.size === 1 && row !== undefined && entered.has(row.key) ? row : null;
}

/** How many changes are new; a single one by its contract. Returns its end, as all of these. */
export function tellChanges(speaker: Speaker, { feed }: Pick<Stores, 'feed'>): () => void {
  const { t, clock, say } = speaker;
  let row: ContractRow | null = null;
  let needing = 0;
  const announcer = createAnnouncer(clock, (count, sure) => {
    const changes = counted(speaker, sure ? 'announce' : 'announceAtLeast', count);
    if (count === 1 && row !== null) say(`${changes}: ${contractText(t, row)}`);
    else say(needing > 0 ? `${changes}. ${counted(speaker, 'announceNeeds', needing)}` : changes);
    needing = 0;
  });
  const off = feed.subscribe((state, before) => {
    const came = state.news.count - before.news.count;
    if (came <= 0) return;
    row = soleArrival(state);
    if (state.counts && before.counts)
      needing += Math.max(0, state.counts.actionRequired - before.counts.actionRequired);
    announcer.add(came, state.news.sure);
  });
  return () => {
    off();
    announcer.stop();
  };
}

/** The contract that was opened, once it is there; the key that acts on it, where it needs the person. */
export function tellOpened({ t, say }: Speaker, { contract }: Pick<Stores, 'contract'>): () => void {
  return contract.subscribe((state, before) => {
    if (state.phase === before.phase && state.openId === before.openId) return;
    // A row that the keys move to is heard itself.
    if (state.phase !== 'shown' || state.passing || state.detail === null) return;
    const { row } = state.detail;
    const text = contractText(t, row);
    say(needsPerson(row) ? `${text}. ${t('feed.announceAcknowledge', { key: 'A' })}` : text);
  });
}

/** How much is in what the person has opened: another view by its name, and what was searched or filtered for. */
export function tellFound(speaker: Speaker, { feed, saved }: Pick<Stores, 'feed' | 'saved'>): () => void {
  const { t, clock, say } = speaker;
  let stop: (() => void) | undefined;
  let isOtherView = false;

  function tell(): void {
    stop = undefined;
    const { total, filter, problem } = feed.getState();
    // What went wrong says so itself.
    if (problem !== null) return;
    if (total === null) return wait();
    const name = saved.getState().views.find((view) => sameFilter(view.filter, filter))?.name;
    const count = counted(speaker, 'count', total);
    say(isOtherView ? `${name ?? t(`views.${filter.view}`)}. ${count}` : count);
    isOtherView = false;
  }
  function wait(): void {
    stop?.();
    stop = clock.after(FOUND_AFTER_MS, tell);
  }

  const off = feed.subscribe((state, before) => {
    // The first list after the sign-in is read by itself: it has the keyboard.
    if (state.opened === before.opened || before.opened === 0 || state.opened === 0) return;
    if (state.filter.view !== before.filter.view) isOtherView = true;
    if (isOtherView || !isPlain(state.filter) || !isPlain(before.filter)) wait();
  });
  return () => {
    off();
    stop?.();
  };
}

/** That the server is no longer reached, once, and that it is again. */
export function tellConnection(speaker: Speaker, { connection }: Pick<Stores, 'connection'>): () => void {
  const { t, clock, say } = speaker;
  let isTold = false;
  let stop: (() => void) | undefined;
  const forget = (): void => {
    stop?.();
    stop = undefined;
  };
  const off = connection.subscribe(({ status }, before) => {
    const phase = status?.state.phase;
    if (status === null || phase === undefined || phase === before.status?.state.phase) return;
    if (isConnected(status)) {
      forget();
      if (isTold) say(t('connection.back'));
      isTold = false;
    } else if (phase === 'waiting') {
      // It tries again all the while: told once.
      if (!isTold)
        stop ??= clock.after(LOST_AFTER_MS, () => {
          isTold = true;
          say(t('connection.noConnection'));
        });
    } else if (phase === 'sign_in_needed' || phase === 'refused' || phase === 'stopped') {
      forget();
      isTold = true;
      say(t(`connection.${phase}`));
    } else if (phase === 'signed_out') {
      forget();
      isTold = false;
    }
  });
  return () => {
    off();
    forget();
  };
}
