import { describe, expect, test } from 'vitest';
import { fakeRow } from '../../testing/fake-data.ts';
import { show, text } from '../../testing/show.tsx';
import { ContractStates } from './contract-states.tsx';

const HOUR = 3_600_000;

describe.each([
  ['en', /^Snoozed until (?!it changes)/, 'Snooze is over'],
  ['ru', /^Отложен: вернётся/, 'Был отложен, срок прошёл'],
] as const)('a snoozed contract (%s)', (language, named, over) => {
  const open = (until: number) =>
    show(
      <ContractStates row={{ ...fakeRow(0, Date.now()), snoozed: { until }, muted: false }} />,
      '',
      language,
    );

  test('says until when', async () => {
    await open(Date.now() + HOUR);
    expect(text()).toMatch(named);
  });

  test('names no time that has passed, and still offers the way back', async () => {
    const { asked, user } = await open(Date.now() - HOUR);
    expect(text()).toMatch(new RegExp(`^${over}`));
    await user.click(document.querySelector('button')!);
    expect(asked.map(({ channel }) => channel)).toContain('actions:perform');
  });
});
