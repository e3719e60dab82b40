import { expect, test } from 'vitest';
import type { AcknowledgementState, ContractDetail } from '../../../protocol/view.ts';
import { fakeDetail, fakeRow } from '../../testing/fake-data.ts';
import { act, screen, show, text } from '../../testing/show.tsx';
import { NextAction } from './next-action.tsx';

function detailOf(
  state: AcknowledgementState,
  over: Partial<ContractDetail['acknowledgement']> = {},
): ContractDetail {
  const row = { ...fakeRow(0, Date.now()), actionRequired: true, acknowledgement: state };
  const detail = fakeDetail(row, Date.now(), false);
  return {
    ...detail,
    row,
    acknowledgement: { ...detail.acknowledgement, state, at: null, by: null, problem: null, ...over },
  };
}

async function open(detail: ContractDetail, query = 'count=3') {
  const shown = await show(<NextAction detail={detail} />, query);
  // What the buttons do, they do to the contract that is open.
  act(() => shown.stores.contract.open(detail.row.contractId));
  return shown;
}

test('where nothing is to be done nothing is drawn', async () => {
  const detail = detailOf('none');
  await open({ ...detail, row: { ...detail.row, actionRequired: false } });
  expect(text()).toBe('');
});

test.each([
  [-3_600_000, /on \d/],
  [73 * 365 * 86_400_000, /^Acknowledged by Ben$/],
])('the time of an acknowledgement is named once it has been: %i ms from now', async (ms, said) => {
  await open(detailOf('sent', { at: Date.now() + ms, by: 'Ben' }));
  expect(text()).toMatch(said);
});

test('at a server that takes no acknowledgements none is offered', async () => {
  const { stores } = await open(detailOf('none'));
  const { session } = stores.session.getState();
  if (session.state !== 'signed_in') throw new Error('nobody is signed in');
  act(() => stores.session.applySession({ ...session, cannotAcknowledge: true }));
  expect(text()).not.toBe('');
  expect(screen.queryByRole('button')).toBeNull();
});

test('acknowledging is asked for this contract', async () => {
  const detail = detailOf('none');
  const { user, asked } = await open(detail);
  await user.click(screen.getByRole('button', { name: 'Acknowledge' }));
  expect(asked.find(({ channel }) => channel === 'actions:perform')?.argument).toEqual({
    contractIds: [detail.row.contractId],
    action: { do: 'acknowledge' },
  });
});

test('while it is held it counts down, and can be taken back, also after a restart', async () => {
  const { user, count } = await open(detailOf('held', { at: Date.now() + 7_500 }));
  expect(screen.getByRole('timer').textContent).toMatch(/in [78] seconds/);
  await user.click(screen.getByRole('button', { name: /undo/i }));
  expect(count('contract:undoAcknowledge')).toBe(1);
});

test('without a connection nothing is said to be sent', async () => {
  await open(detailOf('sending'), 'count=3&connection=offline');
  expect(screen.getByRole('status').textContent).toMatch(/will be sent when connected/i);
});

test.each(['en', 'ru'] as const)(
  'what was sent and is not confirmed is not said to be on its way, with a connection; without one it waits (%s)',
  async (language) => {
    const problem = { code: 'other', params: { status: 503 }, detail: 'answered 503' } as const;
    const detail = detailOf('unconfirmed', { problem });
    const { stores } = await show(<NextAction detail={detail} />, 'count=3', language);
    expect(screen.getByRole('status').textContent).toMatch(/not confirmed|не подтвердил/);
    expect(text()).not.toMatch(/Sending|отправляется/);
    const status = stores.connection.getState().status!;
    const failure = { code: 'unreachable', status: null, detail: '' } as const;
    const state = { phase: 'waiting', retryAt: 0, attempt: 1, failure, offline: false } as const;
    act(() => stores.connection.applyStatus({ ...status, state }));
    expect(screen.getByRole('status').textContent).toMatch(/when connected|появится связь/);
  },
);

test('a failure says why, that nothing is lost, and tries again', async () => {
  const problem = { code: 'forbidden', params: { status: 403 }, detail: 'HTTP 403' } as const;
  const { user, count } = await open(detailOf('failed', { problem }));
  expect(screen.getByRole('alert').textContent?.length).toBeGreaterThan(40);
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(count('contract:retryAcknowledge')).toBe(1);
});

test.each([
  ['refused', 'en'],
  ['other', 'en'],
  ['refused', 'ru'],
  ['other', 'ru'],
] as const)('what the server has refused is not said to be unsent: %s, %s', async (code, language) => {
  const problem = { code, params: { status: code === 'other' ? null : 422 }, detail: 'HTTP' } as const;
  await show(<NextAction detail={detailOf('failed', { problem })} />, 'count=3', language);
  const told = screen.getByRole('alert').textContent ?? '';
  expect(told).not.toMatch(/not sent|не отправлена/i);
  // «Отметка», which each of these sentences is about, is feminine.
  expect(told).not.toMatch(/(?:^|[\s.])(?:оно|его)\s/i);
});

test('who has taken it on is said, and there is nothing to press', async () => {
  await open(detailOf('sent', { by: 'Oleg Sokolov', at: Date.now() - 60_000 }));
  expect(text()).toContain('Oleg Sokolov');
  expect(screen.queryByRole('button')).toBeNull();
});
