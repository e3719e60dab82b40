import { describe, expect, test } from 'vitest';
import { screen, show, text } from '../../testing/show.tsx';
import { ConnectionButton } from './connection-button.tsx';

const open = (query: string, language: 'en' | 'ru' = 'en') =>
  show(<ConnectionButton open={false} onOpen={() => {}} />, query, language);

describe('the connection in words', () => {
  test.each([
    'live',
    'connected',
    'late',
    'catching',
    'connecting',
    'waiting',
    'offline',
    'sign_in',
    'stopped',
  ])('%s: says what it is', async (name) => {
    await open(`connection=${name}`);
    const { textContent } = screen.getByTestId('connection');
    expect(textContent?.trim().length).toBeGreaterThan(3);
    expect(textContent).not.toMatch(/connection\.|undefined|\{\{/);
  });

  test('it is said in the language of the window', async () => {
    await open('connection=offline', 'ru');
    expect(text()).toMatch(/[а-яё]/i);
    expect(text()).not.toMatch(/offline|connection/i);
  });
});

test('only where it waits for the next try, it can be asked to try now', async () => {
  const { user, count } = await open('connection=waiting');
  await user.click(screen.getByRole('button', { name: 'Try now' }));
  expect(count('connection:retryNow')).toBe(1);
});

test.each(['live', 'catching', 'connecting'])('%s: there is nothing to try', async (name) => {
  await open(`connection=${name}`);
  expect(screen.queryByRole('button', { name: 'Try now' })).toBeNull();
});

test('what is missing is said without a connection too; that all is here only with one', async () => {
  await open('connection=offline&receipt=gaps');
  expect(document.querySelector('.connection-receipt.gaps')).not.toBeNull();
});

test('that all is here is not said while it is not known', async () => {
  await open('connection=connecting&receipt=complete');
  expect(document.querySelector('.connection-receipt')).toBeNull();
});
