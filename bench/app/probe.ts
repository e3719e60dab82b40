/** What is measured inside a page. Put there by the driver as text: it may use nothing from outside its own body. */

export interface Probe {
  /** Main-thread tasks over 50 ms since the page began. */
  readonly longTasks: readonly { readonly start: number; readonly ms: number }[];
  /** Numbered changes (`#7#` in a row's text) as they were painted: contract, number, `performance.now()`. */
  readonly seen: readonly (readonly [string, number, number])[];
  /** Scrolls an element up and down by `step` px a frame; the intervals between frames, ms. */
  scroll(selector: string, ms: number, step: number): Promise<readonly number[]>;
  /** Resolves with `performance.now()` once an element is there and painted. */
  painted(selector: string): Promise<number>;
}

declare global {
  var bench: Probe;
}

export const INPUT_LINE = 'bench-input';
export const ROW_LINE = 'bench-row';
/** A peer's page tells how many events it has had. */
export const COUNT_LINE = 'bench-count';

export function installProbe(rowSelector: string, inputLine: string, rowLine: string): void {
  const longTasks: { start: number; ms: number }[] = [];
  const seen: [string, number, number][] = [];
  const newest = new Map<string, number>();

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      longTasks.push({ start: startTime, ms: duration });
  }).observe({ type: 'longtask', buffered: true });

  /** After the frame that is made next: a task that a frame's callback asks for runs when the frame is done. */
  function afterPaint(run: () => void): void {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.addEventListener('message', () => {
        channel.port1.close();
        run();
      });
      channel.port1.start();
      channel.port2.postMessage(null);
    });
  }

  let hasRow = false;
  let looking = false;
  function look(): void {
    looking = false;
    const rows = document.querySelectorAll(rowSelector);
    if (!hasRow && rows.length > 0) {
      hasRow = true;
      const channel = new MessageChannel();
      channel.port1.addEventListener('message', () =>
        console.debug(`${rowLine} ${performance.timeOrigin + performance.now()}`),
      );
      channel.port1.start();
      channel.port2.postMessage(null);
    }
    const fresh: [string, number][] = [];
    for (const row of rows) {
      const number = Number(/#(\d+)#/.exec(row.textContent ?? '')?.[1] ?? 0);
      const id = row.getAttribute('data-contract-id') ?? '';
      if (number <= (newest.get(id) ?? 0)) continue;
      newest.set(id, number);
      fresh.push([id, number]);
    }
    if (fresh.length === 0) return;
    const channel = new MessageChannel();
    channel.port1.addEventListener('message', () => {
      channel.port1.close();
      const at = performance.now();
      for (const [id, number] of fresh) seen.push([id, number, at]);
    });
    channel.port1.start();
    channel.port2.postMessage(null);
  }
  function lookSoon(): void {
    if (looking) return;
    looking = true;
    requestAnimationFrame(look);
  }
  new MutationObserver(lookSoon).observe(document, { subtree: true, childList: true, characterData: true });
  lookSoon();

  addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'F15') return;
      afterPaint(() => console.debug(`${inputLine} ${performance.now() - event.timeStamp}`));
    },
    { capture: true },
  );

  globalThis.bench = {
    longTasks,
    seen,
    scroll(selector, ms, step) {
      const element = document.querySelector(selector);
      if (element === null) throw new Error(`There is no ${selector} to scroll.`);
      return new Promise((resolve) => {
        const times: number[] = [];
        const end = performance.now() + ms;
        let by = step;
        function frame(time: number): void {
          times.push(time);
          const before = element?.scrollTop ?? 0;
          element?.scrollBy(0, by);
          if (element?.scrollTop === before) by = -by;
          if (performance.now() < end) requestAnimationFrame(frame);
          else resolve(times.slice(1).map((at, index) => at - (times[index] ?? at)));
        }
        requestAnimationFrame(frame);
      });
    },
    painted(selector) {
      return new Promise((resolve) => {
        function check(): void {
          if (document.querySelector(selector) === null) requestAnimationFrame(check);
          else afterPaint(() => resolve(performance.now()));
        }
        check();
      });
    },
  };
}
