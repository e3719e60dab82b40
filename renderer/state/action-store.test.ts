import { describe, expect, it } from 'vitest';
import { scriptedPulse } from '../testing/fixtures.ts';
import { createApi } from './api.ts';
import { createActionStore } from './action-store.ts';

function setUp() {
  const script = scriptedPulse();
  const contractActions = createActionStore(
    createApi(script.pulse),
    (contractId) => `Title of ${contractId}`,
  );
  return { contractActions, done: () => contractActions.getState().done, ...script };
}

describe('actions', () => {
  it('are told with what they changed, and taken back the latest first', async () => {
    const { contractActions, done, next } = setUp();
    const muting = contractActions.perform(['a', 'b'], { do: 'mute', muted: true });
    await next('actions:perform').answer({ undoId: 4, changed: 2 });
    await muting;
    expect(done()).toMatchObject({ what: 'muted', count: 2, undoable: true });
    const reading = contractActions.markViewRead(3);
    await next('view:markRead').answer({ undoId: 5, changed: 40 });
    await reading;
    expect(done()).toMatchObject({ what: 'view_read', count: 40 });

    for (const undoId of [5, 4]) {
      const undoing = contractActions.undo();
      const asked = next('actions:undo');
      expect(asked.argument).toEqual({ undoId });
      await asked.answer(true);
      await undoing;
      expect(done()).toMatchObject({ what: 'undone', undoable: false });
    }
    expect(contractActions.canUndo()).toBe(false);
  });

  it('say so when nothing was changed, or when it is too late', async () => {
    const { contractActions, done, next } = setUp();
    const reading = contractActions.perform(['a'], { do: 'read', read: true });
    await next('actions:perform').answer({ undoId: null, changed: 0 });
    await reading;
    expect(done()).toMatchObject({ what: 'nothing', undoable: false });
    expect(contractActions.canUndo()).toBe(false);

    const snoozing = contractActions.perform(['a'], { do: 'snooze', until: 99 });
    await next('actions:perform').answer({ undoId: 1, changed: 1 });
    await snoozing;
    expect(done()).toMatchObject({ what: 'snoozed', until: 99 });
    const undoing = contractActions.undo();
    await next('actions:undo').answer(false);
    await undoing;
    expect(done()).toMatchObject({ what: 'too_late' });

    // Of what was sent, the words name what it was.
    const acknowledging = contractActions.perform(['a'], { do: 'acknowledge' });
    await next('actions:perform').answer({ undoId: 2, changed: 1 });
    await acknowledging;
    const takingBack = contractActions.undo();
    await next('actions:undo').answer(false);
    await takingBack;
    expect(done()).toMatchObject({ what: 'acknowledged_too_late', count: 1 });
  });

  it('leave it to the caller to tell what main refused', async () => {
    const { contractActions, done, next } = setUp();
    const muting = contractActions.perform(['a'], { do: 'mute', muted: true });
    const refused = expect(muting).rejects.toThrow('Not now.');
    await next('actions:perform').refuse(new Error('Not now.'));
    await refused;
    expect(done()).toBeNull();
  });

  it('take back the acknowledgement of one contract, whatever was done since', async () => {
    const { contractActions, done, next } = setUp();
    const acknowledging = contractActions.perform(['a'], { do: 'acknowledge' });
    await next('actions:perform').answer({ undoId: 1, changed: 1 });
    await acknowledging;
    expect(done()).toMatchObject({ what: 'acknowledged', acknowledged: 'a' });
    const muting = contractActions.perform(['a'], { do: 'mute', muted: true });
    await next('actions:perform').answer({ undoId: 2, changed: 1 });
    await muting;

    expect(await contractActions.undoAcknowledged('b')).toBe(false);
    const undoing = contractActions.undoAcknowledged('a');
    const asked = next('actions:undo');
    expect(asked.argument).toEqual({ undoId: 1 });
    await asked.answer(true);
    expect(await undoing).toBe(true);
    expect(done()).toMatchObject({ what: 'undone' });
    expect(await contractActions.undoAcknowledged('a')).toBe(false);
    const last = contractActions.undo();
    expect(next('actions:undo').argument).toEqual({ undoId: 2 });
    void last;
  });

  it('have no single contract where several were acknowledged', async () => {
    const { contractActions, done, next } = setUp();
    const acknowledging = contractActions.perform(['a', 'b'], { do: 'acknowledge' });
    await next('actions:perform').answer({ undoId: 1, changed: 2 });
    await acknowledging;
    expect(done()).toMatchObject({ acknowledged: null });
  });

  it('may be anything that knows its way back', async () => {
    const { contractActions, done } = setUp();
    let back = 0;
    contractActions.tell('view_removed', { name: 'Steel', takeBack: async () => (back += 1) });
    expect(done()).toMatchObject({ what: 'view_removed', name: 'Steel', undoable: true });
    await contractActions.undo();
    expect(back).toBe(1);
    contractActions.tell('reference_copied');
    expect(done()).toMatchObject({ undoable: false });
  });
});
