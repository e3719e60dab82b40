import { app, BrowserWindow, session, type WebContents } from 'electron';
import { Worker } from 'node:worker_threads';
import { parsePosition } from '../../protocol/cursor.ts';
import type { ConnectionStatus } from '../../protocol/connection.ts';
import type { SessionView } from '../../protocol/ipc.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import { answerParent } from '../harness/child.ts';
import {
  API_KEY,
  now,
  type Answered,
  type Counted,
  type DriverRequest,
  type Durable,
  type MarkName,
  type Marks,
} from './protocol.ts';
import { COUNT_LINE, INPUT_LINE, installProbe, ROW_LINE } from './probe.ts';

/**
 * An Electron under measurement: the built app as it is, or one window with a page of a peer (BENCH_PAGE). It watches from outside
 * what goes to the window and what the ledger's thread answers, and puts a probe into the page. No debugger is attached.
 */

/** Of each kind, the newest ones. */
const MAX_NOTED = 20_000;
const marks: Marks = { driver: now() };
const completeAt = new Map<string, number>();
const durable: Durable[] = [];
const waiting = new Set<() => void>();
let contents: WebContents | null = null;

function changed(): void {
  for (const check of waiting) check();
}

function mark(name: MarkName, at = now()): void {
  if (marks[name] !== undefined) return;
  marks[name] = at;
  changed();
}

function until(find: () => number | undefined): Promise<number> {
  return new Promise((resolve) => {
    function check(): void {
      const found = find();
      if (found === undefined) return;
      waiting.delete(check);
      resolve(found);
    }
    waiting.add(check);
    check();
  });
}

/** What the product sends to its window. */
function observe(channel: string, message: unknown): void {
  if (channel === 'session:changed' && (message as SessionView).state === 'signed_in') mark('signed in');
  if (channel === 'connection:changed' && (message as ConnectionStatus).state.phase === 'live') mark('live');
  if (channel !== 'receipt:changed') return;
  const { verdict, upToId } = message as Receipt;
  if (verdict !== 'complete' || upToId === null) return;
  mark('complete');
  if (!completeAt.has(upToId)) completeAt.set(upToId, now());
  const [oldest] = completeAt.keys();
  if (completeAt.size > MAX_NOTED && oldest !== undefined) completeAt.delete(oldest);
  changed();
}

/** When the receipt first told of all up to this id or a later one. */
function findComplete(head: string): number | undefined {
  const sequence = (id: string): number => parsePosition(id)?.sequence ?? 0;
  for (const [upToId, at] of completeAt) if (sequence(upToId) >= sequence(head)) return at;
  return undefined;
}

/** What the ledger's thread answers: an append's outcome names the cursor up to which all is stored, a preview's how much is still to come. */
function observeWorkers(): void {
  const emit = Worker.prototype.emit as (this: Worker, name: string | symbol, ...args: unknown[]) => boolean;
  Worker.prototype.emit = function watched(this: Worker, name: string | symbol, ...args: unknown[]): boolean {
    const value = (
      args[0] as { value?: { cursor?: unknown; stored?: unknown; behind?: unknown } } | undefined
    )?.value;
    if (name === 'message' && typeof value?.behind === 'number') mark('previewed');
    if (name === 'message' && typeof value?.cursor === 'string' && typeof value.stored === 'number') {
      durable.push({ cursor: value.cursor, at: now() });
      // What watches must not grow: an hour is asked about its memory.
      if (durable.length > MAX_NOTED) durable.splice(0, MAX_NOTED / 2);
    }
    return emit.call(this, name, ...args);
  };
}

/** Due times of keys that were pressed and not answered yet, oldest first, each with how late it was pressed. */
const pressed: { readonly due: number; readonly late: number }[] = [];
let answers: number[] = [];
let count: Counted = { received: 0, at: now() };
let pressing: NodeJS.Timeout | null = null;

function onPageLine(line: string): void {
  const [word, figure] = line.split(' ');
  if (word === ROW_LINE) {
    // The page's clock and ours differ by what the wall clock has been set meanwhile: nothing, in a benchmark.
    mark('row', Number(figure) - wallOffset());
    // The pointer of a virtual display rests in its middle, over the list, which then keeps its order.
    contents?.sendInputEvent({ type: 'mouseMove', x: 1, y: 1 });
    return;
  }
  if (word === COUNT_LINE) {
    count = { received: Number(figure), at: now() };
    changed();
  }
  if (word !== INPUT_LINE) return;
  const press = pressed.shift();
  if (press !== undefined) answers.push(press.late + Number(figure));
}

function wallOffset(): number {
  return performance.timeOrigin + performance.now() - now();
}

function startInput(everyMs: number): void {
  let due = now() + everyMs;
  answers = [];
  pressed.length = 0;
  pressing = setInterval(() => {
    pressed.push({ due, late: Math.max(0, now() - due) });
    due = now() + everyMs;
    contents?.sendInputEvent({ type: 'keyDown', keyCode: 'F15' });
    contents?.sendInputEvent({ type: 'keyUp', keyCode: 'F15' });
  }, everyMs);
}

async function endInput(): Promise<Answered> {
  if (pressing !== null) clearInterval(pressing);
  // The last ones may be on their way.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const rest = pressed.splice(0).map(({ due }) => now() - due);
  return { answers: [...answers, ...rest], unanswered: rest.length };
}

function page(): WebContents {
  if (contents === null || contents.isDestroyed()) throw new Error('There is no window.');
  return contents;
}

async function measureClock(): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, offset: 0 };
  for (let turn = 0; turn < 40; turn++) {
    const before = now();
    const there = (await page().executeJavaScript('performance.now()')) as number;
    const after = now();
    if (after - before < best.took) best = { took: after - before, offset: (before + after) / 2 - there };
  }
  return best.offset;
}

app.on('web-contents-created', (_event, made) => {
  if (contents !== null) return;
  contents = made;
  mark('window');
  const send = made.send.bind(made);
  made.send = (channel: string, ...args: unknown[]): void => {
    observe(channel, args[0]);
    send(channel, ...args);
  };
  // Electron 35 put the line into the event; 33 gives it as the third argument.
  made.on('console-message', (event: unknown, _level?: unknown, line?: unknown) => {
    const text = typeof line === 'string' ? line : (event as { message?: unknown }).message;
    if (typeof text === 'string') onPageLine(text);
  });
  made.on('dom-ready', () => {
    const rows = process.env['BENCH_ROWS'] ?? '[data-testid="row"]';
    const args = [rows, INPUT_LINE, ROW_LINE].map((one) => JSON.stringify(one)).join(', ');
    void made.executeJavaScript(`(${installProbe.toString()})(${args})`).then(() => mark('loaded'));
  });
});
app.on('browser-window-created', (_event, window) => {
  window.once('ready-to-show', () => mark('shown'));
});
app.once('ready', () => mark('ready'));

async function openPage(url: string): Promise<void> {
  await app.whenReady();
  const given = { 'X-API-Key': process.env['BENCH_API_KEY'] ?? API_KEY };
  session.defaultSession.webRequest.onBeforeSendHeaders(
    { urls: ['http://127.0.0.1:*/api/*'] },
    ({ requestHeaders }, answer) => answer({ requestHeaders: { ...requestHeaders, ...given } }),
  );
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  window.once('ready-to-show', () => window.show());
  await window.loadURL(url);
}

/** A debugger is attached for it: such a run's figures are worth nothing. */
async function startProfile(): Promise<void> {
  page().debugger.attach();
  await page().debugger.sendCommand('Profiler.enable');
  await page().debugger.sendCommand('Profiler.start');
}

async function endProfile(): Promise<unknown> {
  const { profile } = (await page().debugger.sendCommand('Profiler.stop')) as { profile: unknown };
  page().debugger.detach();
  return profile;
}

answerParent((message) => {
  const request = message as DriverRequest;
  switch (request.kind) {
    case 'page':
      return page().executeJavaScript(request.code, true);
    case 'clock':
      return measureClock();
    case 'marks':
      return marks;
    case 'until':
      return until(() => marks[request.mark]);
    case 'untilComplete':
      return until(() => findComplete(request.head));
    case 'input':
      return startInput(request.everyMs);
    case 'inputEnd':
      return endInput();
    case 'untilCount':
      return until(() => (count.received >= request.received ? count.at : undefined));
    case 'count':
      return count;
    case 'durable':
      return durable;
    case 'profile':
      return startProfile();
    case 'profileEnd':
      return endProfile();
    case 'gc':
      globalThis.gc?.();
      return page().executeJavaScript('globalThis.gc?.()');
    case 'quit':
      setImmediate(() => app.quit());
      return null;
  }
});

const url = process.env['BENCH_PAGE'];
if (url === undefined) {
  observeWorkers();
  const main = new URL('../out/main/main.js', import.meta.url).href;
  await import(main);
} else {
  app.on('window-all-closed', () => app.quit());
  void openPage(url);
}
