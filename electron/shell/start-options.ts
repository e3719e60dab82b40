/** What one start of the app was asked for, beyond its ordinary way. */
export interface StartOptions {
  /** Where data is kept instead of the system's place; null for that place. */
  readonly userData: string | null;
  /** The window comes from this development server instead of the built files. */
  readonly devUrl: string | null;
  /** Prefilled at sign-in; '' for none. */
  readonly suggestedServer: string;
  /** Signs in by itself, with a demo server's user. */
  readonly demo: { readonly username: string; readonly password: string } | null;
  /** The contract to show once the window is there. */
  readonly contractId: string | null;
  /** Started by the system at sign-in: out of sight. */
  readonly hidden: boolean;
  /** Whether progress is told on standard output. */
  readonly tellsProgress: boolean;
}

export const HIDDEN_SWITCH = '--hidden';
const LINK_SCHEME = 'contract-pulse:';
const MAX_CONTRACT_ID = 500;

/**
 * The contract that `contract-pulse://contract/ID` (ID percent-encoded) names; null for anything else. Links come from anywhere, so
 * a malformed one is nothing.
 */
export function readContractLink(text: string): string | null {
  if (!text.startsWith(`${LINK_SCHEME}//contract/`) || !URL.canParse(text)) return null;
  const encoded = new URL(text).pathname.slice(1);
  try {
    const id = decodeURIComponent(encoded);
    return id.length > 0 && id.length <= MAX_CONTRACT_ID ? id : null;
  } catch {
    return null;
  }
}

/** The first contract link on a command line. */
export function findContractLink(argv: readonly string[]): string | null {
  for (const argument of argv) {
    const id = readContractLink(argument);
    if (id !== null) return id;
  }
  return null;
}

/** Far below the 32 KiB at which Chromium's message to the running instance breaks. Bytes, of all arguments together. */
const MAX_ARGUMENTS = 16_384;

/**
 * The command line without its longest arguments, where it is too long to be handed to the running instance: Chromium takes an instance
 * that does not answer such a message for dead, and kills it (chrome/browser/process_singleton_posix.cc). `left` holds the lengths of
 * what was left out. The first argument is the program.
 */
export function boundArguments(argv: readonly string[]): {
  readonly kept: readonly string[];
  readonly left: readonly number[];
} {
  const size = (argument: string): number => Buffer.byteLength(argument) + 1;
  let total = argv.reduce((sum, argument) => sum + size(argument), 0);
  const left = new Set<number>();
  const longestFirst = argv.map((_, index) => index).slice(1);
  longestFirst.sort((a, b) => size(argv[b] ?? '') - size(argv[a] ?? ''));
  for (const index of longestFirst) {
    if (total <= MAX_ARGUMENTS) break;
    total -= size(argv[index] ?? '');
    left.add(index);
  }
  return {
    kept: argv.filter((_, index) => !left.has(index)),
    left: [...left].map((index) => argv[index]?.length ?? 0),
  };
}

/** The value of `--name=value`, as Chromium writes its switches. */
function readSwitch(argv: readonly string[], name: string): string | null {
  const prefix = `--${name}=`;
  const found = argv.findLast((argument) => argument.startsWith(prefix));
  return found === undefined || found.length === prefix.length ? null : found.slice(prefix.length);
}

/** Only loopback: a development server elsewhere would be a remote page with our preload. */
function readDevUrl(text: string | undefined): string | null {
  if (text === undefined || !URL.canParse(text)) return null;
  const { protocol, hostname, origin } = new URL(text);
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return protocol === 'http:' && isLoopback ? origin : null;
}

/**
 * Reads environment and command line. A packaged app takes nothing from the environment: whoever can set it for the user could
 * otherwise point the window at a page of theirs.
 */
export function readStartOptions(
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
  isPackaged: boolean,
): StartOptions {
  const userData = readSwitch(argv, 'user-data-dir');
  const contractId = findContractLink(argv);
  const hidden = argv.includes(HIDDEN_SWITCH) && contractId === null;
  if (isPackaged) {
    return {
      userData,
      devUrl: null,
      suggestedServer: '',
      demo: null,
      contractId,
      hidden,
      tellsProgress: false,
    };
  }
  const username = env['CONTRACT_PULSE_DEMO_USER'];
  const password = env['CONTRACT_PULSE_DEMO_PASSWORD'];
  const suggestedServer = env['CONTRACT_PULSE_SERVER'] ?? '';
  const canSignIn = suggestedServer !== '' && username !== undefined && password !== undefined;
  return {
    userData: userData ?? (env['CONTRACT_PULSE_USER_DATA'] || null),
    devUrl: readDevUrl(env['CONTRACT_PULSE_DEV_URL']),
    suggestedServer,
    demo: canSignIn ? { username, password } : null,
    contractId,
    hidden,
    tellsProgress: true,
  };
}
