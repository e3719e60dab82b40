import { afterEach, expect, test } from 'vitest';
import { holeText } from '../../renderer/connection/receipt-words.ts';
import { createFormats } from '../../renderer/i18n/format.ts';
import { createI18n } from '../../renderer/i18n/i18n.ts';
import { until } from './rig.ts';
import { everythingSaid, said } from './said.ts';
import { createScene, describe as tell, type Scene } from './scene.ts';

const { t } = createI18n('en');
let scene: Scene;

afterEach(() => scene.close());

test('ids without an order: a head that names what never came is said, and nothing is called live until it has come', async () => {
  scene = await createScene({ server: { foreign: true, backlog: 0 } });
  const { rig, server, userId, live, stored } = scene;
  const name = (id: string | null): void => {
    const data = JSON.stringify({ head: id, at: new Date().toISOString() });
    server.control.sendRaw(userId, `event: ${userId}_StreamHead\ndata: ${data}\n\n`);
  };
  await rig.signIn(server.url);
  await live();
  server.control.advance(5, userId);
  await until(() => stored().length === 5, 'five events');
  name(server.control.published(userId).at(-1)?.id ?? null);
  await until(
    () => rig.phase() === 'live',
    () => tell(rig),
  );
  expect(said(rig.window)).toContain('Changes appear as they happen.');

  const beat = setInterval(() => name('1999:10'), 50);
  try {
    await until(
      () => rig.window.receipt()?.verdict === 'holes' && rig.phase() === 'connected',
      () => `the gap said: ${said(rig.window)} ${tell(rig)}`,
    );
    const gaps = rig.window.receipt()?.openHoles.map((hole) => holeText(t, createFormats('en-GB'), hole));
    expect(gaps).toEqual(['The server has named a change that did not arrive here.']);
    const from = rig.window.messages.length;
    await rig.restart();
    await until(
      () => rig.phase() === 'connected',
      () => tell(rig),
    );
    expect(rig.window.receipt()?.openHoles).toHaveLength(1);
    const words = everythingSaid(rig.window, from).join(' ');
    expect(words).not.toContain('Changes appear as they happen.');
    expect(words).not.toContain('No gap seen');
  } finally {
    clearInterval(beat);
  }
});
