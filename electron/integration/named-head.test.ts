import { afterEach, expect, test } from 'vitest';
import { gapText } from '../../renderer/features/connection/receipt-words.ts';
import { createFormats } from '../../renderer/i18n/format.ts';
import { createI18n } from '../../renderer/i18n/i18n.ts';
import { until } from './harness.ts';
import { everythingSaid, said } from './said.ts';
import { createScenario, describe as tell, type Scenario } from './scenario.ts';

const { t } = createI18n('en');
let scenario: Scenario;

afterEach(() => scenario.close());

test('ids without an order: a head that names what never came is said, and nothing is called live until it has come', async () => {
  scenario = await createScenario({ server: { foreign: true, backlog: 0 } });
  const { harness, server, userId, live, stored } = scenario;
  const name = (id: string | null): void => {
    const data = JSON.stringify({ head: id, at: new Date().toISOString() });
    server.control.sendRaw(userId, `event: ${userId}_StreamHead\ndata: ${data}\n\n`);
  };
  await harness.signIn(server.url);
  await live();
  server.control.advance(5, userId);
  await until(() => stored().length === 5, 'five events');
  name(server.control.published(userId).at(-1)?.id ?? null);
  await until(
    () => harness.phase() === 'live',
    () => tell(harness),
  );
  expect(said(harness.window)).toContain('Changes appear as they happen.');

  const beat = setInterval(() => name('1999:10'), 50);
  try {
    await until(
      () => harness.window.receipt()?.verdict === 'gaps' && harness.phase() === 'connected',
      () => `the gap said: ${said(harness.window)} ${tell(harness)}`,
    );
    const gaps = harness.window.receipt()?.openGaps.map((gap) => gapText(t, createFormats('en-GB'), gap));
    expect(gaps).toEqual(['The server has told of a change that is not here.']);
    const from = harness.window.messages.length;
    await harness.restart();
    await until(
      () => harness.phase() === 'connected',
      () => tell(harness),
    );
    expect(harness.window.receipt()?.openGaps).toHaveLength(1);
    const words = everythingSaid(harness.window, from).join(' ');
    expect(words).not.toContain('Changes appear as they happen.');
    expect(words).not.toContain('No gap seen');
  } finally {
    clearInterval(beat);
  }
});
