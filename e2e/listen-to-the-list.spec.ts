import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { expectShown, press, signIn } from './fixtures/window.ts';

test.describe('with more contracts than fit on the screen', () => {
  test.use({ serverOptions: { contracts: 300 } });

  test('a screen reader hears how many rows there are and which one has the keyboard', async ({
    app,
    server,
  }) => {
    const { window } = app;
    await signIn(window, server);
    const feed = window.getByRole('treegrid', { name: 'Contracts' });
    await expect(feed).toHaveAttribute('aria-rowcount', '300');
    await press(window, 'j', 'End');
    const last = window.locator('[data-testid="row"][aria-rowindex="300"]');
    await expect(last).toBeVisible();
    await expect(feed).toBeFocused();
    await expect(feed).toHaveAttribute('aria-activedescendant', (await last.getAttribute('id')) ?? '');
    expect(await window.getByTestId('row').count()).toBeLessThan(100);
    await press(window, 'x');
    await expect(last).toHaveAttribute('aria-selected', 'true');
  });
});

test.describe('while much changes', () => {
  test.use({ serverOptions: { contracts: 0 } });

  test('what is new is told politely, in numbers, and not change by change', async ({ app, server }) => {
    const { window } = app;
    const ben = getBen(server);
    await signIn(window, server);
    await window.evaluate(() => {
      const told: string[] = [];
      Object.assign(globalThis, { told });
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
          for (const node of addedNodes)
            if (/new change/.test(node.textContent ?? '')) told.push(node.textContent ?? '');
      }).observe(document.body, { childList: true, subtree: true });
    });
    const told = (): Promise<string[]> =>
      window.evaluate(() => (globalThis as unknown as { told: string[] }).told);
    publishPortfolio(server, ben);
    await expectShown(window, ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel']);
    // More contracts than the window keeps rows of, and one of them again and again.
    for (let each = 0; each < 80; each += 1)
      server.control.publish(ben.id, { contractId: `C-${each}`, title: `Contract ${each}`, to: 'sent' });
    for (let each = 0; each < 20; each += 1)
      server.control.publish(ben.id, { contractId: 'C-79', title: 'Contract 79', to: 'viewed' });
    const sum = async (): Promise<number> =>
      (await told()).reduce((before, words) => before + Number(/\d+/.exec(words)?.[0]), 0);
    await expect.poll(sum).toBe(106);
    expect((await told()).length).toBeLessThanOrEqual(4);
  });
});
