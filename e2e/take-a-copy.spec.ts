import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { callPalette, expectShown, goTo, press, rowOf, signIn } from './fixtures/window.ts';

test.use({ serverOptions: { contracts: 0 } });

test('a view is saved as CSV, byte for byte what RFC 4180 and spreadsheets want, and formulas are made harmless', async ({
  app,
  server,
  newProfile,
}) => {
  const { window, computer } = app;
  const ben = getBen(server);
  await signIn(window, server);
  const plain = server.control.publish(ben.id, {
    contractId: 'C-plain',
    title: 'Supply, "steel" & Söhne',
    counterparty: 'ООО «Ёлка»',
    amount: { value: '-1250000.50', currency: 'EUR' },
    dueAt: '2027-01-31T21:00:00Z',
    to: 'declined',
    from: 'sent',
    actor: 'Anna Petrova',
    reason: 'First line\r\n=SUM(A1) on the second',
    actionRequired: true,
    severity: 'error',
  });
  const formula = server.control.publish(ben.id, {
    contractId: 'C-formula',
    title: '=HYPERLINK("https://evil.example";"Pay")',
    counterparty: '@Acme',
    amount: null,
    dueAt: null,
    to: 'sent',
    from: 'approved',
    actor: 'Ben Carter',
    actionRequired: false,
  });
  await expectShown(window, ['C-formula', 'C-plain']);
  const path = join(await newProfile(), 'view.csv');
  await computer.chooseFile(path);
  await press(window, 'j', 'e');
  await expect(window.getByText(/^2 contracts saved to/)).toBeVisible();
  await expect(window.getByText('looked like formulas and now begin with an apostrophe')).toBeVisible();
  const bytes = await readFile(path);
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const parties = (event: typeof plain): string =>
    event.data.contract.counterparties.map(({ name }) => name).join('; ');
  const text = [
    'Contract,Title,Counterparties,Status,Status code,Previous status,Severity,Needs you,' +
      'Acknowledgement,Amount,Currency,Due,Changed,Changed by,Reason,Unread changes,Muted,Snoozed until,Version',
    `C-formula,"'=HYPERLINK(""https://evil.example"";""Pay"")",'${parties(formula)},` +
      `Out for signature,sent,Approved,Information,no,,,,,${formula.time},Ben Carter,,1,no,,1`,
    `C-plain,"Supply, ""steel"" & Söhne",${parties(plain)},Declined,declined,Out for signature,Problem,yes,,` +
      `-1250000.50,EUR,2027-01-31T21:00:00Z,${plain.time},Anna Petrova,"First line\r\n'=SUM(A1) on the second",1,no,,1`,
    '',
  ].join('\r\n');
  expect(bytes.subarray(3).toString('utf8')).toBe(text);
});

test('a view is saved as JSON, each change letter by letter as the server sent it', async ({
  app,
  server,
  newProfile,
}) => {
  const { window, computer } = app;
  const ben = getBen(server);
  await signIn(window, server);
  const shown = server.control.publish(ben.id, {
    contractId: 'C-exact',
    title: 'To the last digit',
    amount: { value: '123456789012345678.90', currency: 'EUR' },
    to: 'declined',
    actionRequired: true,
  });
  server.control.publish(ben.id, { contractId: 'C-other', to: 'sent', actionRequired: false });
  await expect(rowOf(window, 'C-other')).toBeVisible();
  await goTo(window, 'Needs you');
  const path = join(await newProfile(), 'view.json');
  await computer.chooseFile(path);
  await press(window, 'j');
  await callPalette(window);
  await window.keyboard.type('export json');
  await press(window, 'Enter');
  await expect(window.getByText(/^1 contract saved to/)).toBeVisible();
  const text = await readFile(path, 'utf8');
  const saved = JSON.parse(text);
  expect(saved).toMatchObject({
    server: server.url,
    userId: ben.id,
    filter: { view: 'action_required' },
    contracts: [{ contractId: 'C-exact', amount: { value: '123456789012345678.90', currency: 'EUR' } }],
  });
  expect(saved.contracts[0].envelope).toEqual(shown);
  expect(text).toContain(JSON.stringify(shown));
});

test('who changes their mind gets no file and no message', { tag: '@nightly' }, async ({ app, server }) => {
  const { window, computer } = app;
  await signIn(window, server);
  server.control.publish(getBen(server).id, { contractId: 'C-one', to: 'sent' });
  await expect(rowOf(window, 'C-one')).toBeVisible();
  await computer.chooseFile(null);
  const answer = await window.evaluate(() =>
    pulse.request('view:export', { filter: { view: 'all', text: '' }, format: 'csv' }),
  );
  expect(answer).toEqual({ ok: true, value: { saved: false } });
});
