import { NARROW, leaveFocus, phaseIs, signIn, type Studio } from './studio.ts';
import { DECLINED, tellStory } from './story.ts';

/** What the scenes read off the window, in the language of each user. */
const WORDS = {
  en: { acknowledge: 'Acknowledge' },
  ru: { acknowledge: 'Взять в работу' },
} as const;

async function closePopup(studio: Studio): Promise<void> {
  await studio.window.keyboard.press('Escape');
  await studio.window.locator('.connection-popup').waitFor({ state: 'hidden' });
  await leaveFocus(studio.window);
}

async function openDeclined({ window }: Studio): Promise<void> {
  const row = window.locator(`[data-testid="row"][data-contract-id="${DECLINED}"]`);
  // The last of its changes is there: what comes after the opening would be unread.
  await row.filter({ hasText: /Declined|Отказ/ }).waitFor();
  await row.click();
  await window.locator('[data-event-id]').nth(5).waitFor();
  await window.mouse.move(1, 1);
  await leaveFocus(window);
  await window.locator(`[data-contract-id="${DECLINED}"][data-unread="false"]`).waitFor();
}

export async function shootSignIn(studio: Studio): Promise<void> {
  const { window, user } = studio;
  await studio.shoot('sign-in');
  await window.locator('input[name="username"]').fill(user.username);
  await window.locator('input[name="password"]').fill(`${user.password}?`);
  await window.locator('input[name="password"]').press('Enter');
  await window.getByRole('alert').waitFor();
  await studio.shoot('sign-in-wrong');
  await signIn(studio);
}

export async function shootFeed(studio: Studio): Promise<void> {
  const { window, language } = studio;
  tellStory(studio);
  await openDeclined(studio);
  await studio.shoot('feed');
  await window.getByTestId('connection').click();
  await window.locator('.connection-popup').waitFor();
  await studio.shoot('receipt');
  await closePopup(studio);
  await window.getByRole('button', { name: WORDS[language].acknowledge }).first().click();
  await window.locator('[data-state="held"]').waitFor();
  await studio.shoot('acknowledge');
  await window.locator('[data-state="sent"]').waitFor({ timeout: 20_000 });
}

/** A change that never arrives while what would heal the gap is out of order, then no connection at all. */
export async function shootFailure(studio: Studio): Promise<void> {
  const { window, server, user } = studio;
  const at = server.control.published(user.id).length;
  server.control.setFaults([
    { kind: 'omit', sequences: [at + 1] },
    { kind: 'status', status: 503, path: '/api/contracts' },
    { kind: 'status', status: 503, path: `/api/contracts/${DECLINED}/history` },
  ]);
  server.control.publish(user.id, { contractId: DECLINED, from: 'declined', to: 'changes_requested' });
  server.control.publish(user.id, { contractId: DECLINED, from: 'changes_requested', to: 'in_review' });
  await window.getByTestId('connection').locator('.gaps').waitFor();
  await window.getByTestId('connection').click();
  await window.locator('.connection-popup').waitFor();
  await studio.shoot('receipt-gap');
  await closePopup(studio);

  server.control.setFaults([]);
  await window.evaluate(() => pulse.request('connection:retryNow'));
  await window.getByTestId('connection').locator('.gaps').waitFor({ state: 'detached' });
  server.control.setFaults([{ kind: 'status', status: 503, retryAfter: '30' }]);
  server.control.dropConnections();
  await window
    .getByTestId('connection')
    .filter({ hasText: /[12]\d (?:s|с)/ })
    .waitFor();
  await studio.shoot('error');
  server.control.setFaults([]);
  await window.evaluate(() => pulse.request('connection:retryNow'));
  await phaseIs(window, 'live');
}

export async function shootNarrow(studio: Studio): Promise<void> {
  await studio.resize(NARROW);
  await studio.shoot('narrow-contract');
  await studio.window.keyboard.press('Escape');
  await studio.window.getByTestId('feed').waitFor();
  await studio.shoot('narrow');
}

export async function shootEmpty(studio: Studio): Promise<void> {
  await signIn(studio);
  await studio.shoot('empty');
}

export async function shootHundredThousand(studio: Studio): Promise<void> {
  const { window } = studio;
  await signIn(studio);
  await window.waitForFunction(
    () => Number(document.querySelector('[data-testid="feed"]')?.getAttribute('aria-rowcount')) >= 100_000,
    undefined,
    { timeout: 120_000 },
  );
  tellStory(studio);
  await openDeclined(studio);
  await studio.shoot('hundred-thousand');
}
