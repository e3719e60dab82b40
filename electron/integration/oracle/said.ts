import type { TFunction } from 'i18next';
import type { ContractDetail } from '../../../protocol/view.ts';
import { connectionShort, connectionText } from '../../../renderer/features/connection/connection-words.ts';
import {
  absenceText,
  aheadText,
  healedText,
  gapText,
  receiptHeadline,
  receiptShort,
  repairText,
  restartText,
  todayText,
} from '../../../renderer/features/connection/receipt-words.ts';
import {
  acknowledgementLabel,
  isPending,
  pendingText,
} from '../../../renderer/i18n/acknowledgement-words.ts';
import { createFormats } from '../../../renderer/i18n/format.ts';
import type { Formats } from '../../../renderer/i18n/format.ts';
import { awayText, fetchText } from '../../../renderer/i18n/standing-words.ts';
import {
  beforeOf,
  doubtOf,
  isMoreKnown,
  gapsOf,
  isConnected,
  reachOf,
} from '../../../renderer/state/standing.ts';
import { createTrayReach, describeTray } from '../../shell/tray-menu.ts';
import type { TrayReach } from '../../shell/tray-menu.ts';
import type { Shown } from './app.ts';

/** One sentence as it stands before the person, by its key and what is filled in. */
export interface Said {
  readonly key: string;
  readonly args: Args;
}

type Say = (key: string, args?: Args) => void;

const MARK = /⟦\d+⟧/;
const MARKS = /⟦(\d+)⟧/g;

/** Numbers and instants are not formatted: `n: "3"`, `time: "1795428045100"`. */
export type Args = Readonly<Record<string, unknown>>;

const plain = (value: unknown): string => String(value);

/** Formats that leave everything as it is, so that conditions can reckon with it. */
const rawFormats: Formats = {
  ...createFormats('en'),
  number: plain,
  moment: plain,
  clock: plain,
  clockSeconds: plain,
  dateTime: plain,
  span: plain,
};

/**
 * Everything that the window and the tray say now, by the functions that make their words: their translator writes down
 * which key it is asked for. What shows only when it is opened (the receipt's panel) counts as said.
 */
export function sentencesOf(
  shown: Shown,
  computerNow: number,
  words: WordMakers = WORD_MAKERS,
): readonly Said[] {
  const said: Said[] = [];
  /** Told to the condition besides what is filled in: of what time a sentence speaks. */
  let within: Args = {};
  const say: Say = (key, args = {}) => said.push({ key, args: { ...args, ...within } });
  /** What was translated: each gets a mark in place of its words, so that it can be found in what is shown in the end. */
  const translated: Said[] = [];
  const t = ((key: string, args: Args = {}): string => {
    const filledIn = Object.values(args).filter((value) => typeof value === 'string' && MARK.test(value));
    translated.push({ key, args: { ...args, ...within } });
    return `⟦${translated.length - 1}⟧${filledIn.join('')}`;
  }) as unknown as TFunction;
  /** Of what a maker has asked for, only what is in the words that it gives is said. */
  const show = (made: unknown): void => {
    if (made === null) return;
    const words = typeof made === 'string' ? made : JSON.stringify(made);
    for (const [, index] of words.matchAll(MARKS)) said.push(translated[Number(index)] as Said);
  };
  const { session, connection, receipt, contract, away, total } = shown;

  if (session?.state === 'signed_out' && session.ended !== 'none') say(`signIn.ended.${session.ended}`);
  if (connection !== null) {
    show(words.connectionShort(t, rawFormats, connection, computerNow));
    show(words.connectionText(t, rawFormats, connection, computerNow));
  }
  if (receipt !== null) {
    // As the title area: while it is connecting or catching up, there is no room for more.
    const live = isConnected(connection) && connection?.state.phase !== 'catching_up';
    show(words.receiptHeadline(t, rawFormats, receipt, computerNow, isConnected(connection)));
    if (live || receipt.verdict === 'gaps') show(words.receiptShort(t, rawFormats, receipt, computerNow));
    show(words.aheadText(t, rawFormats, receipt, computerNow));
    show(words.todayText(t, rawFormats, receipt, computerNow));
    within = { absence: receipt.absence };
    show(words.absenceText(t, rawFormats, receipt, computerNow));
    within = {};
    show(words.healedText(t, rawFormats, receipt, computerNow));
    show(words.restartText(t, rawFormats, receipt, computerNow));
    const server = { connected: isConnected(connection), canFetch: receipt.canFetch };
    for (const gap of receipt.openGaps) {
      show(words.gapText(t, rawFormats, gap));
      show(words.repairText(t, rawFormats, gap, server, computerNow));
    }
  }
  if (contract !== null) {
    const { row, acknowledgement, hasGap } = contract;
    const { state } = acknowledgement;
    const connected = isConnected(connection);
    sayContract(say, contract);
    within = { contractId: row.contractId, version: row.version };
    if (isPending(state)) show(words.pendingText(t, state, acknowledgement.at, connected, computerNow));
    if (state !== 'none') show(words.acknowledgementLabel(t, state, connected));
    within = {};
    const server = { reach: reachOf(connection), canFetch: receipt?.canFetch ?? true };
    if (hasGap) show(words.fetchText(t, rawFormats, gapsOf(receipt, row.contractId), server, computerNow));
  }
  if (away !== null) {
    within = { since: away.since, until: away.until };
    show(words.awayText(t, rawFormats, away, receipt, reachOf(connection), computerNow));
    within = {};
  }
  if (session?.state === 'signed_in' && total === 0) sayEmpty(say, shown);
  if (session?.state === 'signed_in' && total !== null && total > 0) sayNotFound(say, shown);
  if (session !== null) sayTray(say, session, shown);
  return said;
}

/** As `EmptyFeed` says it of the view of all contracts. */
function sayEmpty(say: Say, { connection, receipt }: Shown): void {
  if (receipt !== null && receipt.notForUser !== null && !isMoreKnown(receipt)) {
    say('empty.notForYou.title');
    return;
  }
  const reach = reachOf(connection);
  const doubt = doubtOf(reach, receipt);
  const before = beforeOf(0, reach, receipt);
  if (before !== null) {
    say('empty.before.title');
    say(`empty.before.${before}`);
    return;
  }
  say(isMoreKnown(receipt) ? 'empty.before.title' : 'empty.first.title');
  say(doubt === null ? 'empty.first.text' : `empty.doubt.${doubt}`);
}

/** As `EmptyFeed` says it of a search in which none of the contracts that are here is found. */
function sayNotFound(say: Say, { connection, receipt }: Shown): void {
  const doubt = doubtOf(reachOf(connection), receipt);
  if (doubt !== null) say(`empty.doubt.${doubt}`);
}

/** The tray gets keys for words: what it makes of them tells which it chose. */
function sayTray(
  say: Say,
  session: NonNullable<Shown['session']>,
  { connection, badge, untold }: Shown,
): void {
  let reach: TrayReach = 'signed_out';
  const follow = createTrayReach((next) => {
    reach = next;
  });
  follow.note('session:changed', session);
  if (connection !== null) follow.note('connection:changed', connection);
  // What pauses notifications is proved by tray-menu.test.ts.
  const { tooltip } = describeTray(TRAY_KEYS, { count: badge, untold }, reach, null, 0, {
    open() {},
    quit() {},
    pause() {},
  });
  const { pause: _, ...keys } = TRAY_KEYS.tray;
  for (const key of Object.values(keys))
    if (tooltip.includes(key)) say(key, { count: key === 'tray.onlyMuted' ? untold : badge });
}

/** As `NextAction`, `Timeline` and the row's tag say it of the open contract. */
function sayContract(say: Say, { hasGap, acknowledgement, row, timeline }: ContractDetail): void {
  const { contractId, version } = row;
  const of = { contractId, version };
  if (hasGap) say('contract.incomplete', of);
  timeline.forEach((entry, index) => {
    const missing = entry.version - (timeline[index + 1]?.version ?? entry.version - 1) - 1;
    if (missing > 0) say('contract.gap', { ...of, n: plain(missing) });
  });
  switch (acknowledgement.state) {
    case 'none':
      if (row.actionRequired) say('contract.action.title', of);
      return;
    case 'held':
    case 'sending':
    case 'unconfirmed':
      return;
    case 'failed':
      say('contract.action.failed', of);
      say('contract.action.failedSafe', of);
      return;
    case 'sent':
    case 'superseded':
      say(`contract.action.${acknowledgement.state}`, of);
  }
}

const TRAY_KEYS = {
  tag: 'en',
  tray: {
    needing: 'tray.needing',
    nothing: 'tray.nothing',
    onlyMuted: 'tray.onlyMuted',
    receiving: 'tray.receiving',
    cutOff: 'tray.cutOff',
    signedOut: 'tray.signedOut',
    pause: { hour: 'tray.pause.hour', tomorrow: 'tray.pause.tomorrow' },
    paused: 'tray.paused',
    resume: 'tray.resume',
    open: 'tray.open',
    quit: 'tray.quit',
  },
};

/** The functions that make words; a planted lie puts another in a function's place. */
export const WORD_MAKERS = {
  aheadText,
  connectionShort,
  connectionText,
  receiptHeadline,
  receiptShort,
  todayText,
  absenceText,
  healedText,
  restartText,
  gapText,
  repairText,
  awayText,
  fetchText,
  pendingText,
  acknowledgementLabel,
};
export type WordMakers = typeof WORD_MAKERS;
