import { expect, test } from 'vitest';
import { createManualClock } from '../stream/testing.ts';
import { createFirstHead } from './first-head.ts';

function begin() {
  const clock = createManualClock();
  let told = 0;
  const stream = { isLevel: true };
  const firstHead = createFirstHead({
    clock,
    isLevel: () => stream.isLevel,
    onKnown: () => void (told += 1),
  });
  return { clock, firstHead, stream, told: () => told };
}

test('a head says it at once, and once', () => {
  const { firstHead, told } = begin();
  firstHead.caughtUp(true);
  firstHead.caughtUp(false);
  expect([firstHead.isKnown(), told()]).toEqual([true, 1]);
});

test('what was missed comes slowly: a server is not taken for one without heads as long as it comes', () => {
  const { clock, firstHead, told } = begin();
  firstHead.came();
  clock.advance(1_000);
  firstHead.caughtUp(false);
  for (let times = 0; times < 4; times += 1) {
    clock.advance(4_000);
    expect(firstHead.isKnown()).toBe(false);
    firstHead.came();
  }
  clock.advance(4_999);
  expect(firstHead.isKnown()).toBe(false);
  clock.advance(1);
  expect([firstHead.isKnown(), told()]).toEqual([true, 1]);
});

test('a server without heads is known for one, however steadily its changes come and however often its streams end', () => {
  const { clock, firstHead, stream, told } = begin();
  for (let times = 0; times < 6; times += 1) {
    stream.isLevel = true;
    firstHead.caughtUp(false);
    firstHead.came();
    clock.advance(4_000);
    stream.isLevel = false;
    clock.advance(500);
    expect(told()).toBe(0);
  }
  clock.advance(3_000);
  stream.isLevel = true;
  firstHead.caughtUp(false);
  expect([firstHead.isKnown(), told()]).toEqual([true, 1]);
});

test('nothing is said while there is no stream', () => {
  const { clock, firstHead, stream } = begin();
  firstHead.caughtUp(false);
  stream.isLevel = false;
  clock.advance(60_000);
  expect(firstHead.isKnown()).toBe(false);
});
