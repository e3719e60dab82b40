import { isDeepStrictEqual } from 'node:util';
import type { ConnectionState, ConnectionStatus } from '../../protocol/connection.ts';
import {
  remedyOf,
  type Bootstrap,
  type MessageMap,
  type NotificationTest,
  type SessionView,
} from '../../protocol/ipc.ts';
import { requestError } from '../../protocol/failures.ts';
import { createConfirmations } from './confirmations.ts';
import { createBackups } from './backups.ts';
import { createSession } from '../account/session.ts';
import type { CreateCore } from './core-types.ts';
import type { AccountKey } from '../ledger/types.ts';
import { createStateLog, diagnosticsText } from './diagnostics.ts';
import { callHandler, createHandlers } from './handlers.ts';
import { eraseAccount } from './erase.ts';
import { notifyWords } from '../notifications/words.ts';
import { createPauseWatch } from './pause-watch.ts';
import { createProfiles } from './profiles.ts';
import { createServerCheck } from './server-check.ts';
import { createSignedIn } from './signed-in.ts';
import type { SignedIn } from './signed-in.ts';
import { createSerial } from '../ports/serial.ts';
import { createTrueTime, notingDates } from '../ports/true-time.ts';
import { languageOf } from '../settings/meaning.ts';
import { openSettings } from '../settings/settings.ts';
import { openStorage } from './storage.ts';
import { watchTimeZone } from './zone-watch.ts';

/** Wait before the account is opened again after the ledger could not be written, ms. */
const REOPEN_MS = 5_000;
const CLOSE_MS = 5_000;
/** Between two looks at a keychain that is locked, ms. */
const LOCKED_MS = { first: 2_000, most: 60_000 };

/**
 * Puts session, ledger, stream, views and notifications together. Resolves once the ledger is open; the session is
 * restored after that, told by `session:changed`.
 */
export const createCore: CreateCore = async (deps) => {
  let signedIn: SignedIn | null = null;
  const settings = await openSettings({
    path: deps.settingsPath,
    now: deps.clock.now,
    log: deps.log,
    onChange(changed, problem) {
      deps.applySettings(changed);
      deps.send('settings:changed', { settings: changed, problem });
      signedIn?.settingsChanged();
      pause.follow(changed.pausedUntil);
    },
  });
  const pause = createPauseWatch(deps.clock, () => void settings.change({ pausedUntil: null }));
  pause.follow(settings.current().pausedUntil);
  deps.applySettings(settings.current());
  const storage = await openStorage({
    deps,
    onProblem: (problem) => deps.send('storage:changed', problem),
    onReplaced: () => later(again),
  });
  const trueTime = createTrueTime(deps.clock);
  const states = createStateLog(deps.clock);
  const confirmations = createConfirmations({
    confirm: deps.confirm,
    suggestedServer: deps.suggestedServer,
    storedServer: () => (view.state === 'restoring' ? '' : view.server),
    accounts: () => storage.ledger().accounts(),
  });
  const session = createSession({
    createHttp: () => notingDates(deps.createHttp(), (at) => trueTime.note(at) && signedIn?.timeLearned()),
    vault: deps.vault,
    clock: deps.clock,
    random: deps.random,
    log: deps.log,
    confirmServer: confirmations.server,
    openExternal: deps.openExternal,
    language: () => languageOf(settings.current(), deps.systemLocale),
    locale: deps.systemLocale,
    ...(deps.loopbackOnly === undefined ? {} : { loopbackOnly: deps.loopbackOnly }),
  });
  const profiles = createProfiles(deps.chooseFile);
  const serverCheck = createServerCheck({
    deps,
    confirmations,
    chosen: profiles.chosen,
    session: session.current,
    onFinding: (finding) => deps.send('check:finding', finding),
  });
  let view: SessionView = { state: 'restoring', waitsForKeychain: true };
  /** Of the account at work, or the last one's end. */
  let connection: ConnectionStatus | null = null;
  /** Whose history can be erased: who is signed in, or was last in this run. */
  let lastKey: AccountKey | null = null;
  let ended = false;
  /** One change of who is signed in after the other. */
  const turns = createSerial();
  let cancelReentry = (): void => {};
  /** Asked for by a toast's click or a link before there was a window to show it. */
  let contractToShow: MessageMap['contract:show'] | null = null;
  let windowReady = false;
  let closing = false;

  function later(run: () => Promise<void>): void {
    turns.run(run).catch((error: unknown) => {
      deps.log.warn(`session: ${error instanceof Error ? error.message.slice(0, 300) : 'unknown error'}`);
    });
  }

  function setView(next: SessionView): void {
    if (isDeepStrictEqual(next, view)) return;
    view = next;
    deps.send('session:changed', next);
    showPending();
  }

  function showPending(): void {
    if (contractToShow === null || !windowReady || view.state !== 'signed_in') return;
    deps.send('contract:show', contractToShow);
    contractToShow = null;
  }

  function onState(state: ConnectionState): void {
    states.add(state);
    deps.log.info(`connection: ${state.phase}`);
  }

  /** Says how it ended; what the stream tells while it is being closed is no longer of interest. */
  function endConnection(state: ConnectionState): void {
    if (connection === null) return;
    ended = true;
    connection = { ...connection, state };
    onState(state);
    deps.send('connection:changed', connection);
  }

  /** The session changed by itself or on request. What the person sees of it follows here, in one place. */
  session.onChange((next) => {
    if (next.state === 'signed_in') {
      if (signedIn !== null) setView(next);
      return;
    }
    setView(next);
    if (next.state !== 'signed_out' || next.ended === 'none' || next.ended === 'locked') return;
    const cause = next.ended;
    endConnection(cause === 'by_user' ? { phase: 'signed_out' } : { phase: 'sign_in_needed', cause });
    if (cause !== 'by_user') later(stopFollowing);
  });

  async function stopFollowing(): Promise<void> {
    const leaving = signedIn;
    signedIn = null;
    await leaving?.close();
  }

  /** Begins to follow the signed-in account; tries again later while the ledger cannot be written. */
  async function enter(): Promise<void> {
    cancelReentry();
    const live = session.current();
    if (live !== null) lastKey = live.key;
    if (live !== null && signedIn === null && !closing) {
      ended = false;
      try {
        signedIn = await createSignedIn({
          deps,
          ledger: storage.ledger(),
          key: live.key,
          profile: live.profile,
          http: live.http,
          call: live.call,
          headers: live.headers,
          settings: settings.current,
          trueTime,
          onStatus(status) {
            if (ended) return;
            connection = status;
            deps.send('connection:changed', status);
          },
          onState(state) {
            if (!ended) onState(state);
          },
          onStorage: storage.setFailure,
        });
        connection = signedIn.follower.status();
        storage.setFailure(null);
      } catch (error) {
        storage.setFailureOf(error);
        cancelReentry = deps.clock.after(REOPEN_MS, () => later(enter));
        // Signed in, but with nothing to show yet: the window waits, and the storage's failure says for what.
        setView({ state: 'restoring' });
        return;
      }
    }
    setView(session.view());
  }

  /** Another ledger is in use: the account is followed anew, from its cursor, or from a snapshot where there is none. */
  const again = (): Promise<void> => withoutFollowing(async () => {});

  async function withoutFollowing<T>(run: () => Promise<T>): Promise<T> {
    await stopFollowing();
    try {
      return await run();
    } finally {
      await enter();
    }
  }

  async function bootstrap(): Promise<Bootstrap> {
    windowReady = true;
    // After the answer, which the window needs first.
    deps.clock.after(0, showPending);
    return {
      appVersion: deps.appVersion,
      platform: deps.platform,
      systemLocale: deps.systemLocale,
      session: view,
      connection,
      receipt: (await signedIn?.feed.receipt().catch(() => null)) ?? null,
      storage: storage.problem(),
      settings: settings.current(),
      settingsProblem: settings.problem(),
      suggestedServer: deps.suggestedServer,
      notificationsRefused: deps.notificationsRefused(),
    };
  }

  function testNotification(): Promise<NotificationTest> {
    const locale = view.state === 'signed_in' ? view.locale : deps.systemLocale;
    const words = notifyWords(languageOf(settings.current(), locale)).test;
    return deps.testNotification({ tag: 'test', ...words, contractId: null, urgent: false });
  }

  async function diagnostics(): Promise<string> {
    const reading = signedIn?.feed.diagnostics() ?? storage.ledger().diagnostics();
    const ledger = await reading.catch(() => null);
    return diagnosticsText({
      now: deps.clock.now(),
      appVersion: deps.appVersion,
      platform: deps.platform,
      systemLocale: deps.systemLocale,
      machine: deps.describeMachine(),
      session: view,
      connection,
      states: states.lines(),
      storage: storage.problem(),
      ledger,
    });
  }

  function ownKey(): AccountKey {
    const live = session.current();
    if (live === null) throw requestError('notSignedIn');
    return live.key;
  }

  const backups = createBackups({ deps, storage, key: ownKey, inTurn: turns.run, withoutFollowing });

  const handlers = createHandlers({
    bootstrap,
    diagnostics,
    copyText: deps.copyText,
    restart: deps.restart,
    signIn: (request) =>
      turns.run(async () => {
        const anew = connection?.state.phase === 'refused';
        const byProfile = 'browser' in request || ('key' in request && request.profile === true);
        // The server has ended the one before: it is offered by the profile of that time.
        const profile = byProfile ? (profiles.chosen() ?? session.profile()) : null;
        const result = await session.signIn(request, { anew, profile });
        if (result.ok && anew) await stopFollowing();
        if (result.ok) await enter();
        return result;
      }),
    profiles,
    serverCheck,
    cancelSignIn: session.cancelSignIn,
    signOut() {
      // Not in turn: one that waits for the browser is in the way.
      session.cancelSignIn();
      return turns.run(async () => {
        cancelReentry();
        await stopFollowing();
        await session.signOut();
        connection = null;
      });
    },
    signOutAndErase: () =>
      turns.run(async () => {
        if (lastKey === null) throw requestError('eraseWhose');
        cancelReentry();
        await stopFollowing();
        await session.signOut({ forget: true });
        connection = null;
        states.clear();
        confirmations.forget();
        await eraseAccount({ deps, ledger: storage.ledger(), key: lastKey, settings });
        lastKey = null;
      }),
    async changeSettings(change) {
      await confirmations.portals(settings.current(), change);
      return settings.change(change);
    },
    testNotification,
    openExternal: deps.openExternal,
    now: deps.clock.now,
    storagePlace: () => ({
      path: deps.ledgerPath,
      signInKept: view.state === 'signed_in' && view.remembered,
    }),
    startFresh: () =>
      turns.run(async () => {
        const remedy = remedyOf(storage.problem());
        if (remedy === 'dismiss') return storage.dismiss();
        if (remedy !== 'start_fresh') throw requestError(remedy);
        await withoutFollowing(storage.startFresh);
      }),
    backups,
    signedIn() {
      if (signedIn === null) throw requestError('notSignedIn');
      return signedIn;
    },
    maybeSignedIn: () => signedIn,
    reevaluate() {
      if (isLocked()) restore();
    },
  });

  const zone = watchTimeZone(deps.clock, (timeZone) => {
    // Asked before anything is read again: the thread answers in turn.
    storage
      .ledger()
      .followTimeZone()
      .catch((error: unknown) =>
        deps.log.warn(`time zone: ${error instanceof Error ? error.message : 'unknown'}`),
      );
    signedIn?.timeZoneChanged();
    deps.send('timeZone:changed', { timeZone });
  });

  let cancelLook = (): void => {};

  /** Takes up the stored sign-in; looks again later, and at `wake`, while the keychain is locked. */
  function restore(wait = LOCKED_MS.first): void {
    cancelLook();
    later(async () => {
      await session.restore();
      if (view.state === 'restoring') setView({ state: 'restoring' });
      await enter();
      if (isLocked()) cancelLook = deps.clock.after(wait, () => restore(Math.min(2 * wait, LOCKED_MS.most)));
    });
  }

  function isLocked(): boolean {
    const now = session.view();
    return !closing && now.state === 'signed_out' && now.ended === 'locked';
  }

  restore();

  async function end(): Promise<void> {
    closing = true;
    cancelLook();
    zone.close();
    pause.close();
    cancelReentry();
    // Not in turn: a sign-in that waits for its server is ended by closing the session, which must come second,
    // because a stream that finds no credentials would take the session for dead.
    const checked = serverCheck.close();
    await stopFollowing();
    await session.close();
    await checked;
    await turns.settled();
    // One that was being entered meanwhile.
    await stopFollowing();
    await settings.settled();
    await storage.close();
  }

  return {
    handle: (channel, argument) => callHandler(handlers, channel, argument),
    wake(why) {
      states.add({ phase: 'awake' });
      zone.look();
      pause.follow(settings.current().pausedUntil);
      signedIn?.wake(why);
      if (isLocked()) restore();
    },
    sleep: () => states.add({ phase: 'asleep' }),
    windowGone() {
      windowReady = false;
      serverCheck.cancel();
      signedIn?.feed.windowGone();
    },
    showContract(contractId, byLink) {
      contractToShow = { contractId, byLink };
      showPending();
    },
    get storage() {
      return storage.problem();
    },
    async close() {
      let cancel = (): void => {};
      const tooLong = new Promise<void>((resolve) => {
        cancel = deps.clock.after(CLOSE_MS, resolve);
      });
      await Promise.race([end(), tooLong]);
      cancel();
    },
  };
};
