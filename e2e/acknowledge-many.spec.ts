import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { publishPortfolio } from './fixtures/portfolio.ts';
import { expectShown, goTo, press, rowOf, signIn, viewOf } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

test('many contracts are acknowledged at once, taken back as a whole, and sent once each when they are not', async ({
  app,
  server,
}) => {
  const { window } = app;
  const posted = () =>
    server.control
      .requests()
      .flatMap(({ path, status }) => (path.endsWith('/acknowledgements') ? [[path, status]] : []));
  await signIn(window, server);
  publishPortfolio(server, getBen(server));
  await goTo(window, 'All');
  await expect(viewOf(window, 'Needs you')).toContainText('2');
  await expectShown(window, ['C-done', 'C-van', 'C-care', 'C-lease', 'C-trees', 'C-steel']);

  // All six are chosen; the four that require nothing are passed over.
  const letClockGo = await app.computer.holdClock();
  await press(window, 'ControlOrMeta+A', 'a');
  await expect(viewOf(window, 'Needs you')).not.toContainText('2');
  for (const contractId of ['C-care', 'C-lease'])
    await expect(rowOf(window, contractId)).toContainText('Acknowledging');
  await expect(rowOf(window, 'C-steel')).not.toContainText('Acknowledg');
  await press(window, 'z');
  await expect(viewOf(window, 'Needs you')).toContainText('2');
  await expect(rowOf(window, 'C-care')).not.toContainText('Acknowledg');
  expect(posted()).toEqual([]);
  await letClockGo();

  await press(window, 'a');
  for (const contractId of ['C-care', 'C-lease'])
    await expect(rowOf(window, contractId)).toContainText('Acknowledged');
  expect(posted().toSorted()).toEqual([
    ['/api/contracts/C-care/acknowledgements', 201],
    ['/api/contracts/C-lease/acknowledgements', 201],
  ]);
});
