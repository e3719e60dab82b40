import { expect, test } from 'vitest';
import { fireEvent, screen, show } from '../testing/show.tsx';
import { SearchField } from './search-field.tsx';
import { CommandKeys } from '../commands/command-keys.tsx';

function Window() {
  return (
    <>
      <CommandKeys />
      <SearchField />
      <button type="button">Do it</button>
    </>
  );
}

const begin = async () => {
  const shown = await show(<Window />, 'count=30');
  return {
    ...shown,
    done: () => shown.asked.filter(({ channel }) => channel === 'actions:perform').length,
    at: () => shown.stores.cursor.index(),
  };
};

/** As a keyboard sends it: true where the window left it to the browser. */
const hold = (target: Element, key: string, code: string, repeat: boolean): boolean =>
  fireEvent.keyDown(target, { key, code, repeat });

test('a key that is held does what it does once', async () => {
  const { done } = await begin();
  hold(document.body, 'u', 'KeyU', false);
  for (let again = 0; again < 23; again += 1) hold(document.body, 'u', 'KeyU', true);
  expect(done()).toBe(1);
  hold(document.body, 'u', 'KeyU', false);
  expect(done()).toBe(2);
});

test('a key that is held goes on moving', async () => {
  const { at } = await begin();
  hold(document.body, 'j', 'KeyJ', false);
  for (let again = 0; again < 5; again += 1) hold(document.body, 'j', 'KeyJ', true);
  expect(at()).toBe(6);
});

test('a key that is held is not typed where its command led to', async () => {
  await begin();
  hold(document.body, '/', 'Slash', false);
  const field = screen.getByRole('textbox');
  expect(document.activeElement).toBe(field);
  expect(hold(field, '/', 'Slash', true)).toBe(false);
  expect(hold(field, '/', 'Slash', false)).toBe(true);
  expect(hold(field, '/', 'Slash', true)).toBe(true);
});

test('Enter that is held presses no button again and again', async () => {
  await begin();
  const button = screen.getByRole('button', { name: 'Do it' });
  button.focus();
  expect(hold(button, 'Enter', 'Enter', false)).toBe(true);
  expect(hold(button, 'Enter', 'Enter', true)).toBe(false);
});

test.each([
  ['the press that begins a word', { keyCode: 229 }],
  ['a press that an input method took', { key: 'Process' }],
  ['a press within a word', { isComposing: true }],
])('%s is no command', async (_name, over) => {
  const { done } = await begin();
  fireEvent.keyDown(document.body, { key: 'u', code: 'KeyU', ...over });
  expect(done()).toBe(0);
});

test('the Enter and Escape that end a word stay in the search', async () => {
  const { user } = await begin();
  const field = screen.getByRole('textbox');
  await user.type(field, 'nord');
  for (const key of ['Enter', 'Escape']) {
    expect(fireEvent.keyDown(field, { key, code: key, isComposing: true })).toBe(true);
    expect(document.activeElement).toBe(field);
    expect(field).toHaveProperty('value', 'nord');
  }
});

test('Ctrl+F goes to the search', async () => {
  const { user } = await begin();
  await user.keyboard('{Control>}f{/Control}');
  expect(document.activeElement).toBe(screen.getByRole('textbox'));
});

test('what is new has the keyboard once it has come, not the row that stood first before', async () => {
  const { stores } = await begin();
  const { feed, cursor } = stores;
  cursor.moveTo(5);
  feed.setState({ waiting: 1 });
  fireEvent.keyDown(document.body, { key: 'n', code: 'KeyN' });
  const rows = [...feed.getState().rows.entries()];
  const [, came] = rows[8]!;
  feed.setState({
    rows: new Map([
      [0, came],
      ...rows.filter(([, row]) => row !== came).map(([at, row]) => [at < 8 ? at + 1 : at, row] as const),
    ]),
  });
  expect(cursor.row()).toBe(came);
});
