import { expect, onTestFinished, test, vi } from 'vitest';
import { screen, show, text } from '../testing/show.tsx';
import { ErrorBoundary } from './error-boundary.tsx';

function Broken(): never {
  throw new Error('a fault of ours');
}

test('where drawing fails the window says so, and can be loaded again', async () => {
  // React tells the console of it as well.
  const silent = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => silent.mockRestore());
  await show(
    <ErrorBoundary>
      <Broken />
    </ErrorBoundary>,
  );
  expect(text()).not.toContain('a fault of ours');
  expect(screen.getByRole('button').textContent?.length).toBeGreaterThan(3);
});

test('what draws well is left alone', async () => {
  await show(<ErrorBoundary>all is well</ErrorBoundary>);
  expect(text()).toBe('all is well');
});
