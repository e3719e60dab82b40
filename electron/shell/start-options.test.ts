import { describe, expect, it } from 'vitest';
import { boundArguments, findContractLink, readContractLink, readStartOptions } from './start-options.ts';

describe('readContractLink', () => {
  it('takes the contract from our own links only', () => {
    expect(readContractLink('contract-pulse://contract/C-2026-0117')).toBe('C-2026-0117');
    expect(readContractLink('contract-pulse://contract/%D0%94%2F7')).toBe('Д/7');
    expect(readContractLink('https://contract/C-1')).toBeNull();
    expect(readContractLink('contract-pulse://settings/C-1')).toBeNull();
  });

  it('takes nothing from malformed, empty or endless links', () => {
    expect(readContractLink('contract-pulse://contract/')).toBeNull();
    expect(readContractLink('contract-pulse://contract/%E0%A4%A')).toBeNull();
    expect(readContractLink(`contract-pulse://contract/${'x'.repeat(501)}`)).toBeNull();
  });

  it('is found among other arguments', () => {
    expect(findContractLink(['app', '--flag', '/a/path', 'contract-pulse://contract/C-1'])).toBe('C-1');
    expect(findContractLink(['app', '--flag'])).toBeNull();
  });
});

describe('boundArguments', () => {
  it('leaves ordinary command lines as they are', () => {
    const argv = ['app', '--flag', `contract-pulse://contract/${encodeURIComponent('Д'.repeat(500))}`];
    expect(boundArguments(argv)).toEqual({ kept: argv, left: [] });
  });

  it('leaves out the longest until the rest fits, by bytes', () => {
    const long = 'ж'.repeat(9_000);
    expect(boundArguments(['app', 'a', long, 'b'])).toEqual({ kept: ['app', 'a', 'b'], left: [9_000] });
    const many = boundArguments([
      'app',
      '--user-data-dir=/data',
      ...Array<string>(1000).fill('x'.repeat(99)),
    ]);
    expect(many.kept.join('\0').length).toBeLessThan(16_384);
    expect(many.kept.slice(0, 2)).toEqual(['app', '--user-data-dir=/data']);
    expect(many.kept.length + many.left.length).toBe(1002);
  });
});

describe('readStartOptions', () => {
  const env = {
    CONTRACT_PULSE_USER_DATA: '/tmp/profile',
    CONTRACT_PULSE_DEV_URL: 'http://127.0.0.1:5173/',
    CONTRACT_PULSE_SERVER: 'http://127.0.0.1:4000',
    CONTRACT_PULSE_DEMO_USER: 'anna',
    CONTRACT_PULSE_DEMO_PASSWORD: 'secret',
  };

  it('takes the environment in development', () => {
    expect(readStartOptions(env, ['electron', '.'], false)).toEqual({
      userData: '/tmp/profile',
      devUrl: 'http://127.0.0.1:5173',
      suggestedServer: 'http://127.0.0.1:4000',
      demo: { username: 'anna', password: 'secret' },
      contractId: null,
      hidden: false,
      tellsProgress: true,
    });
  });

  it('takes nothing of it when packaged', () => {
    expect(readStartOptions(env, ['app', '--user-data-dir=/data'], true)).toEqual({
      userData: '/data',
      devUrl: null,
      suggestedServer: '',
      demo: null,
      contractId: null,
      hidden: false,
      tellsProgress: false,
    });
  });

  it('is out of sight at sign-in to the computer, unless a contract is asked for', () => {
    const hidden = (...args: string[]) => readStartOptions({}, ['app', ...args], true).hidden;
    expect(hidden('--hidden')).toBe(true);
    expect(hidden('--hidden', 'contract-pulse://contract/C-1')).toBe(false);
    expect(hidden()).toBe(false);
  });

  it('takes a development server on loopback only', () => {
    for (const url of ['http://10.0.0.1:5173', 'https://example.com', 'file:///etc/passwd', 'nonsense']) {
      expect(readStartOptions({ CONTRACT_PULSE_DEV_URL: url }, [], false).devUrl).toBeNull();
    }
  });

  it('prefers the command line, and needs server, user and password for a demo', () => {
    const options = readStartOptions(
      { ...env, CONTRACT_PULSE_DEMO_PASSWORD: undefined },
      ['electron', '--user-data-dir=/one', '--user-data-dir=/two', '.'],
      false,
    );
    expect(options.userData).toBe('/two');
    expect(options.demo).toBeNull();
  });
});
