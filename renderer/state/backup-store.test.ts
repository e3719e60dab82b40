import { describe, expect, it } from 'vitest';
import { RequestError } from '../../protocol/failures.ts';
import type { ChosenBackup } from '../../protocol/ipc.ts';
import { scriptedPulse } from '../testing/fixtures.ts';
import { createApi } from './api.ts';
import { createBackupStore } from './backup-store.ts';

const CHOSEN: ChosenBackup = { name: 'one.pulsebackup', at: 1000, contracts: 3, events: 9, others: 0 };

function setUp() {
  const script = scriptedPulse();
  const restored: string[] = [];
  const backup = createBackupStore(createApi(script.pulse), () => restored.push('read anew'));
  return { backup, restored, ...script };
}

async function asked() {
  const made = setUp();
  void made.backup.choose();
  await made.next('storage:chooseBackup').answer(CHOSEN);
  await made.next('outbox:unsent').answer({ unsent: 2, refused: 0 });
  return made;
}

describe('a backup', () => {
  it('is made, and where it lies is told', async () => {
    const { backup, next } = setUp();
    void backup.backUp();
    expect(backup.getState().working).toBe('saving');
    void backup.choose();
    await next('storage:backUp').answer({ saved: true, path: '/home/anna/one', bytes: 7 });
    expect(backup.getState()).toEqual({
      working: null,
      asked: null,
      outcome: { what: 'saved', path: '/home/anna/one', bytes: 7 },
    });
    void backup.backUp();
    await next('storage:backUp').answer({ saved: false });
    expect(backup.getState().outcome).toBeNull();
  });

  it('is asked about before it takes the place of anything, with what would be lost', async () => {
    const { backup, next, restored, asked: requests } = await asked();
    expect(backup.getState()).toEqual({
      working: null,
      asked: { backup: CHOSEN, unsent: 2 },
      outcome: null,
    });
    expect(requests).toEqual([]);
    void backup.restore();
    backup.cancel();
    expect(backup.getState()).toMatchObject({ working: 'restoring', asked: { backup: CHOSEN } });
    expect(restored).toEqual([]);
    await next('storage:restore').answer({ notSent: 2 });
    expect(restored).toEqual(['read anew']);
    expect(backup.getState()).toEqual({
      working: null,
      asked: null,
      outcome: { what: 'restored', notSent: 2 },
    });
  });

  it('is forgotten by main, too, when the person stays', async () => {
    const { backup, next, restored } = await asked();
    backup.cancel();
    expect(backup.getState().asked).toBeNull();
    await next('storage:dropBackup').answer(undefined);
    expect(restored).toEqual([]);
  });

  it('that cannot be used is told with its reason, and asked about no more', async () => {
    const why = { code: 'restoreDamaged', params: {}, detail: 'page 7' } as const;
    const { backup, next, restored } = await asked();
    void backup.restore();
    await next('storage:restore').refuse(new RequestError(why));
    expect(backup.getState()).toEqual({ working: null, asked: null, outcome: { what: 'failed', why } });
    expect(restored).toEqual([]);
    void backup.choose();
    await next('storage:chooseBackup').answer(null);
    expect(backup.getState()).toEqual({ working: null, asked: null, outcome: null });
  });
});
