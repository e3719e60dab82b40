import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { openContract, rowOf, signIn } from './fixtures/window.ts';

const ACKNOWLEDGEMENTS = /\/acknowledgements$/;

test(
  'an acknowledgement can be undone, and is sent once when it is not',
  { tag: '@smoke' },
  async ({ app, server }) => {
    const { window } = app;
    const ben = getBen(server);
    await signIn(window, server);
    server.control.publish(ben.id, {
      contractId: 'C-act',
      title: 'Needs a decision',
      to: 'declined',
      actionRequired: true,
    });
    await expect(rowOf(window, 'C-act')).toContainText('Needs you');
    await openContract(window, 'C-act');
    const action = window.getByRole('region', { name: 'Needs you' });

    const letClockGo = await app.computer.holdClock();
    await action.getByRole('button', { name: 'Acknowledge' }).click();
    await expect(action).toContainText(/will be sent in \d seconds?/);
    await expect(window.getByRole('button', { name: /^Undo/ })).toHaveCount(1);
    await expect(
      window.getByRole('status').filter({ hasText: '“Needs a decision”: acknowledgement will be sent' }),
    ).toHaveCount(1);
    await action.getByRole('button', { name: 'Undo' }).click();
    await expect(action.getByRole('button', { name: 'Acknowledge' })).toBeVisible();
    await letClockGo();

    await action.getByRole('button', { name: 'Acknowledge' }).click();
    const sent = () => server.control.requests().filter(({ path }) => ACKNOWLEDGEMENTS.test(path));
    expect(sent()).toEqual([]);
    await expect(action).toHaveAttribute('data-state', 'sent');
    expect(sent().map(({ method, status }) => [method, status])).toEqual([['POST', 201]]);
    await expect(rowOf(window, 'C-act')).toContainText('Acknowledged');
  },
);

test('an acknowledgement survives a server that is away', async ({ app, server }) => {
  const { window } = app;
  const ben = getBen(server);
  await signIn(window, server);
  server.control.publish(ben.id, { contractId: 'C-later', to: 'declined', actionRequired: true });
  await openContract(window, 'C-later');
  const action = window.getByRole('region', { name: 'Needs you' });
  await action.getByRole('button', { name: 'Acknowledge' }).click();
  server.control.setFaults([
    { kind: 'status', status: 503, path: '/api/contracts/C-later/acknowledgements', times: 1 },
  ]);
  await expect(action).toHaveAttribute('data-state', 'sent');
  const answers = server.control
    .requests()
    .filter(({ path }) => ACKNOWLEDGEMENTS.test(path))
    .map(({ status }) => status);
  expect(answers.at(-1)).toBe(201);
  expect(answers.filter((status) => status === 201)).toHaveLength(1);
});

test('signing out with an unsent acknowledgement says so, and waits for it when asked to', async ({
  app,
  server,
}) => {
  const { window } = app;
  const ben = getBen(server);
  await signIn(window, server);
  server.control.publish(ben.id, { contractId: 'C-leave', to: 'declined', actionRequired: true });
  await openContract(window, 'C-leave');
  const letClockGo = await app.computer.holdClock();
  await window
    .getByRole('region', { name: 'Needs you' })
    .getByRole('button', { name: 'Acknowledge' })
    .click();
  await window.getByRole('button', { name: /^Account/ }).click();
  await window.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  const question = window.getByRole('alertdialog', { name: '1 acknowledgement has not been sent yet' });
  await expect(question).toContainText('is sent when you sign in here again');
  await question.getByRole('button', { name: 'Wait until sent' }).click();
  await expect(question).toContainText('You will be signed out as soon as 1 acknowledgement has been sent.');
  const posted = () => server.control.requests().filter(({ path }) => ACKNOWLEDGEMENTS.test(path));
  expect(posted()).toEqual([]);
  await letClockGo();
  await expect(window.getByText('You are signed out.')).toBeVisible();
  expect(posted().map(({ status }) => status)).toEqual([201]);
});
