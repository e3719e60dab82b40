import { describe, expect, it } from 'vitest';
import { scriptedPulse } from '../testing/fixtures.ts';
import { createApi } from './api.ts';
import { createLeaveStore } from './leave-store.ts';

function setUp() {
  const script = scriptedPulse();
  const failures: unknown[] = [];
  const leave = createLeaveStore(createApi(script.pulse), (run) =>
    run().then(
      () => {},
      (error: unknown) => void failures.push(error),
    ),
  );
  return { leave, failures, ...script };
}

/** Asked about signing out, with so many unsent. */
async function asked(unsent: number, refused = 0) {
  const made = setUp();
  void made.leave.ask('sign_out');
  await made.next('outbox:unsent').answer({ unsent, refused });
  return made;
}

describe('leaving', () => {
  it('happens at once where everything has been sent', async () => {
    const { leave, next, asked: requests } = await asked(0, 3);
    expect(leave.getState().asked).toBeNull();
    await next('session:signOut').answer(undefined);
    expect(requests).toEqual([]);
  });

  it('is asked about where something is unsent, and nothing happens until the person says so', async () => {
    const { leave, next, asked: requests } = await asked(2);
    expect(leave.getState()).toMatchObject({ asked: 'sign_out', unsent: 2, waiting: false });
    leave.apply({ unsent: 0, refused: 0 });
    expect(leave.getState()).toMatchObject({ asked: 'sign_out', unsent: 0 });
    expect(requests).toEqual([]);
    void leave.go();
    await next('session:signOut').answer(undefined);
    expect(leave.getState().asked).toBeNull();
  });

  it('comes by itself, once, when who waits has nothing unsent any more', async () => {
    const { leave, next, asked: requests } = await asked(2);
    leave.wait();
    leave.apply({ unsent: 1, refused: 0 });
    expect(leave.getState()).toMatchObject({ waiting: true, unsent: 1 });
    expect(requests).toEqual([]);
    leave.apply({ unsent: 0, refused: 0 });
    leave.apply({ unsent: 0, refused: 0 });
    expect(leave.getState()).toMatchObject({ asked: 'sign_out', working: true });
    await next('session:signOut').answer(undefined);
    expect(requests).toEqual([]);
    expect(leave.getState().asked).toBeNull();
  });

  it('does not come by itself where the server has not accepted one of them', async () => {
    const { leave, asked: requests } = await asked(1, 4);
    leave.wait();
    leave.apply({ unsent: 0, refused: 5 });
    expect(leave.getState()).toMatchObject({ asked: 'sign_out', waiting: false, refused: true });
    expect(requests).toEqual([]);
  });

  it('is given up: nothing happens once they are sent', async () => {
    const { leave, asked: requests } = await asked(1);
    leave.wait();
    leave.cancel();
    leave.apply({ unsent: 0, refused: 0 });
    expect(leave.getState().asked).toBeNull();
    expect(requests).toEqual([]);
  });

  it('keeps nobody who cannot be told how many there are', async () => {
    const { leave, next } = setUp();
    void leave.ask('sign_out');
    await next('outbox:unsent').refuse(new Error('The ledger has ended.'));
    await next('session:signOut').answer(undefined);
    expect(leave.getState().asked).toBeNull();
  });

  it('with erasing is asked about in any case, and erases', async () => {
    const { leave, next, failures } = setUp();
    void leave.ask('erase');
    expect(leave.getState()).toMatchObject({ asked: 'erase', unsent: 0 });
    await next('outbox:unsent').answer({ unsent: 1, refused: 0 });
    expect(leave.getState().unsent).toBe(1);
    leave.wait();
    leave.apply({ unsent: 0, refused: 0 });
    await next('session:signOutAndErase').refuse(new Error('Not everything.'));
    expect(failures).toHaveLength(1);
    expect(leave.getState()).toMatchObject({ asked: null, working: false });
  });
});
