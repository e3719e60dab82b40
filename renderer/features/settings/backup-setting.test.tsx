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

  test.each([
    ['en', 0, 'Restore', null],
    ['en', 1, 'Restore', 'had not yet confirmed 1 acknowledgement. It is not sent again'],
    ['en', 3, 'Restore', 'had not yet confirmed 3 acknowledgements. They are not sent again'],
    ['ru', 1, 'Восстановить', 'не подтвердил 1 отметку «Взято в работу». Повторно она не отправляется'],
    ['ru', 3, 'Восстановить', 'не подтвердил 3 отметки «Взято в работу». Повторно они не отправляются'],
    ['ru', 5, 'Восстановить', 'не подтвердил 5 отметок «Взято в работу». Повторно они не отправляются'],
  ] as const)(
    'with acknowledgements that are not sent again says so (%s, %i)',
    async (language, notSent, restore, said) => {
      const shown = await open(`notSent=${notSent}`, language);
      await press(shown, `${restore}…`);
      await screen.findByRole('alertdialog');
      await press(shown, restore);
      const outcome = await screen.findByText(/^The backup is restored\.|^Копия восстановлена\./);
      if (said === null) expect(outcome.textContent).not.toContain('confirmed');
      else expect(outcome.textContent).toContain(said);
    },
  );

  test('that is none is refused in the language of the person', async () => {
    const shown = await open('backup=restoreNotBackup', 'ru');
    await press(shown, 'Восстановить…');
    expect((await screen.findByRole('alert')).textContent).toContain('не резервная копия');
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });
});
