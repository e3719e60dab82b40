import { expect, test, vi } from 'vitest';
import { CATALOG, type Finding, type FindingCode } from '../../../protocol/findings.ts';
import type { CheckRequest } from '../../../protocol/server-check.ts';
import { createFormats } from '../../i18n/format.ts';
import { createI18n } from '../../i18n/i18n.ts';
import { act, screen, show, text } from '../../testing/show.tsx';
import { ServerCheckDialog } from './check-dialog.tsx';
import { findingWords } from './finding-words.ts';

const KEY: CheckRequest = {
  by: 'key',
  server: 'https://events.example.com',
  userId: 'u42',
  key: { header: 'X-API-Key', value: 'k-secret' },
};

async function open(query = '', language: 'en' | 'ru' = 'en') {
  const shown = await show(<ServerCheckDialog />, `session=signed_out&${query}`, language);
  await act(() => shown.stores.serverCheck.start(KEY, 'https://events.example.com'));
  return shown;
}

const NAMED: Record<string, unknown> = {
  problem: { code: 'unreachable', detail: 'ECONNREFUSED' },
  verdict: 'complete',
};
/** Whatever a sentence asks for, there is something. */
const params = new Proxy({}, { get: (_, name) => NAMED[String(name)], ownKeys: () => [] });

test.each(['en', 'ru'] as const)(
  '%s: every finding has its words, and every fault what to change',
  (language) => {
    const { t } = createI18n(language);
    const codes = Object.keys(CATALOG) as readonly FindingCode[];
    for (const code of codes) {
      const words = findingWords(t, createFormats(language), { code, params } as Finding);
      expect(words.says, code).not.toMatch(/finding\.|undefined/);
      if (CATALOG[code][1] === 'fault') expect(words.change, code).not.toBeNull();
    }
  },
);

test('the steps are listed with what to change; the report is copied, and says so', async () => {
  const { user, count } = await open();
  expect(text()).toContain('Test of events.example.com');
  const steps = screen.getAllByRole('listitem');
  expect(steps.map((step) => step.dataset['step'])).toEqual(
    expect.arrayContaining(['address', 'name', 'connection', 'heartbeat', 'resume', 'receipt']),
  );
  expect(steps.find(({ dataset }) => dataset['step'] === 'resume')?.textContent).toContain('Last-Event-ID');
  expect(text()).toContain('4 faults found.');
  expect(text()).not.toContain('k-secret');
  await user.click(screen.getByRole('button', { name: 'Copy report' }));
  expect(count('server:copyReport')).toBe(1);
  expect(text()).toContain('The report is on the clipboard.');
});

test('while it runs every step is there, and it can be stopped; closing it forgets what was typed', async () => {
  const { user, stores, count } = await show(<ServerCheckDialog />, 'session=signed_out&slow=5000');
  act(() => void stores.serverCheck.start(KEY, KEY.by === 'key' ? KEY.server : ''));
  expect(screen.getAllByRole('listitem')).toHaveLength(18);
  await user.click(screen.getByRole('button', { name: 'Stop' }));
  expect(count('server:cancelCheck')).toBe(1);
  await user.keyboard('{Escape}');
  expect(stores.serverCheck.getState().request).toBeNull();
});

test('where the person did not confirm the server it is said that nothing was sent', async () => {
  await open('check=not_confirmed');
  expect(screen.getByRole('alert').textContent).toContain('Nothing was tested');
});

const previews = (): string[] => screen.getAllByTestId('preview').map((one) => one.textContent);

test('the preview follows each correction, and “Use this” hands the corrected profile on', async () => {
  const { user, asked, stores } = await open();
  expect(previews()[0]).toContain('Lease of the hall');
  expect(previews()[1]).toContain('Declined');
  expect(previews()[2]).toContain('AT_NOTARY');
  await user.selectOptions(screen.getByLabelText('Title'), '/doc/note');

  expect(previews()[0]).toMatch(/Information2nd floor/);
  await user.selectOptions(screen.getByLabelText('AT_NOTARY'), 'in_review');
  expect(previews()[2]).toContain('In review');
  await user.type(screen.getByLabelText(/Names of the events/), 'ument');
  expect(previews()[0]).toContain('not among the names');
  await user.clear(screen.getByLabelText(/Names of the events/));
  const use = screen.getByRole('button', { name: 'Use this and sign in' });
  expect(screen.getByRole('alert').textContent).toContain('not a complete profile');
  expect(use.hasAttribute('disabled')).toBe(true);
  await user.type(screen.getByLabelText(/Names of the events/), 'doc');
  await user.click(use);
  await vi.waitUntil(() => stores.serverCheck.getState().request === null);
  const chosen = asked.find(({ channel }) => channel === 'session:useProfile')?.argument;
  expect(JSON.parse((chosen as { json: string }).json)).toMatchObject({
    events: ['doc'],
    mapping: {
      title: '/doc/note',
      status: { at: '/state', values: { AT_NOTARY: 'in_review', SENT: 'sent' } },
    },
  });
  expect(asked.findLast(({ channel }) => channel === 'session:signIn')?.argument).toEqual({
    server: 'https://events.example.com',
    username: 'u42',
    key: { header: 'X-API-Key', value: 'k-secret' },
    profile: true,
  });
});
