import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isTestRuntime } from './test-runtime.ts';

test('an Electron older than the pinned one, or of no version at all, is for tests only', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const pinned = manifest.devDependencies['electron']?.replace(/^\D+/, '') ?? '';
  expect(isTestRuntime(pinned)).toBe(false);
  expect(isTestRuntime('146.0.0')).toBe(false);
  for (const version of ['33.4.11', '44.9.9', '9.1.0', '', 'nightly', undefined])
    expect(isTestRuntime(version), version).toBe(true);
});
