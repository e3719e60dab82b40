import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { run, spawnLeashed, waitForEnd } from './processes.ts';

const PATIENTLY = { timeout: 60_000 };

/** True while a process with this id exists and is not a zombie. */
async function isAlive(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text !== '' && text.slice(text.lastIndexOf(')') + 2)[0] !== 'Z';
}

async function readLine(stream: NodeJS.ReadableStream | null): Promise<string> {
  if (stream === null) throw new Error('no stream');
  for await (const chunk of stream) return String(chunk).trim();
  throw new Error('ended without a line');
}

describe('run', () => {
  it('collects output and exit code', async () => {
    const done = await run('/bin/sh', ['-c', 'echo out; echo err >&2; exit 3']);
    expect(done).toEqual({ code: 3, signal: null, stdout: 'out\n', stderr: 'err\n' });
  });

  it('answers 127 for a program that is not there', async () => {
    expect(await run('/no/such/program', [])).toMatchObject({ code: 127 });
  });
});

describe.runIf(process.platform === 'linux')('a leashed process', () => {
  it('passes its exit code on, also after a signal it handles', async () => {
    const { child, stop } = spawnLeashed(
      '/bin/sh',
      ['-c', 'trap "exit 7" TERM; echo ready; while :; do sleep 0.05; done'],
      {},
    );
    await readLine(child.stdout);
    await stop();
    expect(await waitForEnd(child)).toEqual({ code: 7, signal: null });
  });

  it('is stopped with everything it started', async () => {
    const { child, stop } = spawnLeashed('/bin/sh', ['-c', 'sleep 300 & echo $!; wait'], {});
    const grandchild = Number(await readLine(child.stdout));
    expect(await isAlive(grandchild)).toBe(true);
    await Promise.all([stop(), stop()]);
    await vi.waitFor(async () => expect(await isAlive(grandchild)).toBe(false), PATIENTLY);
  });

  it.each([
    ['process', 'helper went on\n'],
    ['group', ''],
  ] as const)('hands SIGTERM to the %s', async (reach, expected) => {
    // The helper says so when it outlives the signal; the process waits for it before it ends. A signal between the helper's
    // fork and its own trap would be lost: only it can say that it is ready.
    const helper = `trap 'exit 1' TERM; echo ready; i=0; while [ $i -lt 10 ]; do sleep 0.03; i=$((i+1)); done; echo helper went on`;
    const main = `trap : TERM; /bin/sh -c "$1" & wait; wait; exit 0`;
    const { child, stop } = spawnLeashed('/bin/sh', ['-c', main, 'sh', helper], { reach });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    await vi.waitFor(() => expect(said).toBe('ready\n'), PATIENTLY);
    // Its last words may still be on their way when it has ended.
    const closed = once(child, 'close');
    await Promise.all([stop(), closed]);
    expect(said).toBe(`ready\n${expected}`);
  });

  it('is killed when it does not listen', async () => {
    const stubborn = "trap '' TERM; echo ready; while :; do sleep 0.05; done";
    const { child, stop } = spawnLeashed('/bin/sh', ['-c', stubborn], { graceMs: 300 });
    await readLine(child.stdout);
    await stop();
    expect((await waitForEnd(child)).signal).toBe('SIGKILL');
  });

  it('ends when its starter is killed', async () => {
    const module = fileURLToPath(new URL('./processes.ts', import.meta.url));
    const code = `const { spawnLeashed } = await import(${JSON.stringify(module)});
      const { child } = spawnLeashed('/bin/sh', ['-c', 'echo $$; exec sleep 300'], { stdio: ['inherit', 'inherit'] });
      await new Promise(() => child.on('exit', () => {}));`;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(await readLine(starter.stdout));
    expect(await isAlive(pid)).toBe(true);
    starter.kill('SIGKILL');
    await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), PATIENTLY);
  });
});
