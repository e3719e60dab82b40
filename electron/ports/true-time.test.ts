import { expect, test } from 'vitest';
import type { Clock } from './clock.ts';
import { createTrueTime, notingDates } from './true-time.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const START = Date.parse('2026-10-02T09:00:00Z');

function make() {
  let wall = START;
  let monotonic = 0;
  const clock: Clock = { now: () => wall, monotonic: () => monotonic, after: () => () => {} };
  return {
    time: createTrueTime(clock),
    /** Time as it passes for everybody. */
    pass(ms: number) {
      wall += ms;
      monotonic += ms;
    },
    /** As on Linux, where the monotonic clock stands still meanwhile. */
    sleep: (ms: number) => void (wall += ms),
    jump: (ms: number) => void (wall += ms),
    wall: () => wall,
    server: (offset = 0) => START + monotonic + offset,
  };
}

test('without another source there is nothing to agree with, and a jump is taken once it has stood', () => {
  const { time, jump, pass, wall } = make();
  expect(time.agreed()).toBeNull();
  jump(365 * DAY);
  expect(time.now()).toBe(START);
  pass(9 * MINUTE);
  expect(time.now()).toBe(START + 9 * MINUTE);
  pass(MINUTE);
  expect(time.now()).toBe(wall());
  expect(time.agreed()).toBeNull();
});

test('how late it may be: by our clock or by the server’s, whichever is later', () => {
  const { time, jump, pass, wall, server } = make();
  expect(time.latest()).toBe(wall());
  time.note(server(-20 * MINUTE));
  expect(time.latest()).toBe(wall());
  time.note(server(20 * MINUTE));
  pass(MINUTE);
  expect(time.latest()).toBe(server(20 * MINUTE));
  time.note(server(73 * 365 * DAY));
  expect(time.latest()).toBe(wall());
  jump(-365 * DAY);
  time.note(server());
  expect(time.latest()).toBe(wall());
});

test.each([
  73 * 365 * DAY,
  25 * 60 * MINUTE,
  23 * 60 * MINUTE,
  MINUTE,
  0,
  -MINUTE,
  -2 * DAY,
  -50 * 365 * DAY,
])('whatever the server’s clock is off by, what is agreed is not later than either: %i ms', (off) => {
  const { time, pass, wall, server } = make();
  for (let minute = 0; minute < 30; minute += 1) {
    time.note(server(off));
    pass(MINUTE);
    expect(time.agreed()).toBe(Math.min(wall(), server(off)));
  }
});

test('what is done for good waits for the server’s word at the start, but not for ever', () => {
  const online = make();
  expect(online.time.lasting()).toBeNull();
  online.jump(365 * DAY);
  expect(online.time.note(online.server())).toBe(true);
  expect(online.time.lasting()).toBe(START);
  const offline = make();
  offline.pass(9_999);
  expect(offline.time.lasting()).toBeNull();
  offline.pass(1);
  expect(offline.time.lasting()).toBe(offline.wall());
});

test('after sleep without a connection the wall clock is taken once it has stood', () => {
  const { time, sleep, pass, server, wall } = make();
  time.note(server());
  sleep(9 * 3_600_000);
  expect(time.now()).toBe(START);
  pass(10 * MINUTE);
  expect(time.now()).toBe(wall());
  // Nothing is removed by a clock that nobody else confirms.
  expect(time.agreed()).toBe(START + 10 * MINUTE);
});

test.each([365 * DAY, -365 * DAY, 2 * 3_600_000, -DAY])(
  'a jump of %i ms for a moment moves nothing',
  (by) => {
    const { time, pass, jump, server } = make();
    time.note(server());
    pass(MINUTE);
    jump(by);
    expect(time.now()).toBe(START + MINUTE);
    // Nothing is removed too early; what our clock says is too early for now, it says as well.
    expect(time.agreed()).toBe(START + MINUTE + Math.min(0, by));
    pass(15_000);
    time.note(server());
    expect(time.now()).toBe(START + MINUTE + 15_000);
    jump(-by);
    pass(MINUTE);
    expect(time.now()).toBe(START + 2 * MINUTE + 15_000);
  },
);

test('a clock that was wrong all along is not believed, and the server’s is', () => {
  const { time, jump, server, pass } = make();
  jump(365 * DAY);
  time.note(server());
  expect(time.now()).toBe(START);
  jump(-365 * DAY);
  pass(MINUTE);
  expect(time.agreed()).toBe(START + MINUTE);
  jump(365 * DAY);
  time.note(server());
  // Nor later, on a stream that lives for long and asks for nothing more.
  for (let minute = 2; minute < 15; minute++) {
    expect(time.now()).toBe(START + (minute - 1) * MINUTE);
    pass(MINUTE);
  }
});

test('a clock that is an hour ahead by habit is taken as it is; what is old goes by the earlier of the two', () => {
  const { time, jump, server, wall, pass } = make();
  jump(3_600_000);
  time.note(server());
  pass(MINUTE);
  expect(time.now()).toBe(wall());
  expect(time.agreed()).toBe(START + MINUTE);
});

test('a clock that was set right is taken once it has stood', () => {
  const { time, jump, server, wall, pass } = make();
  time.note(server(-3_600_000));
  jump(-3_600_000);
  for (let minute = 0; minute < 11; minute++) {
    pass(MINUTE);
    time.note(server(-3_600_000));
  }
  expect(time.now()).toBe(wall());
});

test('after sleep the first answer tells how late it is', () => {
  const { time, sleep, server, wall } = make();
  time.note(server());
  sleep(9 * 3_600_000);
  expect(time.note(server(9 * 3_600_000))).toBe(true);
  expect(time.note(server(9 * 3_600_000))).toBe(false);
  expect(time.now()).toBe(wall());
  expect(time.agreed()).toBe(wall());
});

test('a client whose dates are noted can do all that it could before', async () => {
  const done: string[] = [];
  const http = {
    async request() {
      return {
        status: 200,
        headers: { date: 'Fri, 02 Oct 2026 09:00:00 GMT' },
        body: (async function* () {})(),
      };
    },
    dropConnections: () => void done.push('dropped'),
    close: () => void done.push('closed'),
  };
  const noted = notingDates(http, (at) => done.push(String(at)));
  await noted.request({ url: 'http://x/', method: 'GET', headers: {}, signal: AbortSignal.timeout(1) });
  noted.dropConnections?.();
  noted.close();
  expect(done).toEqual([String(START), 'dropped', 'closed']);
});
