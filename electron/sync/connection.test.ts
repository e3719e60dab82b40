import { expect, test } from 'vitest';
import type { ConnectionState, ConnectionStatus } from '../../protocol/connection.ts';
import { createManualClock } from '../stream/testing.ts';
import { createConnection } from './connection.ts';

function begin() {
  const clock = createManualClock();
  const sent: ConnectionStatus[] = [];
  const states: ConnectionState[] = [];
  const connection = createConnection({
    clock,
    server: 'https://contracts.example.com',
    transport: 'sse',
    lastEventAt: null,
    replay: 'unknown',
    send: (status) => sent.push(status),
    onState: (state) => states.push(state),
  });
  return { clock, sent, states, connection };
}

test('at most four changes of state a second, and always the last one', () => {
  const { clock, sent, connection } = begin();
  for (let done = 1; done <= 1000; done += 1) {
    connection.set({ phase: 'catching_up', done, total: 1000 });
    clock.advance(1);
  }
  connection.set({ phase: 'live' });
  clock.advance(1000);
  expect(sent.length).toBeLessThanOrEqual(6);
  expect(sent.at(-1)?.state).toEqual({ phase: 'live' });
});

test('signs of life are told once a second, after what gave them, and hold up no change of state', () => {
  const { clock, sent, connection } = begin();
  connection.heard();
  clock.advance(200);
  expect(sent).toHaveLength(0);
  clock.advance(50);
  expect(sent).toHaveLength(1);
  for (let n = 0; n < 100; n += 1) {
    connection.heard();
    clock.advance(5);
  }
  expect(sent).toHaveLength(1);
  connection.set({ phase: 'live' });
  clock.advance(0);
  expect(sent).toHaveLength(2);
  clock.advance(5_000);
  expect(sent).toHaveLength(2);
});

test('the history has each phase once, not each step of progress', () => {
  const { states, connection } = begin();
  connection.set({ phase: 'catching_up', done: 0, total: null });
  connection.set({ phase: 'catching_up', done: 9, total: null });
  connection.set({ phase: 'live' });
  connection.set({ phase: 'live' });
  expect(states.map((state) => state.phase)).toEqual(['catching_up', 'live']);
});

test('nothing is sent once closed', () => {
  const { clock, sent, connection } = begin();
  connection.set({ phase: 'live' });
  connection.close();
  clock.advance(10_000);
  expect(sent).toEqual([]);
});
