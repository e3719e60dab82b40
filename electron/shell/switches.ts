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

/**
 * Names of the switches that may be on a command line and that a package does not obey. Chromium takes white space off each argument
 * before it looks for a switch (base/command_line.cc, AppendSwitchesAndArguments), and on Windows `/` begins one as well. What comes
 * after `--` is no switch to it, but to take back one that is not there does no harm.
 */
export function refusedSwitches(argv: readonly string[], platform: string): readonly string[] {
  const begins = platform === 'win32' ? /^\s*(?:--?|\/)([^-=][^=]*)/ : /^\s*--?([^-=][^=]*)/;
  const names = argv
    .slice(1)
    .flatMap((argument) => begins.exec(argument)?.[1]?.trimEnd() ?? [])
    .map((name) => (platform === 'win32' ? name.toLowerCase() : name));
  return [...new Set(names)].filter((name) => !OBEYED.has(name));
}

/** What Chromium writes the keys of all connections to, for whoever then reads what goes over them; as `--ssl-key-log-file`. */
const REFUSED_VARIABLES = ['SSLKEYLOGFILE'] as const;

/** Takes from a package's environment what would give away what it sends, before Chromium reads it; the names of what was there. */
export function refuseVariables(env: Record<string, string | undefined>): readonly string[] {
  return REFUSED_VARIABLES.filter((name) => {
    const isThere = env[name] !== undefined;
    delete env[name];
    return isThere;
  });
}
