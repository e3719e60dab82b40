/**
 * Chromium's switches that a package obeys: where its data lies, how it is drawn, by which proxy it goes. Every other one is taken
 * back, among them those by which another program on this computer could steer the app (`--remote-debugging-port`), make it trust
 * any certificate (`--ignore-certificate-errors`), name another machine as the server (`--host-resolver-rules`), or write down what
 * it sends (`--ssl-key-log-file`, `--log-net-log`). `--no-sandbox` was obeyed before any code of ours: to take it back would change nothing.
 */
const OBEYED: ReadonlySet<string> = new Set([
  'user-data-dir',
  // Our own: start-options.ts.
  'hidden',
  'no-sandbox',
  'disable-gpu',
  'disable-dev-shm-usage',
  'force-device-scale-factor',
  'force-renderer-accessibility',
  'lang',
  'ozone-platform',
  'ozone-platform-hint',
  'enable-wayland-ime',
  'password-store',
  'proxy-server',
  'proxy-pac-url',
  'proxy-bypass-list',
  'proxy-auto-detect',
  'no-proxy-server',
]);

/** Names of the switches on a command line that a package does not obey, as Chromium reads it: `--` ends them; Windows has `/` as well. */
export function refusedSwitches(argv: readonly string[], platform: string): readonly string[] {
  const begins = platform === 'win32' ? /^(?:--?|\/)([^=]+)/ : /^--?([^=]+)/;
  const end = argv.indexOf('--');
  const names = argv
    .slice(1, end === -1 ? undefined : end)
    .flatMap((argument) => begins.exec(argument)?.[1] ?? [])
    .map((name) => (platform === 'win32' ? name.toLowerCase() : name));
  return [...new Set(names)].filter((name) => !OBEYED.has(name));
}
