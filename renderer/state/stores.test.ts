import { remedyOf } from '../../protocol/ipc.ts';
import { describe, expect, it } from 'vitest';
import { createFakePulse } from '../testing/fake-pulse.ts';
import { fakeSession, fakeStorage } from '../testing/fake-states.ts';
import { createApi } from './api.ts';
import { clampPane, PANE_BOUNDS, readLayout, usualListWidth } from './layout-store.ts';
import { connectStores, createStores } from './stores.ts';

function memory() {
  const map = new Map<string, string>();
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  };
}

async function start(query: string, storage = memory()) {
  const pulse = createFakePulse(new URLSearchParams(query));
  const api = createApi(pulse);
  const stores = createStores(api, storage, () => 1000);
  const disconnect = await connectStores(stores, api, (run) => run());
  return { pulse, stores, disconnect, storage };
}

/** Resolves when `done` holds; vitest's time limit is the deadline. */
function until(store: { subscribe(run: () => void): () => void }, done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (done()) return resolve();
    const off = store.subscribe(() => {
      if (!done()) return;
      off();
      resolve();
    });
  });
}

describe('the stores together', () => {
  it('take over what main tells at the start, and open the feed for who is signed in', async () => {
    const { stores } = await start('count=30&connection=catching&receipt=gaps&storage=locked');
    expect(stores.session.getState().session.state).toBe('signed_in');
    expect(stores.connection.getState().status?.state.phase).toBe('catching_up');
    expect(stores.receipt.getState().receipt?.verdict).toBe('gaps');
    expect(stores.notice.getState().storage?.code).toBe('locked');
    await until(stores.feed, () => stores.feed.getState().total === 30);
  });

  it('forget the list and the receipt of who signed out', async () => {
    const { stores } = await start('count=30');
    await until(stores.feed, () => stores.feed.getState().total === 30);
    await stores.leave.ask('sign_out');
    expect(stores.feed.getState()).toMatchObject({ viewId: null, total: null });
    expect(stores.receipt.getState().receipt).toBeNull();
    expect(stores.session.getState().session).toMatchObject({ state: 'signed_out', ended: 'by_user' });
  });

  it('sign in, and count a throttled sign-in down from now', async () => {
    const who = { server: 's', username: 'u', password: 'p' };
    const wrong = await start('session=signed_out&problem=throttled');
    expect(await wrong.stores.session.signIn(who)).toBe(false);
    expect(wrong.stores.session.getState()).toMatchObject({ signingIn: false, throttledUntil: 22_000 });
    const right = await start('session=signed_out');
    expect(await right.stores.session.signIn(who)).toBe(true);
    expect(right.stores.session.getState().session).toEqual(fakeSession('signed_in', 'en'));
  });

  it('stop following when disconnected', async () => {
    const { stores, disconnect } = await start('count=3');
    disconnect();
    await stores.connection.retryNow();
    expect(stores.connection.getState().status?.state.phase).toBe('live');
  });

  it('keep at most three notices of the server, each once', async () => {
    const { stores } = await start('');
    for (const text of ['a', 'b', 'a', 'c', 'd']) stores.notice.addNotice(text, 1);
    expect(stores.notice.getState().notices.map(({ text }) => text)).toEqual(['d', 'c', 'a']);
  });

  it('offer for each storage problem what helps', () => {
    const remedies = ['corrupt', 'newer_version', 'read_only', 'locked', 'disk_full', 'unknown', 'aside'].map(
      (name) => remedyOf(fakeStorage(name)!),
    );
    expect(remedies).toEqual([
      'start_fresh',
      'start_fresh',
      'historyReadOnly',
      'historyLocked',
      'historyFull',
      'start_fresh',
      'dismiss',
    ]);
  });

  it('show what the person asked for and did not get', async () => {
    const { stores } = await start('');
    await stores.notice.attempt(() => Promise.reject(new Error('Not now.')));
    expect(stores.notice.getState().failure?.why.detail).toBe('Not now.');
  });
});

describe('layout', () => {
  it('is remembered', async () => {
    const { stores, storage } = await start('');
    stores.layout.resize('list', 512);
    stores.layout.toggleSidebar();
    expect(readLayout(storage.getItem('layout'))).toMatchObject({ listWidth: 512, sidebarCollapsed: true });
  });

  it('follows the window until a width is chosen, and can go back to that', async () => {
    const { stores } = await start('');
    expect(stores.layout.getState().listWidth).toBeNull();
    const widths = [800, 1280, 1600, 3000];
    expect(widths.map((width) => usualListWidth(width, 'comfortable'))).toEqual([420, 461, 576, 640]);
    expect(widths.map((width) => usualListWidth(width, 'compact'))).toEqual([420, 640, 760, 760]);
    stores.layout.resize('list', 10);
    expect(stores.layout.getState().listWidth).toBe(PANE_BOUNDS.list.min);
    stores.layout.restore('list');
    expect(stores.layout.getState().listWidth).toBeNull();
  });

  it('survives garbage, field by field', () => {
    const usual = readLayout(null);
    for (const text of ['', '{', '7', 'null', '[]', '{"listWidth":"wide"}', '{"listWidth":null}']) {
      expect(readLayout(text)).toEqual(usual);
    }
    expect(readLayout('{"listWidth":99999,"sidebarWidth":-5}')).toEqual({
      ...usual,
      listWidth: clampPane('list', 99_999),
      sidebarWidth: clampPane('sidebar', -5),
    });
  });
});

describe('where the person was', () => {
  it('is where a restart leads back to', async () => {
    const first = await start('count=30');
    await until(first.stores.feed, () => first.stores.feed.getState().total === 30);
    first.stores.feed.open({ view: 'unread', text: '', sort: { by: 'due', descending: false } });
    first.stores.contract.open('C-2026-000004');
    first.disconnect();

    const second = await start('count=30', first.storage);
    expect(second.stores.feed.getState().filter).toEqual({
      view: 'unread',
      text: '',
      sort: { by: 'due', descending: false },
    });
    const { contract } = second.stores;
    await until(contract, () => contract.getState().phase === 'shown');
    expect(contract.getState().openId).toBe('C-2026-000004');
  });

  it('is the list, without a word, where the contract is not known any more', async () => {
    const first = await start('count=30');
    first.stores.contract.open('C-2026-000004');
    first.disconnect();
    const { stores } = await start('count=0', first.storage);
    await until(stores.contract, () => stores.contract.getState().openId === null);
  });
});

describe('a session told before the bootstrap is answered', () => {
  it('is shown with the server that the bootstrap suggests, not before', async () => {
    const api = createApi(createFakePulse(new URLSearchParams('session=signed_out')));
    const stores = createStores(api, memory(), () => 1000);
    const suggested: string[] = [];
    stores.session.subscribe(({ session, suggestedServer }) => {
      if (session.state === 'signed_out') suggested.push(suggestedServer);
    });
    let tell: ((view: unknown) => void) | undefined;
    const connecting = connectStores(
      stores,
      {
        ...api,
        on(channel, listener) {
          if (channel === 'session:changed') tell = listener as never;
          return api.on(channel, listener);
        },
      },
      (run) => run(),
    );
    tell?.(fakeSession('signed_out', 'en'));
    expect(suggested).toEqual([]);
    await connecting;
    expect(suggested).toEqual(['http://127.0.0.1:4000']);
  });
});

describe('a contract to show', () => {
  it('waits until the bootstrap has been applied', async () => {
    const pulse = createFakePulse(new URLSearchParams('count=30'));
    const api = createApi(pulse);
    const stores = createStores(api, memory(), () => 1000);
    let show: ((message: { contractId: string; byLink: boolean }) => void) | undefined;
    const connecting = connectStores(
      stores,
      {
        ...api,
        on(channel, listener) {
          if (channel === 'contract:show') show = listener as never;
          return api.on(channel, listener);
        },
      },
      (run) => run(),
    );
    show?.({ contractId: 'C-2026-000007', byLink: true });
    expect(stores.contract.getState().openId).toBeNull();
    await connecting;
    await until(stores.contract, () => stores.contract.getState().phase === 'shown');
    expect(stores.contract.getState()).toMatchObject({ openId: 'C-2026-000007', byLink: true });
  });
});
