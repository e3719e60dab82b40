import { expect, test } from 'vitest';
import { refusedSwitches, refuseVariables } from './switches.ts';

test('whatever steers the app, its trust or its records from outside is not obeyed, however it is written', () => {
  const argv = [
    '/opt/contract-pulse',
    '--user-data-dir=/home/a',
    '--remote-debugging-port=9222',
    '-remote-debugging-pipe',
    '--ignore-certificate-errors',
    '--ignore-certificate-errors-spki-list=abc=',
    '--host-resolver-rules=MAP * 127.0.0.1',
    '--ssl-key-log-file=/tmp/keys',
    '--js-flags=--expose-gc',
    '--ignore-certificate-errors',
    'contract-pulse://contract/C-1',
    ' --log-net-log',
    '\t-remote-allow-origins =*\n',
    // Not by what we take for the end.
    '\u00a0--',
    '--proxy-resolver=x',
  ];
  expect(refusedSwitches(argv, 'linux')).toEqual([
    'remote-debugging-port',
    'remote-debugging-pipe',
    'ignore-certificate-errors',
    'ignore-certificate-errors-spki-list',
    'host-resolver-rules',
    'ssl-key-log-file',
    'js-flags',
    'log-net-log',
    'remote-allow-origins',
    'proxy-resolver',
  ]);
  expect(refusedSwitches(['a.exe', ' /Remote-Debugging-Port=1', '/lang=ru', '--LANG=ru'], 'win32')).toEqual([
    'remote-debugging-port',
  ]);
  expect(refusedSwitches(['a', '/tmp/file', '--proxy-server=http://p:1', '--no-sandbox'], 'linux')).toEqual(
    [],
  );
});

test('the environment makes no package write down the keys of its connections', () => {
  const env: Record<string, string> = { SSLKEYLOGFILE: '/tmp/keys', https_proxy: 'http://p:1' };
  expect(refuseVariables(env)).toEqual(['SSLKEYLOGFILE']);
  expect(env).toEqual({ https_proxy: 'http://p:1' });
  expect(refuseVariables(env)).toEqual([]);
});
