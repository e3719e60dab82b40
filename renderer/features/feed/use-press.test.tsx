import { expect, test } from 'vitest';
import { fireEvent, screen, show } from '../../testing/show.tsx';
import { usePress } from './use-press.ts';

function List({ ids }: { ids: readonly string[] }) {
  return (
    <div data-testid="list" {...usePress()}>
      {ids.map((id) => (
        <div key={id} data-contract-id={id} data-testid={id}>
          <span className="row-box" data-testid={`${id}-box`} />
          {id}
        </div>
      ))}
    </div>
  );
}

async function begin() {
  const ids = ['C-2026-000001', 'C-2026-000002'] as const;
  const shown = await show(<List ids={ids} />, 'count=5');
  const { feed, contract, cursor } = shown.stores;
  const [one, other] = [...feed.getState().rows.values()].map(({ contractId }) => contractId);
  return {
    open: () => contract.getState().openId,
    selected: () => [...cursor.getState().selected],
    one,
    other,
  };
}

const at = (x: number, y: number, over: object = {}) => ({
  button: 0,
  clientX: x,
  clientY: y,
  detail: 1,
  ...over,
});

test('the row on which the button went down is meant, wherever the click is sent', async () => {
  const { open } = await begin();
  fireEvent.pointerDown(screen.getByTestId('C-2026-000001'), at(10, 10));
  fireEvent.click(screen.getByTestId('list'), at(12, 11));
  expect(open()).toBe('C-2026-000001');
});

test('a pointer that strayed pressed nothing; the next press is one of its own', async () => {
  const { open } = await begin();
  fireEvent.pointerDown(screen.getByTestId('C-2026-000001'), at(10, 10));
  fireEvent.click(screen.getByTestId('list'), at(10, 60));
  expect(open()).toBeNull();
  fireEvent.pointerDown(screen.getByTestId('C-2026-000002'), at(10, 60));
  fireEvent.click(screen.getByTestId('C-2026-000002'), at(10, 60));
  expect(open()).toBe('C-2026-000002');
});

test('assistive technology, which sends a click alone, opens the row it names', async () => {
  const { open } = await begin();
  fireEvent.click(screen.getByTestId('C-2026-000002'), at(0, 0, { detail: 0 }));
  expect(open()).toBe('C-2026-000002');
});

test('the other button begins nothing', async () => {
  const { open } = await begin();
  fireEvent.pointerDown(screen.getByTestId('C-2026-000001'), at(10, 10, { button: 2 }));
  fireEvent.click(screen.getByTestId('list'), at(10, 10));
  expect(open()).toBeNull();
});

test('the box selects and opens nothing', async () => {
  const { open, selected, one } = await begin();
  const row = screen.getByTestId('C-2026-000001');
  row.dataset['contractId'] = one;
  fireEvent.pointerDown(screen.getByTestId('C-2026-000001-box'), at(3, 3));
  fireEvent.click(screen.getByTestId('C-2026-000001-box'), at(3, 3));
  expect(selected()).toEqual([one]);
  expect(open()).toBeNull();
});
