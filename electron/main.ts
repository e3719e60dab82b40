import { app, clipboard, nativeTheme, net, session } from 'electron';
import { createCore } from './app/core.ts';
import { systemClock } from './ports/clock.ts';
import { readsMarkup } from './ports/session-bus.ts';
import { languageOf } from './settings/meaning.ts';
import { peekSettings } from './settings/settings-file.ts';
import { createConfirm } from './shell/confirm.ts';
import { createBadge } from './shell/badge.ts';
import { signInDemo } from './shell/demo-sign-in.ts';
import { makeBadgeDot, makeWindowIcon } from './shell/icons.ts';
import { serveRequests } from './shell/ipc.ts';
import { createFileDialogs } from './shell/file-dialogs.ts';
import { createFirstLook } from './shell/first-look.ts';
import { failStart, handleCrash, handleEnd, handleFaults } from './shell/lifecycle.ts';
import { openLogFile } from './shell/log-file.ts';
import { createLoginStart, wasStartedAtLogin } from './shell/login-start.ts';
import { describeMachine } from './shell/machine.ts';
import { setMenu } from './shell/menu.ts';
import { createNetHttp } from './shell/net-http.ts';
import { isTestRuntime } from './shell/test-runtime.ts';
import { refusedSwitches, refuseVariables } from './shell/switches.ts';
import { choosePaths } from './shell/paths.ts';
import { watchPower } from './shell/power.ts';
import { lookUpHost } from './shell/look-up.ts';
import { createOpenExternal } from './shell/open-external.ts';
import { createProgress } from './shell/progress.ts';
import { registerScheme } from './shell/scheme.ts';
import { lockDown } from './shell/security.ts';
import {
  claimLinks,
  collectLaterStarts,
  restartApp,
  startAgainWith,
  takeSingleInstance,
} from './shell/single-instance.ts';
import { boundArguments, readStartOptions } from './shell/start-options.ts';
import { createStay } from './shell/stay.ts';
import { nextTextScale } from './shell/text-scale.ts';
import { createToasts } from './shell/toasts.ts';
import { createTray } from './shell/tray.ts';
import { createTrayReach } from './shell/tray-menu.ts';
import { openVault } from './shell/vault.ts';
import { createWindowHost } from './shell/window.ts';
import { chooseWords } from './shell/words.ts';

// Nothing here may await before `ready`: Electron would hold `ready` back until it is done.
const start = readStartOptions(process.env, process.argv, app.isPackaged);
const paths = choosePaths(start);
const log = openLogFile(paths.logs);
const systemLocale = app.getPreferredSystemLanguages()[0] ?? 'en';
let settings = peekSettings(paths.settings);
let words = chooseWords(languageOf(settings, systemLocale));
const progress = createProgress(
  log,
  start.tellsProgress ? (line) => process.stdout.write(`${line}\n`) : null,
);

if (app.isPackaged) {
  // Before `ready`, when Chromium begins to act by them.
  for (const name of refusedSwitches(process.argv, process.platform)) {
    if (!app.commandLine.hasSwitch(name)) continue;
    app.commandLine.removeSwitch(name);
    log.warn(`a switch was not obeyed: ${name}`);
  }
  for (const name of refuseVariables(process.env)) log.warn(`a variable was not obeyed: ${name}`);
}
handleFaults(log);
registerScheme();
lockDown(log);
const onLaterStart = collectLaterStarts();
const { kept, left } = boundArguments(process.argv);
if (left.length > 0) {
  for (const length of left) log.warn(`an argument of ${length} characters was left out`);
  log.flush();
  startAgainWith(kept.slice(1));
} else if (takeSingleInstance(start)) {
  app
    .whenReady()
    .then(run)
    .catch((error: unknown) => failStart(error, log, words));
} else {
  progress.tell('already running: its window was brought to the front');
  app.exit(0);
}

async function run(): Promise<void> {
  claimLinks();
  nativeTheme.themeSource = settings.theme;
  const firstLook = createFirstLook();
  const stay = createStay({
    // On macOS an app stays in the Dock without its window.
    wants: () => settings.stayInTray && process.platform !== 'darwin',
    hasTray: () => tray.isThere(),
    explain: () => toasts.show({ tag: 'stays', ...words.stays, contractId: null, urgent: false }),
    explainedPath: paths.trayExplained,
  });
  app.on('before-quit', stay.end);
  const window = createWindowHost({
    renderer: paths.renderer,
    preload: paths.preload,
    statePath: paths.windowState,
    devUrl: start.devUrl,
    icon: makeWindowIcon(),
    progress,
    onClose: stay.onClose,
    words: () => words,
    onShown: firstLook.shown,
    onGone: () => void coming.then((core) => core.windowGone()),
    onCrash: (broken, again) => handleCrash(broken, again, words),
  });
  const show = (contractId: string | null, byLink: boolean): void => {
    window.open();
    if (contractId !== null)
      window.whenReading(() => void coming.then((core) => core.showContract(contractId, byLink)));
  };
  const toasts = createToasts({
    log,
    readsMarkup: readsMarkup(process.env['DBUS_SESSION_BUS_ADDRESS']),
    onClick: (contractId) => show(contractId, false),
    onRefused: (refused) => window.send('notifications:changed', { refused }),
  });
  const tray = createTray({
    icon: makeWindowIcon(),
    words,
    log,
    open: () => show(null, false),
    quit: () => app.quit(),
    pause: (pausedUntil) => void coming.then((core) => core.handle('settings:change', { pausedUntil })),
  });
  const reach = createTrayReach(tray.showReach);
  const badge = createBadge(window.current, makeBadgeDot());
  const nameMenu = (): void =>
    setMenu(words, {
      copySupport: () => void coming.then((core) => core.handle('app:copyDiagnostics', undefined)),
      command: (command) => window.send('window:command', { command }),
      scaleText(direction) {
        const textScale = direction === null ? 100 : nextTextScale(settings.textScale, direction);
        void coming.then((core) => core.handle('settings:change', { textScale }));
      },
    });

  const startAtLogin = createLoginStart(
    log,
    () => void coming.then((core) => core.handle('settings:change', { startAtLogin: false })),
  );

  const coming = createCore({
    createHttp: () => createNetHttp(`ContractPulse/${app.getVersion()}`),
    vault: openVault(paths.vault, log, firstLook.over),
    clock: systemClock,
    random: Math.random,
    log,
    ledgerPath: paths.ledger,
    workerUrl: paths.workerUrl,
    settingsPath: paths.settings,
    appVersion: app.getVersion(),
    platform: process.platform,
    systemLocale,
    suggestedServer: start.suggestedServer,
    send(channel, message) {
      window.send(channel, message);
      reach.note(channel, message);
    },
    showToast: toasts.show,
    testNotification: toasts.test,
    notificationsRefused: toasts.isRefused,
    withdrawToasts: toasts.withdraw,
    showBadge(count, untold) {
      badge(count);
      tray.showCount(count, untold);
    },
    isInFront: window.isInFront,
    isOnline: () => net.isOnline(),
    copyText: async (text) => clipboard.writeText(text),
    restart: restartApp,
    applySettings(applied) {
      settings = applied;
      nativeTheme.themeSource = applied.theme;
      startAtLogin(applied.startAtLogin);
      tray.showPause(applied.pausedUntil);
      const chosen = chooseWords(languageOf(applied, systemLocale));
      if (chosen === words) return;
      words = chosen;
      nameMenu();
      tray.setWords(words);
    },
    openExternal: createOpenExternal(log, isTestRuntime(process.versions.electron)),
    ...createFileDialogs(window.current, () => words),
    lookUp: lookUpHost,
    confirm: createConfirm(window.current, () => words),
    loopbackOnly: isTestRuntime(process.versions.electron),
    async eraseTraces() {
      toasts.withdraw('all');
      await Promise.all([log.erase(), session.defaultSession.clearStorageData()]);
    },
    describeMachine,
    transports: ['sse', 'long_poll'],
  });

  serveRequests({
    async handle(channel, argument) {
      const answer = await (await coming).handle(channel, argument);
      if (channel === 'app:bootstrap') firstLook.told();
      return answer;
    },
    isTrusted: window.isTrusted,
    onReading: window.noteReading,
    log,
  });
  nameMenu();
  const stopPower = watchPower({
    wake: (why) => void coming.then((core) => core.wake(why)),
    sleep: () => void coming.then((core) => core.sleep()),
  });
  handleEnd(async () => {
    stopPower();
    toasts.withdraw('all');
    await (await coming).close();
  }, log);
  if (!wasStartedAtLogin(start)) show(start.contractId, true);
  else if (await tray.isThere()) {
    // Nobody looks: the keychain need not wait for a window.
    firstLook.shown();
    firstLook.told();
  } else window.openMinimized();
  onLaterStart((contractId) => show(contractId, true));
  await signInDemo(await coming, start, progress);
}
