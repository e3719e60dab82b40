import { lookup } from 'node:dns/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { stdin, stdout, stderr } from 'node:process';
import { parseArgs } from 'node:util';
import type { Credentials } from '../electron/check-server/access.ts';
import { checkServer, hasFaults, type CheckReport } from '../electron/check-server/check-server.ts';
import { stepOf, weightOf } from '../protocol/findings.ts';
import type { ReadEvent } from '../electron/check-server/judge-events.ts';
import { formatCount, formatFinding, printable } from '../electron/check-server/report-text.ts';
import { sayFinding } from '../electron/check-server/words.ts';
import { systemClock } from '../electron/ports/clock.ts';
import { createNodeHttp } from '../electron/ports/node-http.ts';
import { readProfile, type ServerProfile } from '../protocol/profile/profile.ts';

export const HELP = `Usage: npm run check-server -- URL [flags]

Looks at a server as the app would use it, and says step by step what was seen, what that means for the person who uses the
app, and what the backend's author should change. Beside sign-in and sign-out it writes nothing to the server.
URL is the server's address, or the stream's own.

  --profile FILE        a server profile (docs/server-profiles.md)
  --key                 sign in by an API key; it is taken from CHECK_SERVER_KEY, or asked for
  --key-header NAME     the header the key goes into (default X-API-Key); Authorization for a bearer token
  --password            sign in by name and password; it is taken from CHECK_SERVER_PASSWORD, or asked for
  --user NAME           the user's name with --password, else the user's id
  --seconds N           how long to listen at most, 1 to 3600 (default 35)
  --try-acknowledge     sends an acknowledgement of no event, to see whether such are taken
  --json                one JSON object in place of words
  --write-profile FILE  writes the profile that the events suggest
  --help                this text

Exit code: 0 no fault found, 1 faults found, 2 the command is wrong or the check itself failed.
It takes N + 60 s at most, and 20 s more for each of sign-in and sign-out.
A company's own certificate authority: NODE_EXTRA_CA_CERTS=FILE.`;

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string }
  | {
      readonly kind: 'check';
      readonly address: string;
      readonly profile: ServerProfile | null;
      readonly signIn: 'key' | 'password' | 'none';
      readonly header: string;
      readonly user: string;
      readonly ms: number;
      readonly tryAcknowledge: boolean;
      readonly json: boolean;
      readonly writeProfile: string | null;
    };

const FLAGS = {
  profile: { type: 'string' },
  key: { type: 'boolean' },
  'key-header': { type: 'string' },
  password: { type: 'boolean' },
  user: { type: 'string' },
  seconds: { type: 'string' },
  'try-acknowledge': { type: 'boolean' },
  json: { type: 'boolean' },
  'write-profile': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the command line; what is wrong is one message, which never repeats what may be a secret. */
export function parseCommand(argv: readonly string[], readFile: (path: string) => string): Command {
  const wrong = (message: string): Command => ({ kind: 'wrong', message });
  let parsed: ReturnType<typeof parseArgs<{ options: typeof FLAGS; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...argv], options: FLAGS, strict: true, allowPositionals: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return wrong(
      code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE'
        ? 'a flag has a value that it takes none of, or lacks one. A key or password is never given on the command line.'
        : 'there is a flag that is not known.',
    );
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  const [address] = positionals;
  if (address === undefined) return wrong('give the address of the server.');
  if (positionals.length > 1)
    return wrong('give one address. A key or password is never given on the command line.');
  const seconds = Number(values.seconds ?? 35);
  if (!(seconds >= 1 && seconds <= 3600)) return wrong('--seconds is a number from 1 to 3600.');
  const byKey = values.key === true || values['key-header'] !== undefined;
  if (byKey && values.password === true) return wrong('sign in by --key or by --password, not by both.');
  if (values.password === true && (values.user ?? '') === '') return wrong('--password needs --user NAME.');
  let profile: ServerProfile | null = null;
  if (values.profile !== undefined) {
    let text: string;
    try {
      text = readFile(values.profile);
    } catch {
      return wrong(`the profile ${values.profile} cannot be read.`);
    }
    const read = readProfile(text);
    if (!read.ok) return wrong(`${values.profile} is no profile: ${read.reason}`);
    profile = read.value;
  }
  return {
    kind: 'check',
    address,
    profile,
    signIn: byKey ? 'key' : values.password === true ? 'password' : 'none',
    header: values['key-header'] ?? 'X-API-Key',
    user: values.user ?? '',
    ms: seconds * 1000,
    tryAcknowledge: values['try-acknowledge'] ?? false,
    json: values.json ?? false,
    writeProfile: values['write-profile'] ?? null,
  };
}

/** An event RAW, and as the app would show it. */
export function formatEvent({ id, name, data, change }: ReadEvent): string {
  const raw = `  RAW    id ${id ?? '(none)'}, event ${name === 'message' ? '(no name)' : name}: ${data.slice(0, 400)}`;
  if (change === null) return printable(raw);
  if (!change.ok) return `${printable(raw)}\n${printable(`  → set aside: ${change.reason}`)}`;
  const { contract, change: step, severity } = change.value.data;
  const row = `  → ${contract.id} “${contract.title}”: ${step.from ?? '…'} → ${step.to} (${severity})`;
  return `${printable(raw)}\n${printable(row)}`;
}

export function toJson(report: CheckReport): string {
  const { proposal, ...rest } = report;
  const findings = report.findings.map((finding) => ({
    step: stepOf(finding),
    weight: weightOf(finding),
    ...finding,
    ...sayFinding(finding),
  }));
  return JSON.stringify(
    { faults: hasFaults(report), ...rest, proposed: proposal?.profile ?? null, findings },
    null,
    2,
  );
}

export function formatEnd(report: CheckReport): string {
  const lines: string[] = [];
  if (report.events.length > 0)
    lines.push('', 'The first events, and what the app makes of them:', ...report.events.map(formatEvent));
  if (report.proposal !== null)
    lines.push('', 'Proposed profile:', JSON.stringify(report.proposal.profile, null, 2));
  const faults = report.findings.filter((finding) => weightOf(finding) === 'fault').length;
  lines.push('', formatCount(faults));
  return lines.join('\n');
}

/** What is typed is not shown; from a pipe a line is read. */
async function ask(question: string): Promise<string> {
  stderr.write(question);
  const isTerminal = stdin.isTTY;
  if (isTerminal) stdin.setRawMode(true);
  let typed = '';
  try {
    for await (const chunk of stdin) {
      for (const character of String(chunk)) {
        if (character === '\u0003') process.exit(130);
        if (character === '\r' || character === '\n') return typed;
        typed = character === '\u007f' || character === '\b' ? typed.slice(0, -1) : typed + character;
      }
    }
    return typed;
  } finally {
    if (isTerminal) stdin.setRawMode(false);
    stdin.destroy();
    stderr.write('\n');
  }
}

async function readCredentials(command: Extract<Command, { kind: 'check' }>): Promise<Credentials> {
  const { signIn, user, header } = command;
  if (signIn === 'none') return { kind: 'none', userId: user };
  if (signIn === 'password')
    return {
      kind: 'password',
      username: user,
      password: process.env['CHECK_SERVER_PASSWORD'] ?? (await ask(`Password of ${user}: `)),
    };
  const value = process.env['CHECK_SERVER_KEY'] ?? (await ask(`Key for the header ${header}: `));
  return { kind: 'key', key: { header, value }, userId: user };
}

async function run(): Promise<number> {
  const command = parseCommand(process.argv.slice(2), (path) => readFileSync(path, 'utf8'));
  if (command.kind === 'help') {
    console.log(HELP);
    return 0;
  }
  if (command.kind === 'wrong') {
    console.error(`check-server: ${command.message}\nSee: npm run check-server -- --help`);
    return 2;
  }
  const credentials = await readCredentials(command);
  const http = createNodeHttp();
  const report = await checkServer({
    address: command.address,
    credentials,
    profile: command.profile,
    http,
    clock: systemClock,
    random: Math.random,
    ms: command.ms,
    tryAcknowledge: command.tryAcknowledge,
    lookUp: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    ...(command.json ? null : { onFinding: (finding) => console.log(formatFinding(finding)) }),
  });
  http.close();
  if (command.writeProfile !== null) {
    if (report.proposal === null) console.error('check-server: no profile was written: none is proposed.');
    else writeFileSync(command.writeProfile, `${JSON.stringify(report.proposal.profile, null, 2)}\n`);
  }
  stdout.write(`${command.json ? toJson(report) : formatEnd(report)}\n`);
  return hasFaults(report) ? 1 : 0;
}

if (import.meta.main) {
  try {
    process.exitCode = await run();
  } catch (error) {
    console.error(`check-server: ${error instanceof Error ? error.message : 'failed'}`);
    process.exitCode = 2;
  }
}
