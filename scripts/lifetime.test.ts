import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { onLine, waitForEnd } from './processes.ts';

const MODULE = fileURLToPath(new URL('./lifetime.ts', import.meta.url));

/** A command that says what it does; `body` is its main. */
const makeCode = (body: string): string =>
  `const { runCommand } = await import(${JSON.stringify(MODULE)});
  await runCommand(async (life) => {
    life.defer(async () => console.log('first stopped'));
    life.defer(async () => console.log('second stopped'));
    console.log('started', process.pid);
    ${body}
  });`;
const WAIT = 'await new Promise(() => setInterval(() => {}, 1000)); return 0;';

interface Command {
  readonly child: ChildProcess;
  readonly lines: string[];
  /** Resolves with the process id once it has started. */
  readonly started: Promise<number>;
}

function launch(body: string, shell: boolean): Command {
  const node = [process.execPath, '--input-type=module', '-e', makeCode(body)];
  const env = { ...process.env, npm_lifecycle_event: 'start' };
  // As npm does: a shell that stays between. `; true` keeps it from replacing itself.
  const [command = '', ...args] = shell ? ['/bin/sh', '-c', '"$@"; true', 'sh', ...node] : node;
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const started = new Promise<number>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      onLine(stream, (line) => {
        lines.push(line);
        if (line.startsWith('started')) resolve(Number(line.split(' ')[1]));
      });
  });
  return { child, lines, started };
}

const closed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => child.once('close', () => resolve()));

describe.runIf(process.platform !== 'win32')('a command', () => {
  it('ends with the code of its main, the last started stopped first', async () => {
    const { child, lines } = launch('return 4;', false);
    await closed(child);
    expect(child.exitCode).toBe(4);
    expect(lines.slice(1)).toEqual(['second stopped', 'first stopped']);
  });

  it('prints what went wrong without a stack and ends with 1', async () => {
    const { child, lines } = launch(`throw new Error('There is no Electron to run.');`, false);
    await closed(child);
    expect(child.exitCode).toBe(1);
    expect(lines).toContain('There is no Electron to run.');
    expect(lines).toHaveLength(4);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('stops what it started on %s and ends with %i', async (signal, code) => {
    const { child, lines, started } = launch(WAIT, false);
    await started;
    const end = closed(child);
    child.kill(signal);
    child.kill(signal);
    await end;
    expect((await waitForEnd(child)).code).toBe(code);
    expect(lines.slice(1)).toEqual(['second stopped', 'first stopped']);
  });

  it('ends when the shell that npm started it in is killed', async () => {
    const { child, lines, started } = launch(WAIT, true);
    await started;
    // The pipes close only when the command itself is gone.
    const end = closed(child);
    child.kill('SIGTERM');
    await end;
    expect(lines.slice(1)).toEqual(['second stopped', 'first stopped']);
  });
});
