import { describe, expect, test } from 'vitest';
import { screen, show, text } from '../../testing/show.tsx';
import { BackupSetting } from './backup-setting.tsx';

const open = (query = '', language: 'en' | 'ru' = 'en') =>
  show(<BackupSetting />, `session=signed_in&count=4&${query}`, language);
const press = async ({ user }: Awaited<ReturnType<typeof open>>, name: string) =>
  user.click(screen.getByRole('button', { name }));

describe('a backup', () => {
  test('is made, and where it lies is said', async () => {
    const shown = await open();
    await press(shown, 'Back up…');
    expect((await screen.findByText(/^Backed up to/)).textContent).toMatch(/\.pulsebackup \(84.* MB\)\.$/);
    expect(shown.count('storage:backUp')).toBe(1);
  });

  test('is asked about first, and Cancel replaces nothing', async () => {
    const shown = await open('unsent=2&others=1');
    await press(shown, 'Restore…');
    await screen.findByRole('alertdialog', { name: 'Go back to this backup?' });
    expect(text()).toContain('2 acknowledgements have not been sent yet');
    expect(text()).toContain('1 other account is used on this computer');
    await press(shown, 'Cancel');
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(shown.count('storage:restore')).toBe(0);
    expect(shown.count('storage:dropBackup')).toBe(1);
  });

  test('takes the place of what is stored, once, and everything is read anew', async () => {
    const shown = await open();
    await press(shown, 'Restore…');
    await screen.findByRole('alertdialog');
    await press(shown, 'Restore');
    await screen.findByText(/^The backup is restored\./);
    expect(shown.count('storage:restore')).toBe(1);
    expect(shown.count('savedViews:read')).toBe(1);
    expect(shown.count('storage:stats')).toBe(1);
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });

  test('that is none is refused in the language of the person', async () => {
    const shown = await open('backup=restoreNotBackup', 'ru');
    await press(shown, 'Восстановить…');
    expect((await screen.findByRole('alert')).textContent).toContain('не резервная копия');
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });
});
