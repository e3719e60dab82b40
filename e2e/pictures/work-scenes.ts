import { DAY_MS, inDays } from '../fixtures/portfolio.ts';
import { moveClock } from '../fixtures/machine-doubles.ts';
import { leaveFocus, phaseIs, signIn, type Studio } from './studio.ts';
import { DECLINED } from './story.ts';

/** A day's work: what lies over the list, beside it and in place of it. */

const press = async ({ window }: Studio, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await window.keyboard.press(key);
};

/** The list with nothing open and nothing chosen. */
async function clear(studio: Studio): Promise<void> {
  await studio.window.mouse.move(1, 1);
  await press(studio, 'Escape', 'Escape', 'g', 'a');
  await studio.window.locator('[data-testid="row"]').first().waitFor();
}

async function saveViews({ window, language }: Studio): Promise<void> {
  const english = language === 'en';
  const views = [
    {
      name: english ? 'Declined or rejected' : 'Отказы',
      conditions: { statuses: ['declined', 'rejected'] },
    },
    { name: english ? 'Large, in euros' : 'Крупные, в рублях', currency: english ? 'EUR' : 'RUB' },
    {
      name: english ? 'Problems this week' : 'Проблемы недели',
      conditions: { severities: ['error' as const] },
    },
  ];
  await window.evaluate(async (wanted) => {
    for (const { name, conditions, currency } of wanted) {
      const asked = conditions ?? { amount: { currency: currency ?? 'EUR', min: '50000', max: null } };
      await pulse.request('savedViews:save', {
        savedId: null,
        name,
        filter: { view: 'all', text: '', conditions: asked },
      });
    }
  }, views);
  // Main has answered the request, not told the window.
  await window.reload();
  await window.locator('[data-testid="saved-view"]').nth(2).waitFor();
}

export async function shootMany(studio: Studio): Promise<void> {
  const { window } = studio;
  await clear(studio);
  await saveViews(studio);
  await press(studio, 'j', 'Home', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown');
  await window.locator('[data-testid="row"][aria-selected="true"]').nth(3).waitFor();
  await studio.shoot('bulk');
  await press(studio, 'h');
  await window.getByRole('menu').waitFor();
  await studio.shoot('snooze');
  await press(studio, 'Escape', 'Escape');
  await press(studio, 'Home', 'j', 'Shift+F10');
  await window.getByRole('menu').waitFor();
  await studio.shoot('context-menu');
  await press(studio, 'Escape');
}

export async function shootFilter(studio: Studio): Promise<void> {
  const { window } = studio;
  await clear(studio);
  await press(studio, 'f');
  await window.getByTestId('filter-menu').getByRole('menuitem').first().click();
  await window.getByTestId('filter-editor').getByRole('option').nth(2).waitFor();
  for (const nth of [0, 2]) await window.getByTestId('filter-editor').getByRole('option').nth(nth).click();
  await window.getByTestId('filter-chip').waitFor();
  await window.mouse.move(1, 1);
  await studio.shoot('filter');
  await press(studio, 'Escape');
  await clear(studio);
  await press(studio, '/');
  await window.keyboard.type(studio.language === 'en' ? 'the' : 'пос');
  await window.locator('mark').first().waitFor();
  await leaveFocus(window);
  await studio.shoot('search');
  await clear(studio);
}

export async function shootPalette(studio: Studio): Promise<void> {
  const { window, language } = studio;
  await clear(studio);
  await press(studio, 'ControlOrMeta+K');
  await window.keyboard.type(language === 'en' ? 'st' : 'от');
  await window.getByRole('option').nth(2).waitFor();
  await studio.shoot('palette');
  await press(studio, 'Escape', 'Escape');
  await press(studio, '?');
  await window.getByRole('dialog').waitFor();
  await studio.shoot('cheat-sheet');
  await press(studio, 'Escape');
}

export async function shootSettings(studio: Studio): Promise<void> {
  const { window } = studio;
  await press(studio, 'ControlOrMeta+,');
  await window.getByTestId('storage-facts').locator('dd').nth(3).waitFor({ state: 'attached' });
  await studio.shoot('settings');
  await window.getByTestId('storage-facts').scrollIntoViewIfNeeded();
  await window.locator('[data-setting="erase"]').scrollIntoViewIfNeeded();
  await studio.shoot('settings-computer');
  await press(studio, 'Escape');
  await window.evaluate(() => pulse.request('settings:change', { density: 'compact', contrast: 'more' }));
  await window.locator('[data-density="compact"]').waitFor();
  await studio.shoot('compact-contrast');
  await window.evaluate(() =>
    pulse.request('settings:change', { density: 'comfortable', contrast: 'system', textScale: 200 }),
  );
  await window.locator('[data-density="comfortable"]').waitFor();
  await studio.shoot('large-text');
  await window.evaluate(() => pulse.request('settings:change', { textScale: 100 }));
}

export async function shootOverview(studio: Studio): Promise<void> {
  const { window } = studio;
  await press(studio, 'g', 'v');
  await window.getByTestId('figure-stages').waitFor();
  await leaveFocus(window);
  await studio.shoot('overview');
  for (const figure of ['stages', 'due'])
    await window.getByTestId(`figure-${figure}`).locator('.figure-controls button').last().click();
  await window.mouse.move(1, 1);
  await leaveFocus(window);
  await studio.shoot('overview-tables');
  await press(studio, 'Escape');
}

/** Two days away, with the server going on. */
export async function shootAway(studio: Studio): Promise<void> {
  const { server, user, language } = studio;
  const english = language === 'en';
  await studio.quit();
  server.control.setClockSkew(2 * DAY_MS);
  server.control.advance(9, user.id);
  const changes = [
    { from: 'in_review', to: 'approved' },
    { from: 'approved', to: 'sent' },
    { from: 'sent', to: 'viewed' },
    { from: 'viewed', to: 'partially_signed', actionRequired: true },
  ];
  for (const change of changes)
    server.control.publish(user.id, {
      contractId: DECLINED,
      actor: english ? 'Anna Petrova' : 'Ольга Смирнова',
      ...change,
    });
  server.control.publish(user.id, {
    contractId: 'C-2026-0131',
    title: english ? 'Insurance of the fleet' : 'Страхование автопарка',
    counterparty: english ? 'Oakfield Insurance plc' : 'АО «Надёжность»',
    dueAt: inDays(9),
    to: 'draft',
  });
  await studio.reopen();
  await moveClock(studio.app, 2 * DAY_MS);
  await studio.window.evaluate((by) => {
    const { now } = Date;
    Date.now = () => now() + by;
  }, 2 * DAY_MS);
  await signIn(studio);
  await phaseIs(studio.window, 'live');
  await studio.window.getByTestId('away-panel').getByTestId('away-item').first().waitFor();
  await studio.window
    .locator(`[data-testid="away-item"][data-contract-id="${DECLINED}"] .away-steps`)
    .click();
  await leaveFocus(studio.window);
  await studio.window.mouse.move(1, 1);
  await studio.shoot('away');
}
