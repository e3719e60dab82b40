import { expect, test } from 'vitest';
import { screen, show } from '../../testing/show.tsx';
import { Figure } from './figure.tsx';

test('that a figure has become a table, and a drawing again, is told', async () => {
  const { user } = await show(
    <Figure name="stages" title="Stages" data={{ head: ['Stage', 'Contracts'], rows: [['Signing', '3']] }}>
      <p>drawing</p>
    </Figure>,
  );
  const heard = (): string | null => screen.getByRole('status').textContent;
  expect(heard()).toBe('');
  await user.click(screen.getByRole('button', { name: 'Show as table' }));
  expect(screen.getByRole('table')).toBeTruthy();
  expect(heard()).toBe('Shown as a table');
  await user.click(screen.getByRole('button', { name: 'Show as chart' }));
  expect(screen.getByText('drawing')).toBeTruthy();
  expect(heard()).toBe('Shown as a chart');
});
