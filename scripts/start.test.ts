import { expect, it } from 'vitest';
import { isNoise } from './app-process.ts';
import { readAddress, readDemoUser, startDemoServer } from './mock-server.ts';
import { checkServer, readOptions, signsInByItself, toExitCode } from './start.ts';
import { readParts } from './test.ts';

it('reads its options', () => {
  expect(readOptions([])).toMatchObject({ demo: undefined, build: true, port: '0', user: undefined });
  expect(readOptions(['--demo', '--no-build', '--rate', '20'])).toMatchObject({
    demo: true,
    build: false,
    rate: '20',
  });
  expect(readOptions(['--help'])).toBeUndefined();
  expect(() => readOptions(['--dmeo'])).toThrow(/--dmeo'.*\nSee npm start -- --help$/s);
});

it('signs a demo user in by itself when asked to, and where nobody could type', () => {
  const says = (args: readonly string[], virtual: boolean): boolean =>
    signsInByItself(readOptions(args) ?? { demo: undefined, user: undefined }, virtual);
  expect([says([], false), says([], true), says(['--no-demo'], true)]).toEqual([false, true, false]);
  expect([says(['--demo'], false), says(['--user', 'ben'], false)]).toEqual([true, true]);
});

it('reads what the demo server says', () => {
  expect(readAddress('server-mock listening on http://127.0.0.1:4780')).toBe('http://127.0.0.1:4780');
  expect(readAddress('something else')).toBeUndefined();
  expect(readDemoUser('demo user: anna / password harbour-42')).toEqual({
    username: 'anna',
    password: 'harbour-42',
  });
  expect(readDemoUser('demo user: anna / harbour-42')).toEqual({ username: 'anna', password: 'harbour-42' });
  expect(readDemoUser('demo user:')).toBeUndefined();
});

it('hides what Chromium says of a bare machine, never what the app says', () => {
  expect(isNoise('[5421:1123/023635.893951:ERROR:bus.cc(407)] Failed to connect to the bus')).toBe(true);
  expect(isNoise('(electron:12): Gtk-WARNING **: 02:00:00.000: Theme')).toBe(true);
  expect(isNoise('[5421:1123/023635.893951:FATAL:zygote_host_impl_linux.cc(90)] Running as root')).toBe(
    false,
  );
  expect(isNoise('contract-pulse: window shown')).toBe(false);
  expect(isNoise('TypeError: undefined is not a function')).toBe(false);
});

it('passes the app’s end on as an exit code', () => {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  expect([toExitCode(0, log), toExitCode(3, log), toExitCode(null, log)]).toEqual([0, 3, 1]);
  expect(lines).toEqual(['The app ended with code 3.', 'The app was ended by a signal.']);
});

it('runs all of the tests, or the parts asked for', () => {
  expect(readParts([])).toEqual(['checks', 'unit', 'e2e', 'bench']);
  expect(readParts(['unit'])).toEqual(['unit']);
  expect(readParts(['quick'])).toEqual(['quick']);
  expect(readParts(['engine'])).toEqual(['engine']);
  expect(readParts(['nightly'])).toEqual(expect.arrayContaining(['nightly', 'engine']));
  expect(readParts(['unti'])).toBeUndefined();
});

it('never lets a registry copy sign in at a server elsewhere', () => {
  expect(() => checkServer('https://contracts.example.com', { source: 'registry-copy' })).toThrow(
    /may not sign in/,
  );
  expect(() => checkServer('https://contracts.example.com', { source: 'installed' })).not.toThrow();
  expect(() => checkServer('http://127.0.0.1:4780', { source: 'registry-copy' })).not.toThrow();
  expect(() => checkServer('contracts', { source: 'installed' })).toThrow(/not an http address/);
});

it('knows the address and every user of the demo server, and ends with its last words when it cannot start', async () => {
  const server = await startDemoServer(['--port', '0', '--users', '5']);
  expect(server.users.map((user) => user.username).slice(0, 2)).toEqual(['anna', 'ben']);
  expect(server.users).toHaveLength(5);
  await server.stop();
  expect(await server.ended).toBe(0);
  await expect(startDemoServer(['--port', 'x'])).rejects.toThrow(
    /ended with code 2.*\n.*--port must be a whole number/,
  );
});
