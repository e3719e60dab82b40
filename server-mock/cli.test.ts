import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { HELP, parseCommand } from './cli-options.ts';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));
const started: ChildProcess[] = [];

function start(...args: string[]) {
  // The runner may itself run on another Node; `node` on the path is the one that runs scripts.
  const child = spawn('node', [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let output = '';
  let errors = '';
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const watch of watchers) watch();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return {
    child,
    output: () => output,
    errors: () => errors,
    exit: new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code))),
    line: (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no line ${pattern}: ${output}${errors}`)), 60_000);
        function watch(): void {
          const match = pattern.exec(output);
          if (!match) return;
          clearTimeout(timer);
          watchers.delete(watch);
          resolve(match);
        }
        watchers.add(watch);
        watch();
      }),
  };
}

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

describe('the command', () => {
  it('says where it listens and who may sign in, tells what happens, and ends at SIGTERM', async () => {
    const run = start('--port', '0', '--control', '--users', '3', '--rate', '0');
    const [, url] = await run.line(/^server-mock listening on (http:\/\/127\.0\.0\.1:\d+)$/m);
    await run.line(/^demo user: anna \/ anna-demo \(Анна Петрова\)$/m);
    await run.line(/^demo user: clara \/ clara-demo \(Clara Weiss\)$/m);
    const [, token] = await run.line(/^control interface: POST http.*\/control, x-control-token: (\S+)$/m);
    const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const login = await post('/api/login', { username: 'anna', password: 'anna-demo' });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const abort = new AbortController();
    await fetch(`${url}/api/events`, {
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: 'text/event-stream',
        'last-event-id': 'e1-00000000003',
      },
      signal: abort.signal,
    });
    await run.line(/^stream opened: u42, sse, Last-Event-ID "e1-00000000003"$/m);
    abort.abort();
    await run.line(/^stream closed: u42$/m);
    await post(
      '/control',
      { call: 'setFaults', args: [[{ kind: 'delay', ms: 1 }]] },
      { 'x-control-token': token ?? '' },
    );
    await run.line(/^faults in force: delay$/m);
    expect(run.output()).not.toContain(accessToken);
    run.child.kill('SIGTERM');
    expect(await run.exit).toBe(0);
    expect(run.errors()).toBe('');
  });

  it('ends at SIGINT with streams open', async () => {
    const run = start('--port', '0', '--rate', '50', '--api-key', 'key=anna');
    const [, url] = await run.line(/listening on (\S+)$/m);
    const stream = await fetch(`${url}/api/events`, { headers: { 'x-api-key': 'key' } });
    run.child.kill('SIGINT');
    await expect(stream.text()).rejects.toThrow('terminated');
    expect(await run.exit).toBe(0);
  });

  it('ends when told as soon as its first line is out', async () => {
    const run = start('--port', '0');
    await run.line(/listening on/);
    run.child.kill('SIGINT');
    expect(await run.exit).toBe(0);
  });

  it('says that its port is in use', async () => {
    const first = start('--port', '0', '--rate', '0');
    const [, port = ''] = await first.line(/listening on http:\/\/127\.0\.0\.1:(\d+)/);
    const second = start('--port', port);
    expect(await second.exit).toBe(1);
    expect(second.errors()).toBe(
      `server-mock: Port ${port} is in use. Choose another with --port, or --port 0 for a free one.\n`,
    );
  });

  it('exits with 2 and one clear message for a wrong flag, and with 0 for help', async () => {
    const wrong = start('--fault', 'explode');
    expect(await wrong.exit).toBe(2);
    expect(wrong.errors()).toContain('server-mock: --fault there is no fault "explode". Possible are:');
    expect(wrong.output()).toBe('');
    const help = start('--help');
    expect(await help.exit).toBe(0);
    expect(help.output()).toBe(`${HELP}\n`);
  });
});

describe('the command line', () => {
  it('has defaults that make a living server', () => {
    const command = parseCommand([]);
    expect(command).toMatchObject({
      kind: 'run',
      options: { port: 4000, seed: 1, ratePerS: 0.5, contracts: 20, backlog: 200, heartbeatMs: 15_000 },
    });
  });

  it('reads every flag', () => {
    const flags =
      '--port 0 --seed 7 --rate 2.5 --contracts 3 --users 4 --backlog 5 --heartbeat 200 --retention 50 ' +
      '--history-end 2026-03-01T00:00:00Z --fault drop:0.1 --fault delay:5 --foreign --tls --control ' +
      '--allow-origin http://127.0.0.1:5173 --api-key secret=ben';
    const command = parseCommand(flags.split(' '));
    expect(command.kind === 'run' && { ...command.options, users: command.options.users?.length }).toEqual({
      port: 0,
      seed: 7,
      ratePerS: 2.5,
      contracts: 3,
      users: 4,
      backlog: 5,
      heartbeatMs: 200,
      retention: 50,
      historyEnd: Date.UTC(2026, 2, 1),
      faults: [
        { kind: 'drop', probability: 0.1 },
        { kind: 'delay', ms: 5 },
      ],
      foreign: true,
      tls: true,
      controlInterface: true,
      allowedOrigins: ['http://127.0.0.1:5173'],
      apiKeys: { secret: 'u7' },
    });
  });

  it.each([
    ['--prot 5', "Unknown option '--prot'"],
    ['5000', "Unexpected argument '5000'"],
    ['--port', "Option '--port <value>' argument missing"],
    ['--port 70000', '--port must be a whole number from 0 to 65535, not "70000".'],
    ['--port 4e3x', '--port must be a whole number'],
    ['--seed 1.5', '--seed must be a whole number'],
    ['--rate fast', '--rate must be a number from 0 to 100000, not "fast".'],
    ['--rate=-1', '--rate must be a number'],
    ['--users 0', '--users must be a whole number from 1'],
    ['--heartbeat 1', '--heartbeat must be a whole number from 10'],
    ['--history-end yesterday', '--history-end must be "now" or a time'],
    ['--allow-origin example.com', '--allow-origin must be an origin'],
    ['--allow-origin http://example.com/', '--allow-origin must be an origin'],
    ['--api-key secret', '--api-key must be KEY=USER with one of the users anna, ben'],
    ['--fault drop:2', '--fault "drop:2": probability: '],
    ['--tls=yes', "Option '--tls' does not take an argument"],
  ])('%s is refused', (text, message) => {
    const command = parseCommand(text.split(' '));
    expect(command.kind === 'wrong' ? command.message : command.kind).toContain(message);
  });
});
